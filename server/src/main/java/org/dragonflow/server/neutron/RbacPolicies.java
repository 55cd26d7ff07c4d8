package org.dragonflow.server.neutron;

import java.util.HashMap;
import java.util.Set;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.RbacPolicy;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Schemas;
import org.dragonflow.model.SubnetPool;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Policies by which a project lets others use what it has. */
final class RbacPolicies implements Kind<RbacPolicy> {
    private final Mint mint;

    RbacPolicies(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<RbacPolicy> type() {
        return RbacPolicy.class;
    }

    @Override
    public Refusal notFound(Id<RbacPolicy> id) {
        return Refusals.rbacPolicyNotFound(id);
    }

    @Override
    public RbacPolicy create(Edit edit, Caller caller, Values values) {
        var type = values.get("object_type", String.class);
        var action = values.get("action", String.class);
        if (action.equals(RbacPolicy.EXTERNAL) && !type.equals("network")) {
            throw Refusals.invalidInput(
                    "Action '%s' is not valid for RBAC policies on objects of type '%s'".formatted(action, type));
        }
        var object = object(edit, type, values.get("object_id", String.class));
        if (!caller.owns(project(object))) {
            throw Refusals.invalidInput("Only admins can manipulate policies on objects they do not own");
        }
        var target = values.get("target_tenant", String.class);
        requireScope(edit, object, target);
        if (edit.find(RbacPolicy.about(object.id()))
                .anyMatch(policy ->
                        policy.action().equals(action) && policy.targetTenant().equals(target))) {
            throw Refusals.duplicateRbacPolicy();
        }
        var policy = mint.create(edit, RbacPolicy.class, values);
        say(edit, object);
        return policy;
    }

    private static Entity object(Edit edit, String type, String id) {
        return Schemas.all()
                .filter(schema -> schema.resource().isPresent()
                        && Sharing.objectType(schema).equals(type))
                .findFirst()
                .flatMap(schema -> edit.get(Id.of(schema.type(), id)).map(found -> (Entity) found))
                .orElseThrow(() -> Refusals.objectNotFound(type, id));
    }

    private static <E extends Entity> String project(E object) {
        return (String) Schema.of(object).get(object, "project_id");
    }

    /** Has the attributes of the thing say what its policies now let others do. */
    private <E extends Entity> void say(Edit edit, E object) {
        var schema = Schema.of(object);
        var values = new HashMap<String, Object>();
        for (var attribute : Set.of("shared", "router:external")) {
            if (schema.attribute(attribute).isPresent()) {
                boolean isLet = Sharing.isSaid(
                        edit, object.id(), Sharing.action(attribute).orElseThrow());
                if (!schema.get(object, attribute).equals(isLet)) {
                    values.put(attribute, isLet);
                }
            }
        }
        if (!values.isEmpty()) {
            mint.change(edit, object, values);
        }
    }

    @Override
    public RbacPolicy update(Edit edit, Caller caller, RbacPolicy before, Values values) {
        var object = object(edit, before.objectType(), before.objectId());
        var after = mint.change(edit, before, values.map());
        if (!after.targetTenant().equals(before.targetTenant())
                && !after.targetTenant().equals(RbacPolicy.EVERYBODY)) {
            requireUnused(edit, before, object);
        }
        say(edit, object);
        return after;
    }

    @Override
    public void delete(Edit edit, Caller caller, RbacPolicy policy) {
        var object = object(edit, policy.objectType(), policy.objectId());
        edit.delete(policy);
        requireUnused(edit, policy, object);
        say(edit, object);
    }

    /** Refuses to say that a thing is not shared with everybody any more while somebody uses it who then may not. */
    static void requireUnused(Edit edit, Entity object) {
        edit.find(RbacPolicy.about(object.id()))
                .filter(policy -> policy.lets(RbacPolicy.EVERYBODY, RbacPolicy.SHARED))
                .findFirst()
                .ifPresent(policy -> requireUnused(edit, policy, object));
    }

    /**
     * Refuses to take back what somebody uses who then may not. A policy that is turned to just them lets them only where it is about a network,
     * as in Neutron; and of all else even the owner's own use keeps it shared with everybody.
     */
    private static void requireUnused(Edit edit, RbacPolicy ended, Entity object) {
        requireNotDefault(ended, object);
        boolean isOwnersToo = ended.targetTenant().equals(RbacPolicy.EVERYBODY) && !(object instanceof Network);
        var owner = isOwnersToo ? "" : project(object);
        var left = Borrowers.of(edit, ended.action(), object).stream()
                .filter(project -> !project.equals(owner)
                        && edit.find(RbacPolicy.about(object.id()))
                                .filter(other ->
                                        object instanceof Network || !other.id().equals(ended.id()))
                                .noneMatch(other -> other.lets(project, ended.action())))
                .toList();
        if (!left.isEmpty()) {
            throw Refusals.rbacPolicyInUse(object.id(), "the projects %s use it".formatted(String.join(", ", left)));
        }
    }

    /** Refuses to share a pool with those who may not use the scope that its addresses are of. */
    private static void requireScope(Edit edit, Entity object, String target) {
        if (object instanceof SubnetPool pool) {
            pool.addressScopeId()
                    .flatMap(edit::get)
                    .filter(scope -> !scope.projectId().equals(target)
                            && !Sharing.isLet(edit, scope.id(), target, RbacPolicy.SHARED))
                    .ifPresent(_ -> {
                        throw Refusals.rbacPolicyInitError(
                                pool.id(), "target project doesn't have access to associated address scope.");
                    });
        }
    }

    /** Refuses to hide the default way to the outside from some. */
    private static void requireNotDefault(RbacPolicy ended, Entity object) {
        if (object instanceof Network network
                && network.defaultFor().isPresent()
                && ended.lets(RbacPolicy.EVERYBODY, RbacPolicy.EXTERNAL)) {
            throw Refusals.rbacPolicyInUse(network.id(), "Default external networks must be shared to everyone.");
        }
    }
}

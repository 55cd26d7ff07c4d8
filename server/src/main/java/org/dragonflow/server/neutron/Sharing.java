package org.dragonflow.server.neutron;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.model.Attribute;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.RbacPolicy;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Shape;
import org.dragonflow.model.View;
import org.dragonflow.store.Edit;

/**
 * What other projects than its own may use: RBAC policies say so.
 *
 * <p>An attribute such as {@code shared} is short for a policy towards everybody; the two are kept in step, in the same transaction.
 */
final class Sharing {
    private static final Map<String, String> ACTIONS =
            Map.of("shared", RbacPolicy.SHARED, "router:external", RbacPolicy.EXTERNAL);

    /** The kinds that RBAC policies are about. */
    private static final Set<String> SHAREABLE = Schema.of(RbacPolicy.class)
            .attribute("object_type")
            .map(Attribute::shape)
            .map(shape -> ((Shape.Limited) shape)
                    .values().stream().map(Object::toString).collect(Collectors.toUnmodifiableSet()))
            .orElseThrow();

    private Sharing() {}

    /** Whether RBAC policies can be about entities of this type. */
    static boolean isShareable(Schema<?> schema) {
        return SHAREABLE.contains(objectType(schema));
    }

    /** What a policy that the attribute is short for allows; empty if it is short for none. */
    static Optional<String> action(String attribute) {
        return Optional.ofNullable(ACTIONS.get(attribute));
    }

    /** Whether a policy lets the project do this with the thing. */
    static boolean isLet(View view, Id<?> object, String project, String action) {
        return view.find(RbacPolicy.about(object)).anyMatch(policy -> policy.lets(project, action));
    }

    /** Whether the attribute that is short for the policy is true: shared with all, or a way to the outside for anybody. */
    static boolean isSaid(View view, Id<?> object, String action) {
        return action.equals(RbacPolicy.EXTERNAL)
                ? view.find(RbacPolicy.about(object))
                        .anyMatch(policy -> policy.action().equals(action))
                : isLet(view, object, RbacPolicy.EVERYBODY, action);
    }

    /** The things of a type that policies let the project do this with. */
    static <E extends Entity> Stream<Id<E>> letTo(View view, Class<E> type, String project, String action) {
        var kind = objectType(Schema.of(type));
        return Stream.of(project, RbacPolicy.EVERYBODY)
                .filter(target -> !target.isEmpty())
                .flatMap(target -> view.find(RbacPolicy.towards(target)))
                .filter(policy ->
                        policy.objectType().equals(kind) && policy.action().equals(action))
                .map(policy -> Id.of(type, policy.objectId()))
                .distinct();
    }

    /** What policies call things of this type; the body of a QoS policy says just {@code policy}. */
    static String objectType(Schema<?> schema) {
        var singular = schema.resource().orElseThrow().singular();
        return singular.equals("policy") ? "qos_policy" : singular;
    }

    /** Has the policies towards everybody be as the attributes of a new or changed entity say. */
    static <E extends Entity> void follow(Edit edit, Optional<E> before, E after) {
        var schema = Schema.of(after);
        ACTIONS.forEach((attribute, action) -> {
            if (isShareable(schema) && schema.attribute(attribute).isPresent()) {
                boolean is = schema.get(after, attribute).equals(true);
                boolean was = before.filter(old -> schema.get(old, attribute).equals(true))
                        .isPresent();
                if (is && !was && !isLet(edit, after.id(), RbacPolicy.EVERYBODY, action)) {
                    edit.create(new RbacPolicy(
                            Id.of(RbacPolicy.class, UUID.randomUUID().toString()),
                            (String) schema.get(after, "project_id"),
                            objectType(schema),
                            after.id().value(),
                            action,
                            RbacPolicy.EVERYBODY));
                } else if (was && !is) {
                    edit.find(RbacPolicy.about(after.id()))
                            .filter(policy -> policy.action().equals(action)
                                    && (action.equals(RbacPolicy.EXTERNAL)
                                            || policy.targetTenant().equals(RbacPolicy.EVERYBODY)))
                            .toList()
                            .forEach(edit::delete);
                }
            }
        });
    }

    /** Ends the policies about what is gone. */
    static void forget(Edit edit, Entity gone) {
        edit.find(RbacPolicy.about(gone.id())).toList().forEach(edit::delete);
    }
}

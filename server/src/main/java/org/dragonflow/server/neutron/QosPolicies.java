package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.model.Claim;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.QosRule;
import org.dragonflow.model.Query;
import org.dragonflow.model.Router;
import org.dragonflow.model.Schema;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;
import org.jspecify.annotations.Nullable;

/** QoS policies, and the one that a project's new networks carry. */
final class QosPolicies implements Kind<QosPolicy> {
    /** The attribute by which ports and networks carry a policy. */
    static final String ATTRIBUTE = "qos_policy_id";

    private final Mint mint;

    QosPolicies(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<QosPolicy> type() {
        return QosPolicy.class;
    }

    @Override
    public boolean hidesFromBorrowers() {
        return true;
    }

    @Override
    public Refusal notFound(Id<QosPolicy> id) {
        return QosRefusals.qosPolicyNotFound(id);
    }

    /** Refuses values that name a policy which the caller may not know of. */
    static void requireKnown(Edit edit, Caller caller, Values values) {
        values.nullable(ATTRIBUTE, Id.class)
                .map(id -> Id.of(QosPolicy.class, id.value()))
                .ifPresent(id -> requireKnown(edit, caller, id));
    }

    /** Refuses values that take away a policy which the caller may not know of: somebody else put it there. */
    static void requireOwnToTake(Edit edit, Caller caller, Optional<Id<QosPolicy>> present, Values values) {
        present.filter(id -> values.has(ATTRIBUTE)
                        && Guard.of(QosPolicy.class).find(edit, id, caller).isEmpty())
                .ifPresent(id -> {
                    throw QosRefusals.policyRemoveAuthorizationError(id);
                });
    }

    /** Refuses a policy which the caller may not know of. */
    static void requireKnown(Edit edit, Caller caller, Id<QosPolicy> id) {
        if (Guard.of(QosPolicy.class).find(edit, id, caller).isEmpty()) {
            throw QosRefusals.qosPolicyNotFound(id);
        }
    }

    /** The policy that a network carries, as clients see it. */
    static @Nullable String ofNetwork(View view, Id<Network> network) {
        return view.get(network).flatMap(Network::qosPolicyId).map(Id::value).orElse(null);
    }

    /** The policy that new networks of a project carry. */
    static Optional<Id<QosPolicy>> standard(View view, String project) {
        return view.find(Query.by(QosPolicy.class, "project_id", project))
                .filter(QosPolicy::isDefault)
                .map(QosPolicy::id)
                .findFirst();
    }

    @Override
    public QosPolicy create(Edit edit, Caller caller, Values values) {
        var policy = mint.create(edit, QosPolicy.class, values);
        if (policy.isDefault()) {
            claim(edit, policy);
        }
        return policy;
    }

    @Override
    public QosPolicy update(Edit edit, Caller caller, QosPolicy before, Values values) {
        if (before.shared() && !values.find("shared", Boolean.class).orElse(true)) {
            RbacPolicies.requireUnused(edit, before);
        }
        var after = mint.change(edit, before, values.map());
        if (after.isDefault() && !before.isDefault()) {
            claim(edit, after);
        } else if (before.isDefault() && !after.isDefault()) {
            edit.free(after, ofDefault(after));
        }
        return after;
    }

    private static Claim ofDefault(QosPolicy policy) {
        return new Claim(List.of("is_default"), List.of(policy.projectId()));
    }

    private static void claim(Edit edit, QosPolicy policy) {
        if (edit.find(Query.by(QosPolicy.class, "project_id", policy.projectId()))
                .anyMatch(other -> other.isDefault() && !other.id().equals(policy.id()))) {
            throw QosRefusals.qosPolicyDefaultAlreadyExists(policy.projectId());
        }
        edit.claim(policy, ofDefault(policy));
    }

    /** Something that carries a policy, and what Neutron calls things of its type. */
    record User(String type, Id<?> id, String projectId) {}

    /** All that carry the policy. */
    static List<User> users(View view, Id<QosPolicy> policy) {
        return Stream.of(
                        view.find(Query.by(Port.class, ATTRIBUTE, policy))
                                .map(port -> new User("port", port.id(), port.projectId())),
                        view.find(Query.by(Network.class, ATTRIBUTE, policy))
                                .map(network -> new User("network", network.id(), network.projectId())),
                        view.find(Query.by(FloatingIp.class, ATTRIBUTE, policy))
                                .map(floating -> new User("fip", floating.id(), floating.projectId())),
                        view.find(Query.by(Router.class, Gateways.ATTRIBUTE + "." + ATTRIBUTE, policy))
                                .map(router -> new User("router", router.id(), router.projectId())))
                .flatMap(users -> users)
                .toList();
    }

    @Override
    public void delete(Edit edit, Caller caller, QosPolicy policy) {
        var users = users(edit, policy.id());
        if (!users.isEmpty()) {
            throw QosRefusals.qosPolicyInUse(
                    policy.id(), users.getFirst().type(), users.getFirst().id());
        }
        if (policy.isDefault()) {
            edit.free(policy, ofDefault(policy));
        }
        edit.delete(policy);
    }

    @Override
    public Map<String, Object> derived(QosPolicy policy, Caller caller, View view) {
        var rules = new ArrayList<Map<String, Object>>();
        QosRule.types().forEach(type -> shown(type, policy, view, rules));
        return Map.of("rules", rules);
    }

    private static <R extends QosRule> void shown(
            Class<R> type, QosPolicy policy, View view, List<Map<String, Object>> rules) {
        view.find(QosRule.of(type, policy.id())).sorted(QosRule.ORDER).forEach(rule -> {
            var shown = new LinkedHashMap<>(Schema.of(type).show(rule));
            shown.put("type", QosRules.typeName(type));
            shown.put("qos_policy_id", policy.id().value());
            rules.add(shown);
        });
    }
}

package org.dragonflow.server.neutron;

import java.util.Optional;
import org.dragonflow.model.BandwidthLimitRule;
import org.dragonflow.model.DscpMarkingRule;
import org.dragonflow.model.Id;
import org.dragonflow.model.MinimumBandwidthRule;
import org.dragonflow.model.MinimumPacketRateRule;
import org.dragonflow.model.PacketRateLimitRule;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.QosRule;
import org.dragonflow.model.Schema;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** The rules of one type in QoS policies: which go together. */
final class QosRules<R extends QosRule> implements Kind<R> {
    private static final String ANY = "any";

    private final Class<R> type;
    private final Mint mint;

    QosRules(Class<R> type, Mint mint) {
        this.type = type;
        this.mint = mint;
    }

    /** What clients call the type, such as {@code dscp_marking}. */
    static String typeName(Class<? extends QosRule> type) {
        var singular = Schema.of(type).resource().orElseThrow().singular();
        return singular.substring(0, singular.length() - "_rule".length());
    }

    @Override
    public Class<R> type() {
        return type;
    }

    @Override
    public Refusal notFound(Id<R> id) {
        return QosRefusals.qosRuleNotFound(id, "");
    }

    @Override
    public R create(Edit edit, Caller caller, Values values) {
        var policy = policy(
                edit, Id.of(QosPolicy.class, values.get("policy_id", Id.class).value()));
        values.put("project_id", policy.projectId());
        var rule = mint.create(edit, type, values);
        check(edit, policy, rule);
        requireChangeable(edit, policy);
        mint.touch(edit, policy);
        return rule;
    }

    @Override
    public R update(Edit edit, Caller caller, R before, Values values) {
        var policy = policy(edit, before.policyId());
        var after = mint.change(edit, before, values.map());
        check(edit, policy, after);
        requireChangeable(edit, policy);
        mint.touch(edit, policy);
        return after;
    }

    @Override
    public void delete(Edit edit, Caller caller, R rule) {
        var policy = policy(edit, rule.policyId());
        edit.delete(rule);
        requireChangeable(edit, policy);
        mint.touch(edit, policy);
    }

    /** Guarantees are not just enforced, but have been asked of Placement. */
    private void requireChangeable(View view, QosPolicy policy) {
        if (type == MinimumBandwidthRule.class || type == MinimumPacketRateRule.class) {
            Guarantees.requireChangeable(view, policy);
        }
    }

    private static QosPolicy policy(View view, Id<QosPolicy> id) {
        return view.get(id).orElseThrow(() -> QosRefusals.qosPolicyNotFound(id));
    }

    /** Refuses a rule that does not go with the others of its policy. */
    private void check(View view, QosPolicy policy, R rule) {
        QosRule.types()
                .flatMap(other -> view.find(QosRule.of(other, policy.id())))
                .filter(other -> !other.id().equals(rule.id()))
                .sorted(QosRule.ORDER)
                .forEach(other -> {
                    clash(rule, other).ifPresent(clash -> {
                        throw QosRefusals.qosRuleParameterConflict(
                                clash.value(), policy.id(), typeName(other.getClass()), clash.present());
                    });
                    if (other.isInTheWayOf(rule)) {
                        throw QosRefusals.qosRulesConflict(typeName(type), other.id(), policy.id());
                    }
                });
    }

    /** What of a rule does not go with what of another. */
    private record Clash(Object value, Object present) {}

    private static Optional<Clash> clash(QosRule rule, QosRule other) {
        return switch (rule) {
            case BandwidthLimitRule limit
            when other instanceof MinimumBandwidthRule least ->
                Optional.of(new Clash(limit.maxKbps(), least.minKbps())).filter(_ -> least.minKbps() > limit.maxKbps());
            case MinimumBandwidthRule least
            when other instanceof BandwidthLimitRule limit ->
                Optional.of(new Clash(least.minKbps(), limit.maxKbps())).filter(_ -> limit.maxKbps() < least.minKbps());
            case MinimumPacketRateRule least
            when other instanceof MinimumPacketRateRule present ->
                Optional.of(new Clash(least.direction(), present.direction()))
                        .filter(_ -> least.direction().equals(ANY)
                                != present.direction().equals(ANY));
            case BandwidthLimitRule _,
                    MinimumBandwidthRule _,
                    MinimumPacketRateRule _,
                    PacketRateLimitRule _,
                    DscpMarkingRule _ -> Optional.empty();
        };
    }
}

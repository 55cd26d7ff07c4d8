package org.dragonflow.model;

import java.util.Comparator;
import java.util.stream.Stream;

/** One demand of a QoS policy on the traffic of those who carry it. */
public sealed interface QosRule extends Entity
        permits BandwidthLimitRule, DscpMarkingRule, MinimumBandwidthRule, PacketRateLimitRule, MinimumPacketRateRule {

    @Override
    Id<? extends QosRule> id();

    /** The policy that it is part of. */
    Id<QosPolicy> policyId();

    /** Whose it is: the policy's owner. */
    String projectId();

    /** Whether a policy that has this rule cannot have the other one too. */
    boolean isInTheWayOf(QosRule other);

    /** So that, of two rules in each other's way, all take the same one. */
    Comparator<QosRule> ORDER = Comparator.comparing(rule -> rule.id().value());

    /** The types of rules. */
    static Stream<Class<? extends QosRule>> types() {
        return Stream.of(
                BandwidthLimitRule.class,
                DscpMarkingRule.class,
                MinimumBandwidthRule.class,
                PacketRateLimitRule.class,
                MinimumPacketRateRule.class);
    }

    /** Whether the switches do something about rules of this type. */
    static boolean isEnforced(Class<? extends QosRule> type) {
        return type != MinimumPacketRateRule.class;
    }

    /** Whether rules of this type are a promise, which Placement must count before a server starts. */
    static boolean isPromise(Class<? extends QosRule> type) {
        return type == MinimumBandwidthRule.class || type == MinimumPacketRateRule.class;
    }

    /** The rules of this type in a policy. */
    static <R extends QosRule> Query<R> of(Class<R> type, Id<QosPolicy> policy) {
        return Query.by(type, "policy_id", policy);
    }
}

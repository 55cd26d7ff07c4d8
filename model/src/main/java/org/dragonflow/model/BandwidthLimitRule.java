package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.SERVER;

@Doc("The most that a port may send or be sent, in bits.")
@Resource(singular = "bandwidth_limit_rule", plural = "bandwidth_limit_rules", parent = QosPolicy.class)
public record BandwidthLimitRule(
        @Access(SERVER) @Doc("Names the rule.") Id<BandwidthLimitRule> id,

        @Access(value = SERVER, hidden = true)
        @Reference(Reference.Promise.PART_OF)
        @Doc("The policy that it is part of.")
        Id<QosPolicy> policyId,

        @Access(value = SERVER, hidden = true) @Indexed @Doc("Whose it is: the policy's owner.")
        String projectId,

        @Range(max = 2_147_483_647) @Doc("Thousands of bits a second; 0: no limit.")
        int maxKbps,

        @Otherwise("0")
        @Range(max = 2_147_483_647)
        @Doc("Thousands of bits at once; 0: four fifths of those in a second.")
        int maxBurstKbps,

        @Otherwise("\"egress\"")
        @OneOf({"egress", "ingress"})
        @Doc("Whether it is about packets that leave the port or reach it.")
        String direction)
        implements QosRule {

    @Override
    public boolean isInTheWayOf(QosRule other) {
        return other instanceof BandwidthLimitRule rule && rule.direction().equals(direction);
    }
}

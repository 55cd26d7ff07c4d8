package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.SERVER;

@Doc("The most that a port may send or be sent, in packets.")
@Resource(singular = "packet_rate_limit_rule", plural = "packet_rate_limit_rules", parent = QosPolicy.class)
public record PacketRateLimitRule(
        @Access(SERVER) @Doc("Names the rule.") Id<PacketRateLimitRule> id,

        @Access(value = SERVER, hidden = true)
        @Reference(Reference.Promise.PART_OF)
        @Doc("The policy that it is part of.")
        Id<QosPolicy> policyId,

        @Access(value = SERVER, hidden = true) @Indexed @Doc("Whose it is: the policy's owner.")
        String projectId,

        @Range(max = 2_147_483_647) @Doc("Thousands of packets a second; 0: no limit.")
        int maxKpps,

        @Otherwise("0")
        @Range(max = 2_147_483_647)
        @Doc("Thousands of packets at once; 0: four fifths of those in a second.")
        int maxBurstKpps,

        @Otherwise("\"egress\"")
        @OneOf({"egress", "ingress"})
        @Doc("Whether it is about packets that leave the port or reach it.")
        String direction)
        implements QosRule {

    @Override
    public boolean isInTheWayOf(QosRule other) {
        return other instanceof PacketRateLimitRule rule && rule.direction().equals(direction);
    }
}

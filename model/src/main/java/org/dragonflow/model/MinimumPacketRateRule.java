package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.SERVER;

@Doc("What a port may count on, in packets.")
@Resource(singular = "minimum_packet_rate_rule", plural = "minimum_packet_rate_rules", parent = QosPolicy.class)
public record MinimumPacketRateRule(
        @Access(SERVER) @Doc("Names the rule.") Id<MinimumPacketRateRule> id,

        @Access(value = SERVER, hidden = true)
        @Reference(Reference.Promise.PART_OF)
        @Doc("The policy that it is part of.")
        Id<QosPolicy> policyId,

        @Access(value = SERVER, hidden = true) @Indexed @Doc("Whose it is: the policy's owner.")
        String projectId,

        @Range(max = 2_147_483_647) @Doc("Thousands of packets a second.")
        int minKpps,

        @Otherwise("\"egress\"")
        @OneOf({"egress", "ingress", "any"})
        @Doc("Whether it is about packets that leave the port or reach it.")
        String direction)
        implements QosRule {

    @Override
    public boolean isInTheWayOf(QosRule other) {
        return other instanceof MinimumPacketRateRule rule && rule.direction().equals(direction);
    }
}

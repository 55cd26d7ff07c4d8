package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.SERVER;

@Doc("The mark that packets of a port carry in their DSCP field.")
@Resource(singular = "dscp_marking_rule", plural = "dscp_marking_rules", parent = QosPolicy.class)
public record DscpMarkingRule(
        @Access(SERVER) @Doc("Names the rule.") Id<DscpMarkingRule> id,

        @Access(value = SERVER, hidden = true)
        @Reference(Reference.Promise.PART_OF)
        @Doc("The policy that it is part of.")
        Id<QosPolicy> policyId,

        @Access(value = SERVER, hidden = true) @Indexed @Doc("Whose it is: the policy's owner.")
        String projectId,

        @OneOf({
            "0", "8", "10", "12", "14", "16", "18", "20", "22", "24", "26", "28", "30", "32", "34", "36", "38", "40",
            "46", "48", "56"
        })
        @Doc("The mark.")
        int dscpMark)
        implements QosRule {

    @Override
    public boolean isInTheWayOf(QosRule other) {
        return other instanceof DscpMarkingRule;
    }
}

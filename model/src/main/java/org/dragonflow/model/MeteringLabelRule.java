package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.util.Optional;
import org.dragonflow.address.IpPrefix;

@Doc("Says which traffic a metering label counts, or leaves out.")
@Resource(singular = "metering_label_rule", plural = "metering_label_rules", path = "metering/metering-label-rules")
public record MeteringLabelRule(
        @Access(SERVER) @Doc("Names the rule.") Id<MeteringLabelRule> id,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(CLIENT_ON_CREATE) @Reference(Reference.Promise.PART_OF) @Doc("The label that counts.")
        Id<MeteringLabel> meteringLabelId,

        @Access(CLIENT_ON_CREATE) @OneOf({"ingress", "egress"}) @Doc("Whether it is for what comes in or goes out.")
        String direction,

        @Access(CLIENT_ON_CREATE) @Otherwise("false") @Doc("Whether such traffic is left out.")
        boolean excluded,

        @Access(CLIENT_ON_CREATE) @Doc("The block of addresses at the other side.")
        Optional<IpPrefix> remoteIpPrefix,

        @Access(CLIENT_ON_CREATE) @Doc("The block of addresses that it comes from.")
        Optional<IpPrefix> sourceIpPrefix,

        @Access(CLIENT_ON_CREATE) @Doc("The block of addresses that it goes to.")
        Optional<IpPrefix> destinationIpPrefix)
        implements Entity {

    /** The rules of a label. */
    public static Query<MeteringLabelRule> of(Id<MeteringLabel> label) {
        return Query.by(MeteringLabelRule.class, "metering_label_id", label);
    }
}

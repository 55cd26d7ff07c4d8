package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

@Doc("That a router looks into connections of one protocol to one port, for the connections that they lead to.")
@Resource(singular = "conntrack_helper", plural = "conntrack_helpers", parent = Router.class)
@Unique({"router_id", "protocol", "port", "helper"})
public record FollowedProtocol(
        @Access(SERVER) @Doc("Names the helper.") Id<FollowedProtocol> id,

        @Access(value = CLIENT_ON_CREATE, hidden = true)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(value = SERVER, hidden = true) @Reference(Reference.Promise.PART_OF) @Doc("The router that looks.")
        Id<Router> routerId,

        @OneOf({"tcp", "udp", "sctp", "dccp", "icmp", "icmpv6"}) @Doc("The protocol of the connections.")
        String protocol,

        @Range(min = 1, max = 65_535) @Doc("The port that they are to.")
        int port,

        @Range(max = 64) @Doc("What they speak there, such as ftp.")
        String helper)
        implements Entity {

    /** The helpers of a router. */
    public static Query<FollowedProtocol> of(Id<Router> router) {
        return Query.by(FollowedProtocol.class, "router_id", router);
    }
}

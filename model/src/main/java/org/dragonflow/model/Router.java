package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.List;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;

@Doc("Joins networks at layer 3, on every chassis at once.")
@Resource(singular = "router", plural = "routers")
@Unique("key")
public record Router(
        @Access(SERVER) @Doc("Names the router.") Id<Router> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people; need not be unique.")
        String name,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people.")
        String description,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Otherwise("true") @Doc("Whether it forwards packets.")
        boolean adminStateUp,

        @Access(SERVER) @Otherwise("\"ACTIVE\"") @Doc("Whether it is operational.")
        Status status,

        @Otherwise("[]") @Range(max = 30) @Distinct @Doc("Routes beside those to its own subnets.")
        List<Route> routes,

        @Access(value = SERVER, hidden = true)
        @Range(min = 1, max = 0x7fff_ffff)
        @Doc("The number of the router in flows, 31 bits.")
        int key,

        @Access(SERVER) @Distinct @Doc("Words that people find it by.")
        List<String> tags,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {
    public Router {
        tags = List.copyOf(tags);
        routes = List.copyOf(routes);
    }

    @Doc("A route of a router.")
    public record Route(
            @Doc("Where to.") IpPrefix destination,

            @Doc("By way of whom; on one of the router's subnets.")
            IpAddress nexthop) {}
}

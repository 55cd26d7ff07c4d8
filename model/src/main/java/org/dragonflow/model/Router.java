package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
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

        @Doc("How it reaches the outside; null: not at all.")
        Optional<Gateway> externalGatewayInfo,

        @Access(value = SERVER, hidden = true) @Doc("The port by which it reaches the outside.")
        Optional<Id<Port>> gatewayPortId,

        @Filled
        @Doc("Whether it was asked to be on every chassis, as all routers are here; left out: as its flavor has it.")
        boolean distributed,

        @Filled @Doc("Whether it was asked to outlive a node, as all routers do here; left out: as its flavor has it.")
        boolean ha,

        @Access(CLIENT_ON_CREATE) @Doc("The flavor of router that it was asked to be.")
        Optional<Id<Flavor>> flavorId,

        @Otherwise("false") @Doc("Whether it may answer outside for IPv6 addresses inside.")
        boolean enableNdpProxy,

        @Access(CLIENT_ON_CREATE) @Otherwise("[]") @Range(max = 30) @Distinct @Doc("Where it is wanted.")
        List<String> availabilityZoneHints,

        @Access(value = SERVER, hidden = true)
        @Indexed
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
        availabilityZoneHints = List.copyOf(availabilityZoneHints);
    }

    @Doc("A router's way to the outside.")
    public record Gateway(
            @Doc("The external network.") Id<Network> networkId,

            @Filled @Doc("Whether those inside share its address; left out: they do.")
            boolean enableSnat,

            @Filled @Doc("Its addresses there; left out: one of each kind of subnet is given.")
            List<Port.FixedIp> externalFixedIps,

            @Filled @Doc("What of the traffic of its addresses is limited; left out: as before.")
            Optional<Id<QosPolicy>> qosPolicyId) {
        public Gateway {
            externalFixedIps = List.copyOf(externalFixedIps);
        }
    }

    @Doc("A route of a router.")
    public record Route(
            @Doc("Where to.") IpPrefix destination,

            @Doc("By way of whom; on one of the router's subnets.")
            IpAddress nexthop) {}

    /** The router of this key. */
    public static Query<Router> withKey(int key) {
        return Query.by(Router.class, "key", key);
    }
}

package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;

@Doc("A block of addresses on a network, and what its hosts are told by DHCP.")
@Resource(singular = "subnet", plural = "subnets")
public record Subnet(
        @Access(SERVER) @Doc("Names the subnet.") Id<Subnet> id,

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

        @Access(CLIENT_ON_CREATE) @Reference(Reference.Promise.PART_OF) @Doc("The network it is on.")
        Id<Network> networkId,

        @Doc("The one segment of the network that it is on; null: it is on all.")
        Optional<Id<Segment>> segmentId,

        @Access(CLIENT_ON_CREATE) @OneOf({"4", "6"}) @Doc("4 or 6.")
        int ipVersion,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Block(inside = true)
        @Doc("The block of addresses; left out: one is cut from a pool.")
        IpPrefix cidr,

        @Access(CLIENT_ON_CREATE) @Doc("The pool that the block is cut from.")
        Optional<Id<SubnetPool>> subnetpoolId,

        @Access(value = CLIENT_ON_CREATE, hidden = true)
        @Range(max = 128)
        @Doc("How long a prefix was asked of the pool.")
        Optional<Integer> prefixlen,

        @Access(value = CLIENT_ON_CREATE, hidden = true)
        @Otherwise("false")
        @Doc("Whether the default pool was asked for.")
        boolean useDefaultSubnetpool,

        @Filled @Doc("The router of first resort; left out: the first address of the block; null: none.")
        Optional<IpAddress> gatewayIp,

        @Filled @Doc("The ranges that addresses are given from; left out: all of the block but the gateway.")
        List<AllocationPool> allocationPools,

        @Otherwise("true") @Doc("Whether the controller answers DHCP here.")
        boolean enableDhcp,

        @Otherwise("[]") @Range(max = 5) @Distinct @Doc("Resolvers, best first.")
        List<IpAddress> dnsNameservers,

        @Otherwise("[]") @Range(max = 20) @Distinct @Doc("Routes that hosts are told of.")
        List<HostRoute> hostRoutes,

        @Otherwise("[]")
        @Range(max = 50)
        @Distinct
        @Doc("Only ports of these device owners get addresses; none: all ports.")
        List<String> serviceTypes,

        @Otherwise("false") @Doc("Whether names of its addresses are to be published.")
        boolean dnsPublishFixedIp,

        @Access(CLIENT_ON_CREATE) @Doc("How hosts come by an IPv6 address.")
        Optional<Ipv6Mode> ipv6AddressMode,

        @Access(CLIENT_ON_CREATE) @Doc("What routers announce of IPv6 addresses.")
        Optional<Ipv6Mode> ipv6RaMode,

        @Access(SERVER) @Distinct @Doc("Words that people find it by.")
        List<String> tags,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {
    public Subnet {
        tags = List.copyOf(tags);
        allocationPools = List.copyOf(allocationPools);
        dnsNameservers = List.copyOf(dnsNameservers);
        hostRoutes = List.copyOf(hostRoutes);
        serviceTypes = List.copyOf(serviceTypes);
    }

    @Doc("A range of addresses, both ends included.")
    public record AllocationPool(
            @Doc("The first address.") IpAddress start,
            @Doc("The last address.") IpAddress end) {}

    @Doc("A route that hosts of a subnet are told of.")
    public record HostRoute(
            @Doc("Where to.") IpPrefix destination,
            @Doc("By way of whom.") IpAddress nexthop) {}

    /** The subnets cut from a pool. */
    public static Query<Subnet> from(Id<SubnetPool> pool) {
        return Query.by(Subnet.class, "subnetpool_id", pool);
    }

    /** The subnets on a segment. */
    public static Query<Subnet> on(Segment segment) {
        return Query.by(Subnet.class, "segment_id", segment.id());
    }

    /** The subnets of a network. */
    public static Query<Subnet> on(Id<Network> network) {
        return Query.by(Subnet.class, "network_id", network);
    }
}

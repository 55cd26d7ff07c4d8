package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

@Doc("A segment of its own at layer 2: its ports reach each other without a router.")
@Resource(singular = "network", plural = "networks")
@Unique("key")
@Unique("default_for")
public record Network(
        @Access(SERVER) @Doc("Names the network.") Id<Network> id,

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

        @Otherwise("false") @Indexed @Doc("Whether all projects may put ports on it.")
        boolean shared,

        @Otherwise("false") @Wire("router:external") @Doc("Whether it leads to the outside.")
        boolean routerExternal,

        @Otherwise("true") @Doc("Whether its ports are held to their own addresses unless they say otherwise.")
        boolean portSecurityEnabled,

        @Filled
        @Range(min = 68, max = 9000)
        @Doc(
                "The largest IP packet, in bytes, that crosses it whole; left out: what can be, which is also the most that can"
                        + " be asked for.")
        int mtu,

        @Access(hidden = true)
        @Wire("provider:network_type")
        @Doc("How it is to be carried between chassis; what became of that, its segments say.")
        Optional<String> providerNetworkType,

        @Access(hidden = true)
        @Range(max = 64)
        @Wire("provider:physical_network")
        @Doc("The physical network that is to carry it.")
        Optional<String> providerPhysicalNetwork,

        @Access(hidden = true)
        @Wire("provider:segmentation_id")
        @Doc("The number that is to tell it apart on the wire.")
        Optional<Integer> providerSegmentationId,

        @Access(value = CLIENT_ON_CREATE, hidden = true)
        @Otherwise("[]")
        @Range(max = 100)
        @Doc("Instead of these three: the segments that it is to have, if not just one.")
        List<Carrier> segments,

        @Access(CLIENT_ON_CREATE)
        @Otherwise("false")
        @Doc("Whether packets keep the VLAN tags that their senders give them.")
        boolean vlanTransparent,

        @Access(CLIENT_ON_CREATE)
        @Otherwise("false")
        @Doc(
                "Whether its tag on a physical network is that of a service (IEEE 802.1ad, 0x88a8), within which packets keep their senders'.")
        boolean qinq,

        @Doc("What of its ports' traffic is limited, marked or guaranteed, unless a port says otherwise.")
        Optional<Id<QosPolicy>> qosPolicyId,

        @Otherwise("\"router\"")
        @OneOf({SNAT_BY_ROUTER, SNAT_BY_CHASSIS})
        @Wire("dragonflow:snat")
        @Doc("Whose address those behind its routers share: each router's own, or that of the chassis where they are.")
        String snat,

        @Otherwise("false") @Doc("Whether it is the way to the outside where none is named.")
        boolean isDefault,

        @Access(value = SERVER, hidden = true) @Indexed @Doc("What it is the default of.")
        Optional<String> defaultFor,

        @Otherwise("\"\"")
        @Range(max = 255)
        @Doc("The domain to publish the names of its ports in, with a dot at the end.")
        String dnsDomain,

        @Access(CLIENT_ON_CREATE) @Otherwise("[]") @Range(max = 30) @Distinct @Doc("Where it is wanted.")
        List<String> availabilityZoneHints,

        @Access(value = SERVER, hidden = true)
        @Indexed
        @Range(min = 1, max = 0xff_ffff)
        @Doc("The number of the network in flows and tunnels, 24 bits.")
        int key,

        @Access(SERVER) @Distinct @Doc("Words that people find it by.")
        List<String> tags,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {
    public static final String SNAT_BY_ROUTER = "router";
    public static final String SNAT_BY_CHASSIS = "chassis";

    public Network {
        tags = List.copyOf(tags);
        segments = List.copyOf(segments);
        availabilityZoneHints = List.copyOf(availabilityZoneHints);
    }

    @Doc("What is to carry one segment of a network.")
    public record Carrier(
            @Range(max = 32) @Wire("provider:network_type") @Doc("How: geneve, vxlan, vlan or flat.")
            Optional<String> networkType,

            @Range(max = 64) @Wire("provider:physical_network") @Doc("The physical network.")
            Optional<String> physicalNetwork,

            @Wire("provider:segmentation_id") @Doc("The number that tells it apart on the wire.")
            Optional<Integer> segmentationId) {}

    /** Whether frames that its ports tag themselves pass, with their tags. */
    public boolean passesTags() {
        return vlanTransparent || qinq;
    }

    /** The network of this key. */
    public static Query<Network> withKey(int key) {
        return Query.by(Network.class, "key", key);
    }
}

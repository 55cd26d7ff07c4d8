package org.dragonflow.model;

import java.time.Instant;
import java.util.List;
import org.dragonflow.address.IpAddress;

@Doc("A node that carries ports: one Open vSwitch and one agent.")
public record Chassis(
        @Doc("Its name, as in binding:host_id.") Id<Chassis> id,

        @Doc("Where other chassis send tunnelled packets to.")
        IpAddress address,

        @Doc("The tunnels that it can end, best first.") List<TunnelType> tunnelTypes,

        @Doc("Which installation of Open vSwitch holds the name, so that a second one cannot take it.")
        String systemId,

        @Otherwise("\"br-int\"") @Doc("The bridge that cards are plugged into.")
        String bridge,

        @Otherwise("\"system\"")
        @Doc("The kind of that bridge's datapath: system for the kernel's, netdev for the one in user space.")
        String datapathType,

        @Otherwise("[]") @Doc("The physical networks that it is connected to.")
        List<Uplink> uplinks,

        @Otherwise("true")
        @Doc("Whether its agent is there, as the server knows that has it on its feed, or had it last.")
        boolean alive,

        @Doc("When it joined.") Instant createdAt)
        implements Entity {
    private static final String BRIDGE = "br-int";
    private static final String KERNEL = "system";

    public Chassis {
        tunnelTypes = List.copyOf(tunnelTypes);
        uplinks = List.copyOf(uplinks);
    }

    @Doc("A way from a chassis onto a physical network.")
    public record Uplink(
            @Indexed @Doc("The physical network.") String physicalNetwork,

            @Doc("Whether its link is up.") boolean up) {}

    /** With the usual bridge, in the kernel, and alive. */
    public Chassis(
            Id<Chassis> id, IpAddress address, List<TunnelType> tunnelTypes, String systemId, Instant createdAt) {
        this(id, address, tunnelTypes, systemId, BRIDGE, KERNEL, List.of(), true, createdAt);
    }

    /** Whether it is connected to the physical network, be the link up or down. */
    public boolean isConnectedTo(String physicalNetwork) {
        return uplinks.stream().anyMatch(uplink -> uplink.physicalNetwork().equals(physicalNetwork));
    }

    /** Whether packets get from it onto the physical network now. */
    public boolean reaches(String physicalNetwork) {
        return uplinks.contains(new Uplink(physicalNetwork, true));
    }

    /** The chassis that are connected to a physical network. */
    public static Query<Chassis> on(String physicalNetwork) {
        return Query.by(Chassis.class, "uplinks.physical_network", physicalNetwork);
    }
}

package org.dragonflow.model;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.dragonflow.address.IpAddress;

@Doc(
        "That a port may use some of the source ports of a router's address outside; who used them when, the history of leases tells."
                + " A port that has used up what it has gets more: each of its leases is larger than the one before.")
@Unique({"gateway_port_id", "port_id", "ports"})
@Unique({"gateway_port_id", "ip_address", "first_port"})
public record NatLease(
        @Doc("Names the lease.") Id<NatLease> id,

        @Indexed @Doc("Whose the port is.") String projectId,

        @Doc("The router.") @Reference(Reference.Promise.PART_OF)
        Id<Router> routerId,

        @Doc("The router's port outside.") @Reference(Reference.Promise.PART_OF)
        Id<Port> gatewayPortId,

        @Doc("The port inside.") @Reference(Reference.Promise.PART_OF)
        Id<Port> portId,

        @Indexed @Doc("The address outside, one of the router's.")
        IpAddress ipAddress,

        @Range(min = 1, max = 65_535) @Doc("The first of its source ports; a multiple of how many there are.")
        int firstPort,

        @Range(min = 1, max = 65_535) @Doc("How many there are; a power of two.")
        int ports,

        @Otherwise("false") @Doc("Whether the chassis of the port has said that all of them are in use.")
        boolean usedUp,

        @Otherwise("false") @Doc("Whether there is none larger for the port, though it is used up.")
        boolean noMore,

        @Doc("When it was given.") Instant createdAt)
        implements Entity {

    public int lastPort() {
        return firstPort + ports - 1;
    }

    /** The lease of which a port takes source ports for what it begins now: the largest that it has. */
    public static Optional<NatLease> current(Id<Port> port, Id<Port> gatewayPort, View view) {
        return view.find(of(port))
                .filter(lease -> lease.gatewayPortId().equals(gatewayPort))
                .max(Comparator.comparingInt(NatLease::ports));
    }

    /** The leases of a port. */
    public static Query<NatLease> of(Id<Port> port) {
        return Query.by(NatLease.class, "port_id", port);
    }

    /** The leases of the addresses that a router has outside. */
    public static Query<NatLease> through(Id<Port> gatewayPort) {
        return Query.by(NatLease.class, "gateway_port_id", gatewayPort);
    }

    /** The leases of an address. */
    public static Query<NatLease> from(IpAddress address) {
        return Query.by(NatLease.class, "ip_address", address);
    }
}

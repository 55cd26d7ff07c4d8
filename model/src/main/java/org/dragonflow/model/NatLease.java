package org.dragonflow.model;

import java.time.Instant;
import org.dragonflow.address.IpAddress;

@Doc(
        "That a port may use some of the source ports of a router's address outside; who used them when, the history of leases tells.")
@Unique({"gateway_port_id", "port_id"})
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

        @Doc("When it was given.") Instant createdAt)
        implements Entity {

    public int lastPort() {
        return firstPort + ports - 1;
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

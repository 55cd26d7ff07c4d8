package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.Optional;
import org.dragonflow.address.IpAddress;

@Doc("Ports of a floating IP that lead to ports of an address inside.")
@Resource(singular = "port_forwarding", plural = "port_forwardings", parent = FloatingIp.class)
public record PortForwarding(
        @Access(SERVER) @Doc("Names the forwarding.") Id<PortForwarding> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people.")
        String description,

        @Access(value = CLIENT_ON_CREATE, hidden = true)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(value = SERVER, hidden = true)
        @Reference(Reference.Promise.PART_OF)
        @Doc("The floating IP whose ports are forwarded.")
        Id<FloatingIp> floatingipId,

        @OneOf({"tcp", "udp", "icmp", "icmp6", "sctp", "dccp"}) @Doc("The protocol that has the ports.")
        String protocol,

        @Filled @Range(min = 1, max = 65_535) @Doc("The port outside; null if it is a range.")
        Optional<Integer> externalPort,

        @Filled @Doc("The ports outside, such as 8000:8010.")
        Optional<String> externalPortRange,

        @Doc("The port inside that packets are for.") Id<Port> internalPortId,

        @Filled @Doc("The address inside; left out: the first IPv4 address of the port.")
        IpAddress internalIpAddress,

        @Filled @Range(min = 1, max = 65_535) @Doc("The TCP or UDP port inside; null if it is a range.")
        Optional<Integer> internalPort,

        @Filled @Doc("The TCP or UDP ports inside: as many as outside, or one.")
        Optional<String> internalPortRange,

        @Access(value = SERVER, hidden = true) @Doc("The router's interface by which packets go in.")
        Id<RouterInterface> interfaceId,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {

    /** Ports from a first to a last one. */
    public record Ports(int first, int last) {
        private static Ports of(Optional<Integer> one, Optional<String> many) {
            var ends =
                    many.orElseGet(() -> one.map(Object::toString).orElse("")).split(":", -1);
            return new Ports(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
        }
    }

    public Ports outside() {
        return Ports.of(externalPort, externalPortRange);
    }

    public Ports inside() {
        return Ports.of(internalPort, internalPortRange);
    }

    /** The forwardings of a floating IP. */
    public static Query<PortForwarding> of(Id<FloatingIp> floatingIp) {
        return Query.by(PortForwarding.class, "floatingip_id", floatingIp);
    }

    /** The forwardings that lead to a port. */
    public static Query<PortForwarding> to(Id<Port> port) {
        return Query.by(PortForwarding.class, "internal_port_id", port);
    }
}

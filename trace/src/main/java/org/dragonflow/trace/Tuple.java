package org.dragonflow.trace;

import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.flow.Bits;
import org.dragonflow.packet.Bytes;

/**
 * What connection tracking tells conversations apart by. The ports of an ICMP echo are its identifier, twice.
 *
 * @param protocol of the transport layer
 */
record Tuple(int protocol, IpAddress source, IpAddress destination, int sourcePort, int destinationPort) {
    Tuple reversed() {
        return new Tuple(protocol, destination, source, destinationPort, sourcePort);
    }

    /** The conversation that the frame belongs to; empty if it can belong to none, as ARP, or does not show it, as a later fragment. */
    static Optional<Tuple> of(Bytes frame) {
        var octets = Octets.of(frame);
        return of(octets, Layout.of(octets));
    }

    /** Which packet the frame is a fragment of; empty if it is none. */
    static Optional<Pieces.Datagram> datagram(Bytes frame) {
        var octets = Octets.of(frame);
        var layout = Layout.of(octets);
        if (!layout.isFragment()) {
            return Optional.empty();
        }
        int protocol = layout.etherType() == Layout.IPV4 ? layout.protocol() : 0;
        var ends = tuple(octets, layout, 0, 0);
        return Optional.of(new Pieces.Datagram(ends.source(), ends.destination(), protocol, layout.identification()));
    }

    private static Optional<Tuple> of(Octets frame, Layout layout) {
        if (!layout.isIp() || layout.transport() == Layout.NONE || layout.isLaterFragment()) {
            return Optional.empty();
        }
        int at = layout.transport();
        boolean is4 = layout.etherType() == Layout.IPV4;
        return switch (layout.protocol()) {
            case Layout.TCP, Layout.UDP, Layout.SCTP ->
                layout.reaches(8)
                        ? Optional.of(tuple(frame, layout, frame.u16(at), frame.u16(at + 2)))
                        : Optional.empty();
            case Layout.ICMP -> is4 && layout.reaches(8) ? echo(frame, layout, 8, 0) : Optional.empty();
            case Layout.ICMPV6 -> !is4 && layout.reaches(8) ? echo(frame, layout, 128, 129) : Optional.empty();
            default -> Optional.of(tuple(frame, layout, 0, 0));
        };
    }

    private static Optional<Tuple> echo(Octets frame, Layout layout, int request, int reply) {
        int at = layout.transport();
        boolean isEcho = frame.u8(at) == request || frame.u8(at) == reply;
        int id = frame.u16(at + 4);
        return isEcho ? Optional.of(tuple(frame, layout, id, id)) : Optional.empty();
    }

    private static Tuple tuple(Octets frame, Layout layout, int sourcePort, int destinationPort) {
        int at = layout.network();
        return layout.etherType() == Layout.IPV4
                ? new Tuple(layout.protocol(), v4(frame, at + 12), v4(frame, at + 16), sourcePort, destinationPort)
                : new Tuple(layout.protocol(), v6(frame, at + 8), v6(frame, at + 24), sourcePort, destinationPort);
    }

    private static Ipv4 v4(Octets frame, int at) {
        return new Ipv4((int) frame.u32(at));
    }

    private static Ipv6 v6(Octets frame, int at) {
        Bits bits = frame.u128(at);
        return new Ipv6(bits.high(), bits.low());
    }
}

package org.dragonflow.packet;

import java.util.EnumSet;
import java.util.Set;

/** Chooses the codec of the layer above IP. */
final class Transports {
    private Transports() {}

    /** Reads a whole upper layer. A malformed one becomes raw and is a fault. */
    static Transport read(int protocol, Reader reader, PseudoHeader pseudo, Set<Fault> faults) throws Malformed {
        var segment = reader.ahead(reader.remaining());
        Transport transport;
        try {
            transport = readTyped(protocol, pseudo.source().version(), segment, false, faults);
        } catch (Malformed _) {
            faults.add(Fault.TRANSPORT_LAYER);
            return raw(protocol, reader);
        }
        if (!isChecksumRight(transport, reader, pseudo)) {
            faults.add(Fault.TRANSPORT_CHECKSUM);
        }
        return transport;
    }

    private static Transport readTyped(int protocol, int version, Reader segment, boolean mayBeCut, Set<Fault> faults)
            throws Malformed {
        return switch (protocol) {
            case Udp.PROTOCOL -> Udp.read(segment, mayBeCut);
            case Tcp.PROTOCOL -> Tcp.read(segment, mayBeCut);
            case Icmp.PROTOCOL -> version == 4 ? Icmp.read(segment) : raw(protocol, segment);
            case Icmpv6.PROTOCOL -> version == 6 ? Icmpv6Codec.read(segment, faults) : raw(protocol, segment);
            default -> raw(protocol, segment);
        };
    }

    private static RawTransport raw(int protocol, Reader segment) {
        return new RawTransport(protocol, segment.rest());
    }

    private static boolean isChecksumRight(Transport transport, Reader segment, PseudoHeader pseudo) throws Malformed {
        return switch (transport) {
            case Udp _ -> Udp.isChecksumRight(segment, pseudo);
            case Tcp _, Icmpv6 _ -> pseudo.holds(segment, transport.protocol());
            case Icmp _ -> Checksum.of(segment.sum()) == 0;
            case RawTransport _ -> true;
        };
    }

    /** Reads the header at the beginning of a raw layer whose end may be missing. */
    static Transport peek(Transport transport, int version) {
        if (!(transport instanceof RawTransport(int protocol, Bytes bytes))) {
            return transport;
        }
        try {
            return readTyped(protocol, version, bytes.reader(), true, EnumSet.noneOf(Fault.class));
        } catch (Malformed _) {
            return transport;
        }
    }

    static void write(Transport transport, Writer writer, PseudoHeader pseudo) {
        switch (transport) {
            case Udp udp -> udp.write(writer, pseudo);
            case Tcp tcp -> tcp.write(writer, pseudo);
            case Icmp icmp -> icmp.write(writer);
            case Icmpv6 icmpv6 -> Icmpv6Codec.write(icmpv6, writer, pseudo);
            case RawTransport(var _, var bytes) -> writer.bytes(bytes);
        }
    }
}

package org.dragonflow.apps;

import java.util.List;
import java.util.Random;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Extension;
import org.dragonflow.packet.Icmp;
import org.dragonflow.packet.Icmpv6;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NeighbourDiscovery;
import org.dragonflow.packet.Payload;
import org.dragonflow.packet.RawIcmpv6;
import org.dragonflow.packet.RawTransport;
import org.dragonflow.packet.Tcp;
import org.dragonflow.packet.Transport;
import org.dragonflow.packet.Udp;

/** What IP packets may carry, how they may be cut and wrapped, and how one is answered. */
@SuppressWarnings("ArgumentSelectionDefectChecker") // An answer goes where the question came from.
final class RandomTransports {
    private static final int SCTP = 132;
    private static final int GRE = 47;
    private static final Bytes GREETING = Bytes.utf8("hello, dragonfly");

    private final Random random;

    RandomTransports(Random random) {
        this.random = random;
    }

    /** A packet with any transport layer; sometimes a fragment, sometimes one with extension headers, sometimes at its last hop. */
    Payload any(IpAddress from, IpAddress to) {
        return switch (random.nextInt(14)) {
            case 0 -> fragment(from, to);
            default -> ip(from, to, transport(from.version()));
        };
    }

    Payload ip(IpAddress from, IpAddress to, Transport transport) {
        if (from instanceof Ipv4 source && to instanceof Ipv4 destination) {
            var packet = Ipv4Packet.of(source, destination, transport);
            return random.nextInt(6) == 0 ? packet.withHops(random.nextInt(3)) : packet;
        }
        var packet = Ipv6Packet.of((Ipv6) from, (Ipv6) to, transport);
        boolean isNear = transport instanceof NeighbourDiscovery;
        var wrapped = random.nextInt(8) == 0 ? wrapped(packet) : packet;
        return random.nextInt(isNear ? 12 : 6) == 0 ? wrapped.withHops(random.nextInt(3)) : wrapped;
    }

    private Ipv6Packet wrapped(Ipv6Packet packet) {
        var options = Bytes.hex("010400000000");
        List<Extension> extensions = switch (random.nextInt(4)) {
            case 0 -> List.of(new Extension.HopByHop(options));
            case 1 -> List.of(new Extension.Destination(options), new Extension.Destination(options));
            case 2 -> List.of(new Extension.HopByHop(options), new Extension.Routing(Bytes.hex("040000000000")));
            default -> List.of(new Extension.Fragment(0, false, 9));
        };
        return new Ipv6Packet(
                0, 0, 5, packet.hopLimit(), packet.source(), packet.destination(), extensions, packet.transport());
    }

    private Payload fragment(IpAddress from, IpAddress to) {
        boolean isFirst = random.nextBoolean();
        var piece = new RawTransport(
                protocol(from.version()), Bytes.hex("0050005000000000").plus(Bytes.zeros(16)));
        return from instanceof Ipv4 source && to instanceof Ipv4 destination
                ? new Ipv4Packet(0, 0, 1, false, isFirst, isFirst ? 0 : 3, 64, source, destination, Bytes.EMPTY, piece)
                : new Ipv6Packet(
                        0,
                        0,
                        0,
                        64,
                        (Ipv6) from,
                        (Ipv6) to,
                        List.of(new Extension.Fragment(isFirst ? 0 : 3, isFirst, 1)),
                        piece);
    }

    /** A piece that does not show all it should, or an extension header that is cut off. */
    Payload hidden(IpAddress from, IpAddress to) {
        var bytes = random.nextBoolean() ? Bytes.hex("8500000000000000").plus(Bytes.zeros(8)) : Bytes.zeros(4);
        List<Extension> extensions = switch (random.nextInt(3)) {
            case 0 -> List.of(new Extension.Fragment(0, true, 1));
            case 1 -> List.of(new Extension.Fragment(0, true, 1), new Extension.Destination(Bytes.hex("010400000000")));
            default -> List.of(new Extension.HopByHop(Bytes.hex("010400000000")), new Extension.Fragment(0, true, 2));
        };
        int protocol = new int[] {Icmpv6.PROTOCOL, Udp.PROTOCOL, 60}[random.nextInt(3)];
        return new Ipv6Packet(
                0,
                0,
                0,
                255,
                (Ipv6) from,
                (Ipv6) to,
                extensions,
                new RawTransport(protocol, bytes.head(random.nextInt(16))));
    }

    private int protocol(int version) {
        return new int[] {Tcp.PROTOCOL, Udp.PROTOCOL, version == 4 ? 1 : 58, GRE}[random.nextInt(4)];
    }

    private Transport transport(int version) {
        int source = 1 + random.nextInt(150);
        int destination = 1 + random.nextInt(150);
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> Tcp.syn(source, destination);
            case 3 -> Tcp.of(source, destination, random.nextBoolean() ? Tcp.ACK : Tcp.SYN | Tcp.ACK, 1, 1, GREETING);
            case 4, 5 -> new Udp(source, destination, GREETING);
            case 6 -> new RawTransport(SCTP, Bytes.hex("%04x%04x0000000000000000".formatted(source, destination)));
            case 7 -> new RawTransport(GRE, Bytes.hex("0000080000000000"));
            default -> version == 4 ? Icmp.echoRequest(1, 1, GREETING) : Icmpv6.echoRequest(1, 1, GREETING);
        };
    }

    // ---- Answers.

    Payload answer(Payload payload) {
        return switch (payload) {
            case Ipv4Packet packet ->
                Ipv4Packet.of(
                        packet.destination(),
                        packet.source(),
                        isRefused() ? Icmp.error(Icmp.UNREACHABLE, 3, 0, packet) : answer(packet.transport()));
            case Ipv6Packet packet ->
                Ipv6Packet.of(
                        packet.destination(),
                        packet.source(),
                        isRefused() ? Icmpv6.error(Icmpv6.UNREACHABLE, 4, 0, packet) : answer(packet.transport()));
            case Arp arp -> Arp.reply(arp.targetMac(), arp.targetIp(), arp.senderMac(), arp.senderIp());
            default -> payload;
        };
    }

    private boolean isRefused() {
        return random.nextInt(5) == 0;
    }

    private static Transport answer(Transport transport) {
        return switch (transport) {
            case Tcp tcp ->
                Tcp.of(
                        tcp.destinationPort(),
                        tcp.sourcePort(),
                        tcp.has(Tcp.ACK) ? Tcp.ACK : Tcp.SYN | Tcp.ACK,
                        1,
                        1,
                        Bytes.EMPTY);
            case Udp udp -> new Udp(udp.destinationPort(), udp.sourcePort(), udp.payload());
            case Icmp icmp when icmp.type() == Icmp.ECHO_REQUEST -> Icmp.echoReply(1, 1, GREETING);
            case RawIcmpv6 icmp when icmp.type() == 128 -> Icmpv6.echoReply(1, 1, GREETING);
            default -> transport;
        };
    }
}

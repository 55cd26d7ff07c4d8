package org.dragonflow.trace;

import static org.dragonflow.trace.Draft.eth;

import java.util.List;
import java.util.Random;
import org.dragonflow.address.Ipv6;
import org.dragonflow.flow.Header;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.NdOption;
import org.dragonflow.packet.NeighbourDiscovery;
import org.dragonflow.packet.RawTransport;
import org.dragonflow.packet.Tcp;

/** Frames of every kind that flows can tell apart, some of them cut off, damaged or in fragments. */
final class RandomPackets {
    private final Random random;

    RandomPackets(Random random) {
        this.random = random;
    }

    Bytes next() {
        var frame = draft().bytes();
        return switch (random.nextInt(12)) {
            case 0 -> frame.head(14 + random.nextInt(frame.length() - 14));
            case 1 -> damaged(frame);
            case 2 -> frame.plus(Bytes.zeros(random.nextInt(20)));
            default -> frame;
        };
    }

    /**
     * One that nothing is wrong with, and that is no fragment: connection tracking checks sums and waits for the rest. A doubled option of
     * neighbour discovery is wrong too; when a flow has matched its address, which counts as zero, the datapath writes that zero.
     */
    Bytes whole() {
        while (true) {
            var frame = draft().bytes();
            var headers = Headers.of(0, frame);
            boolean isDoubled = headers.get(Header.ND_TARGET).isZero() && headers.number(Header.ND_OPTIONS_TYPE) != 0;
            boolean isWhole = headers.number(Header.IP_FRAG) == 0 && headers.number(Header.IP_PROTO) != Layout.SCTP;
            if (isWhole && !isDoubled) {
                return frame;
            }
        }
    }

    private Bytes damaged(Bytes frame) {
        var bytes = frame.toArray();
        bytes[12 + random.nextInt(bytes.length - 12)] = (byte) random.nextInt(256);
        return Bytes.of(bytes);
    }

    private Draft draft() {
        var draft = eth().from(Values.mac(random)).to(Values.mac(random));
        for (int tags = random.nextInt(4) == 0 ? 1 + random.nextInt(2) : 0; tags > 0; tags--) {
            draft = draft.vlan(1 + random.nextInt(3));
        }
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> ip4(draft);
            case 3, 4 -> ip6(draft);
            case 5, 6 -> neighbour(draft);
            case 7, 8 -> arp(draft);
            default -> random.nextInt(3) == 0 ? draft : fragment(draft);
        };
    }

    private Draft ip4(Draft draft) {
        return transport(draft.ip4(Values.ipv4(random), Values.ipv4(random)))
                .ttl(new int[] {1, 2, 64, 64}[random.nextInt(4)]);
    }

    private Draft ip6(Draft draft) {
        return transport(draft.ip6(Values.ipv6(random), Values.ipv6(random)))
                .ttl(new int[] {1, 2, 64, 64}[random.nextInt(4)]);
    }

    private Draft transport(Draft draft) {
        int source = Values.port(random);
        int destination = Values.port(random);
        return switch (random.nextInt(6)) {
            case 0 -> draft.tcp(source, destination);
            case 1 -> draft.tcp(source, destination, random.nextBoolean() ? Tcp.ACK : Tcp.SYN | Tcp.ACK);
            case 2, 3 -> draft.udp(source, destination);
            case 4 -> random.nextBoolean() ? draft.icmpEcho() : draft.icmpEchoReply();
            default -> draft.carrying(new RawTransport(132, sctp(source, destination)));
        };
    }

    private static Bytes sctp(int source, int destination) {
        return Bytes.hex("%04x%04x0000000000000000".formatted(source, destination))
                .plus(Bytes.zeros(8));
    }

    private Draft fragment(Draft draft) {
        var transport = new RawTransport(random.nextBoolean() ? 6 : 17, Bytes.zeros(24));
        int offset = random.nextBoolean() ? 0 : 3;
        var source = org.dragonflow.address.Ipv4.parse(Values.ipv4(random));
        return draft.carrying(new org.dragonflow.packet.Ipv4Packet(
                0, 0, 1, false, true, offset, 64, source, source, Bytes.EMPTY, transport));
    }

    private Draft arp(Draft draft) {
        return random.nextBoolean()
                ? draft.arpRequest(Values.ipv4(random), Values.ipv4(random))
                : draft.arpReply(Values.ipv4(random), Values.ipv4(random));
    }

    private Draft neighbour(Draft draft) {
        var target = Ipv6.parse(Values.ipv6(random));
        var mac = Draft.mac(Values.mac(random));
        var sourceMac = new NdOption.SourceMac(mac);
        var targetMac = new NdOption.TargetMac(mac);
        List<NdOption> options = switch (random.nextInt(5)) {
            case 0 -> List.of();
            case 1 -> List.of(sourceMac);
            case 2 -> List.of(targetMac);
            case 3 -> List.of(new NdOption.Mtu(1500), sourceMac);
            default -> List.of(sourceMac, sourceMac);
        };
        var message = random.nextInt(3) > 0
                ? new NeighbourDiscovery.NeighbourSolicitation(target, options)
                : new NeighbourDiscovery.NeighbourAdvertisement(false, random.nextBoolean(), true, target, options);
        return draft.ip6(Values.ipv6(random), Values.ipv6(random)).nd(message);
    }
}

package org.dragonflow.packet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;

/** Makes frames of every kind from a seed. Each is in the form that decoding gives. */
final class RandomFrames {
    private static final int[] OTHER_PROTOCOLS = {2, 47, 50, 59, 89, 132};
    private final Random random;

    RandomFrames(long seed) {
        random = new Random(seed);
    }

    Ethernet next() {
        return new Ethernet(mac(), mac(), list(2, this::tag), payload());
    }

    private VlanTag tag() {
        return new VlanTag(
                random.nextBoolean() ? VlanTag.CUSTOMER : VlanTag.SERVICE, bits(3), random.nextBoolean(), bits(12));
    }

    private Payload payload() {
        return switch (random.nextInt(8)) {
            case 0 -> new Arp(bits(16), mac(), ipv4(), mac(), ipv4());
            case 1 -> new RawPayload(0x88cc, bytes(80));
            case 2, 3, 4 -> ipv4Packet();
            default -> ipv6Packet();
        };
    }

    private Ipv4Packet ipv4Packet() {
        boolean more = random.nextInt(8) == 0;
        int offset = random.nextInt(8) == 0 ? bits(13) : 0;
        var transport = more || offset > 0 ? new RawTransport(bits(8), bytes(80)) : transport(4);
        return new Ipv4Packet(
                bits(6),
                bits(2),
                bits(16),
                random.nextBoolean(),
                more,
                offset,
                bits(8),
                ipv4(),
                ipv4(),
                ipv4Options(),
                transport);
    }

    private Ipv6Packet ipv6Packet() {
        var extensions = list(3, this::extension);
        boolean isPiece = random.nextInt(8) == 0;
        if (isPiece) {
            extensions.add(new Extension.Fragment(1 + random.nextInt(0x1fff), random.nextBoolean(), random.nextInt()));
        }
        var transport = isPiece ? new RawTransport(bits(8), bytes(80)) : transport(6);
        return new Ipv6Packet(bits(6), bits(2), bits(20), bits(8), ipv6(), ipv6(), extensions, transport);
    }

    private Extension extension() {
        var body = sized(8 * random.nextInt(4) + 6);
        return switch (random.nextInt(4)) {
            case 0 -> new Extension.HopByHop(body);
            case 1 -> new Extension.Destination(body);
            case 2 -> new Extension.Routing(body);
            default -> new Extension.Fragment(0, false, random.nextInt());
        };
    }

    private Transport transport(int version) {
        return switch (random.nextInt(5)) {
            case 0 -> new Udp(port(), port(), bytes(80));
            case 1 ->
                new Tcp(
                        port(),
                        port(),
                        random.nextInt(),
                        random.nextInt(),
                        bits(12),
                        bits(16),
                        bits(16),
                        words(10),
                        bytes(80));
            case 2 -> version == 4 ? new Icmp(bits(8), bits(8), random.nextInt(), bytes(80)) : rawIcmpv6();
            case 3 -> version == 4 ? Icmp.echoRequest(bits(16), bits(16), bytes(80)) : discovery();
            default -> new RawTransport(OTHER_PROTOCOLS[random.nextInt(OTHER_PROTOCOLS.length)], bytes(80));
        };
    }

    private Icmpv6 rawIcmpv6() {
        return new RawIcmpv6(random.nextInt(130), bits(8), random.nextInt(), bytes(80));
    }

    private NeighbourDiscovery discovery() {
        var options = list(4, this::option);
        return switch (random.nextInt(4)) {
            case 0 -> new NeighbourDiscovery.RouterSolicitation(options);
            case 1 ->
                new NeighbourDiscovery.RouterAdvertisement(
                        bits(8),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        preference(),
                        Duration.ofSeconds(bits(16)),
                        Duration.ofMillis(word()),
                        Duration.ofMillis(word()),
                        options);
            case 2 -> new NeighbourDiscovery.NeighbourSolicitation(ipv6(), options);
            default ->
                new NeighbourDiscovery.NeighbourAdvertisement(
                        random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), ipv6(), options);
        };
    }

    private NdOption option() {
        return switch (random.nextInt(8)) {
            case 0 -> new NdOption.SourceMac(mac());
            case 1 -> new NdOption.TargetMac(mac());
            case 2 -> new NdOption.Mtu(word());
            case 3 -> new NdOption.Prefix(prefix(), random.nextBoolean(), random.nextBoolean(), lifetime(), lifetime());
            case 4 -> new NdOption.Route(prefix(), preference(), lifetime());
            case 5 -> new NdOption.DnsServers(lifetime(), List.of(ipv6(), ipv6()));
            case 6 -> new NdOption.SearchDomains(lifetime(), List.of("a.example", "b" + bits(8)));
            default -> new NdOption.Unknown(200 + random.nextInt(50), sized(8 * random.nextInt(4) + 6));
        };
    }

    private RouterPreference preference() {
        return RouterPreference.values()[random.nextInt(3)];
    }

    private IpPrefix prefix() {
        return IpPrefix.around(ipv6(), random.nextInt(129));
    }

    private Duration lifetime() {
        return Duration.ofSeconds(word());
    }

    private int port() {
        return 50_000 + random.nextInt(10_000);
    }

    private long word() {
        return random.nextInt() & 0xffff_ffffL;
    }

    private int bits(int count) {
        return random.nextInt(1 << count);
    }

    private Mac mac() {
        return new Mac(random.nextLong() >>> 16);
    }

    private Ipv4 ipv4() {
        return new Ipv4(random.nextInt());
    }

    private Ipv6 ipv6() {
        return new Ipv6(random.nextLong(), random.nextLong());
    }

    /** Bytes after an end of list, since noise may happen to be a source route, with another final destination. */
    private Bytes ipv4Options() {
        return random.nextBoolean() ? Bytes.EMPTY : Bytes.hex("00").plus(sized(4 * random.nextInt(10) + 3));
    }

    private Bytes words(int most) {
        return sized(4 * random.nextInt(most + 1));
    }

    private Bytes bytes(int most) {
        return sized(random.nextInt(most + 1));
    }

    private Bytes sized(int length) {
        var content = new byte[length];
        random.nextBytes(content);
        return Bytes.of(content);
    }

    private <T> List<T> list(int most, Supplier<T> maker) {
        var list = new ArrayList<T>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            list.add(maker.get());
        }
        return list;
    }
}

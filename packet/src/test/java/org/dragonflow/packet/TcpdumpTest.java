package org.dragonflow.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds what is encoded to what tcpdump, which shares no code with it, reads. */
class TcpdumpTest {
    private static final Mac ALICE = Mac.parse("fa:16:3e:00:00:0a");
    private static final Mac BOB = Mac.parse("fa:16:3e:00:00:0b");
    private static final Pattern WRONG = Pattern.compile("bad \\w* ?cksum|\\(incorrect|wrong icmp cksum");
    private static final int ETHERNET_LINK = 1;
    private static final int SNAPSHOT = 65_535;

    @TempDir
    private Path directory;

    @Test
    void theChecksumsOfRandomFramesAreRight() {
        var generator = new RandomFrames(7);
        var frames = Stream.generate(generator::next)
                .filter(frame -> carries(frame, Transport.class) && !carries(frame, RawTransport.class))
                .map(TcpdumpTest::withoutExtensions)
                .limit(2_000)
                .toList();
        var text = tcpdump(frames);
        // What an error quotes stands behind a tab; random bytes may look like a packet there that nobody made.
        assertThat(text.lines()
                        .filter(line ->
                                !line.startsWith("\t") && WRONG.matcher(line).find()))
                .isEmpty();
        // Each segment of these kinds is found right, not only not wrong.
        assertThat(count(text, "udp sum ok")).isEqualTo(carrying(frames, Udp.class));
        assertThat(count(text, "cksum 0x\\w+ \\(correct\\)")).isEqualTo(carrying(frames, Tcp.class));
        assertThat(count(text, "icmp6 sum ok")).isEqualTo(carrying(frames, Icmpv6.class));
    }

    @Test
    void theChecksumsBehindExtensionHeadersAreRight() {
        var routerAlert = new Extension.HopByHop(Bytes.hex("050200000100"));
        var sourceRoute = new Extension.Routing(
                Bytes.hex("0002 00000000" + "20010db8" + "00".repeat(11) + "0d" + "20010db8" + "00".repeat(11) + "0c"));
        var segments = new Extension.Routing(Bytes.hex("0401 0000 0000" + "20010db8" + "00".repeat(11) + "0c"));
        var plain = Ipv6Packet.of(
                Ipv6.parse("2001:db8::a"), Ipv6.parse("2001:db8::b"), new Udp(50_000, 50_001, Bytes.utf8("hello")));
        var packets = List.of(
                plain.withExtensions(List.of(routerAlert, sourceRoute)),
                plain.withExtensions(List.of(segments)),
                plain.withExtensions(List.of(routerAlert)));
        var text = tcpdump(
                packets.stream().map(packet -> Ethernet.of(ALICE, BOB, packet)).toList());
        assertThat(count(text, "udp sum ok")).as(text).isEqualTo(3);
    }

    @Test
    void tcpdumpSeesAWrongChecksumOfEachKind() {
        var transports = List.of(
                new Udp(50_000, 50_001, Bytes.utf8("hello")),
                Tcp.syn(50_000, 50_001),
                Icmp.echoRequest(1, 1, Bytes.utf8("hello")));
        for (var transport : transports) {
            var packet = Ipv4Packet.of(Ipv4.parse("10.0.0.10"), Ipv4.parse("10.0.0.11"), transport);
            var encoded = Ethernet.of(ALICE, BOB, packet).encode();
            encoded[encoded.length - 1] ^= 1;
            assertThat(WRONG.matcher(tcpdumpOf(List.of(encoded))).find())
                    .as("%s", transport)
                    .isTrue();
        }
    }

    @Test
    void aDhcpAckReadsAsItWasMeant() {
        var router = Ipv4.parse("10.0.0.1");
        var ack = Dhcpv4.request(Dhcpv4MessageType.REQUEST, 0xcafe0001, ALICE)
                .reply(
                        Dhcpv4MessageType.ACK,
                        Ipv4.parse("10.0.0.10"),
                        List.of(
                                Dhcpv4Option.serverId(router),
                                Dhcpv4Option.leaseTime(Duration.ofDays(1)),
                                Dhcpv4Option.renewalTime(Duration.ofHours(12)),
                                Dhcpv4Option.rebindingTime(Duration.ofHours(21)),
                                Dhcpv4Option.subnetMask(24),
                                Dhcpv4Option.routers(router),
                                Dhcpv4Option.dnsServers(List.of(router)),
                                Dhcpv4Option.domainName("a.example"),
                                Dhcpv4Option.mtu(1450),
                                Dhcpv4Option.classlessRoutes(List.of(
                                        new Dhcpv4Option.Route(IpPrefix.parse("0.0.0.0/0"), router),
                                        new Dhcpv4Option.Route(IpPrefix.parse("10.17.0.0/17"), router)))));
        var text = tcpdump(List.of(Ethernet.of(
                BOB,
                ALICE,
                Ipv4Packet.of(
                        router,
                        Ipv4.parse("10.0.0.10"),
                        new Udp(Dhcpv4.SERVER_PORT, Dhcpv4.CLIENT_PORT, ack.encode())))));
        assertThat(text)
                .contains("udp sum ok", "BOOTP/DHCP, Reply", "xid 0xcafe0001", "Your-IP 10.0.0.10")
                .contains("DHCP-Message (53), length 1: ACK", "Server-ID (54), length 4: 10.0.0.1")
                .contains("Lease-Time (51), length 4: 86400", "RN (58), length 4: 43200", "RB (59), length 4: 75600")
                .contains("Subnet-Mask (1), length 4: 255.255.255.0", "Default-Gateway (3), length 4: 10.0.0.1")
                .contains("Domain-Name-Server (6), length 4: 10.0.0.1", "Domain-Name (15), length 9: \"a.example\"")
                .contains("MTU (26), length 2: 1450", "(default:10.0.0.1),(10.17.0.0/17:10.0.0.1)");
    }

    @Test
    void aRouterAdvertisementReadsAsItWasMeant() {
        var advertisement = NeighbourDiscovery.RouterAdvertisement.of(
                Duration.ofMinutes(30),
                new NdOption.SourceMac(ALICE),
                new NdOption.Mtu(1450),
                new NdOption.Prefix(
                        IpPrefix.parse("2001:db8::/64"), true, true, Duration.ofDays(1), Duration.ofHours(4)),
                new NdOption.Route(IpPrefix.parse("2001:db8:1::/48"), RouterPreference.HIGH, Duration.ofHours(1)),
                new NdOption.DnsServers(Duration.ofMinutes(20), List.of(Ipv6.parse("2001:db8::53"))));
        var text = tcpdump(List.of(Ethernet.of(
                ALICE,
                Ipv6.ALL_NODES.multicastMac(),
                Ipv6Packet.of(ALICE.linkLocal(), Ipv6.ALL_NODES, advertisement))));
        assertThat(text)
                .contains("icmp6 sum ok", "hop limit 64, Flags [none], pref medium, router lifetime 1800s")
                .contains("source link-address option (1), length 8 (1): fa:16:3e:00:00:0a")
                .contains("mtu option (5), length 8 (1):  1450")
                .contains("2001:db8::/64, Flags [onlink, auto], valid time 86400s, pref. time 14400s")
                .contains("2001:db8:1::/48, pref=high, lifetime=3600s")
                .contains("rdnss option (25), length 24 (3):  lifetime 1200s, addr: 2001:db8::53");
    }

    private static int count(String text, String pattern) {
        return (int) Pattern.compile(pattern).matcher(text).results().count();
    }

    private static int carrying(List<Ethernet> frames, Class<? extends Transport> type) {
        return (int) frames.stream().filter(frame -> carries(frame, type)).count();
    }

    private static boolean carries(Ethernet frame, Class<? extends Transport> type) {
        return frame.payload() instanceof IpPacket packet && type.isInstance(packet.transport());
    }

    // tcpdump stops at a header whose options are noise, and then checks nothing.
    private static Ethernet withoutExtensions(Ethernet frame) {
        return frame.payload() instanceof Ipv6Packet packet
                ? frame.withPayload(packet.withExtensions(List.of()))
                : frame;
    }

    private String tcpdump(List<Ethernet> frames) {
        return tcpdumpOf(frames.stream().map(Ethernet::encode).toList());
    }

    private String tcpdumpOf(List<byte[]> frames) {
        try {
            var capture = directory.resolve("frames.pcap");
            var output = directory.resolve("tcpdump.txt");
            Files.write(capture, pcap(frames));
            // From standard input, since tcpdump gives up the right to open the files of others.
            var process = new ProcessBuilder("tcpdump", "-n", "-vv", "-r", "-")
                    .redirectInput(capture.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return fail("tcpdump did not end within 30 s");
            }
            assertThat(process.exitValue()).isZero();
            return Files.readString(output);
        } catch (IOException e) {
            return fail("tcpdump is needed to check checksums independently: apt-get install tcpdump", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail("interrupted while tcpdump ran", e);
        }
    }

    /** A capture file in the classic format, big endian. */
    private static byte[] pcap(List<byte[]> frames) {
        var writer = new Writer()
                .i32(0xa1b2c3d4)
                .u16(2)
                .u16(4)
                .zeros(8)
                .i32(SNAPSHOT)
                .i32(ETHERNET_LINK);
        for (var frame : frames) {
            writer.zeros(8).i32(frame.length).i32(frame.length).raw(frame);
        }
        return writer.toArray();
    }
}

package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import org.dragonflow.address.IpAddress;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Icmp;
import org.dragonflow.packet.Icmpv6;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.RawIcmpv6;
import org.dragonflow.packet.Udp;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is too big for the network that it is routed to comes back as an error that says what fits. */
class PathMtuTest {
    private static final String THREE_MTUS = """
            chassis hv1 192.0.2.1 wires physnet1
            chassis hv2 192.0.2.2 wires physnet1
            network wide mtu 1438
            subnet wide4 on wide 10.0.0.0/24
            subnet wide6 on wide 2001:db8:0:0::/64
            network narrow mtu 1300
            subnet narrow4 on narrow 10.0.1.0/24
            subnet narrow6 on narrow 2001:db8:0:1::/64
            network out mtu 1500 flat on physnet1
            subnet out4 on out 203.0.113.0/24 gateway 203.0.113.1
            subnet out6 on out 2001:db8:99::/64 gateway 2001:db8:99::1
            router r1
            port r1wide on wide mac :b1 ip 10.0.0.1 ip 2001:db8:0:0::1 of r1
            port r1narrow on narrow mac :c1 ip 10.0.1.1 ip 2001:db8:0:1::1 of r1
            port alice on wide mac :0a ip 10.0.0.10 ip 2001:db8:0:0::a at hv1 open
            port bob on narrow mac :0b ip 10.0.1.11 ip 2001:db8:0:1::b at hv2 open
            gateway r1 on out mac :e1 ip 203.0.113.5 ip 2001:db8:99::5 at hv2
            """;
    private static final String FLOATING =
            "floating f1 on out mac :f1 ip 203.0.113.7 of r1 for alice 10.0.0.10 at hv1\n";
    private static final String LEASES = """
            lease alice of r1 203.0.113.5 4096 256
            lease bob   of r1 203.0.113.5 4352 256
            """;
    private static final String FAR = "198.51.100.9";
    private static final String FAR6 = "2001:db8:77::9";

    private static Cloud cloud(String... more) {
        return Cloud.of(THREE_MTUS + String.join("", more)).meets("physnet1", ":99", "203.0.113.1", "2001:db8:99::1");
    }

    /** An IPv4 packet of this many bytes. */
    private static Draft udp4(Draft from, String source, String destination, int size) {
        return from.ip4(source, destination).udp(1000, 53, Bytes.zeros(size - 20 - 8));
    }

    private static Draft udp6(Draft from, String source, String destination, int size) {
        return from.ip6(source, destination).udp(1000, 53, Bytes.zeros(size - 40 - 8));
    }

    private static Draft alice() {
        return eth().from(":0a").to(":b1");
    }

    private static Ethernet only(Journey journey, String where) {
        assertThat(journey).comesOutAt(where);
        return journey.at(where).getFirst().ethernet();
    }

    private static Icmp icmp(Ethernet frame) {
        return (Icmp) ((Ipv4Packet) frame.payload()).transport();
    }

    private static Ipv4Packet quoted(Icmp error) {
        return Ipv4Packet.decodeQuote(error.payload()).optional().orElseThrow();
    }

    @Test
    void whatFitsIsRoutedThroughTheTunnelAndWhatIsOneByteBiggerIsNot() {
        assertThat(cloud().send("alice", udp4(alice(), "10.0.0.10", "10.0.1.11", 1300)))
                .comesOutAt("bob")
                .isNotPunted();
        var frame = only(cloud().send("alice", udp4(alice(), "10.0.0.10", "10.0.1.11", 1301)), "alice");
        var error = icmp(frame);
        assertThat(((Ipv4Packet) frame.payload()).source()).hasToString("10.0.0.1");
        assertThat(error.type()).isEqualTo(Icmp.UNREACHABLE);
        assertThat(error.code()).isEqualTo(4);
        assertThat(error.rest()).isEqualTo(1300);
        assertThat(quoted(error).destination()).hasToString("10.0.1.11");
    }

    @Test
    void soItIsInIpv6() {
        assertThat(cloud().send("alice", udp6(alice(), "2001:db8::a", "2001:db8:0:1::b", 1300)))
                .comesOutAt("bob")
                .isNotPunted();
        var frame = only(cloud().send("alice", udp6(alice(), "2001:db8::a", "2001:db8:0:1::b", 1301)), "alice");
        var packet = (Ipv6Packet) frame.payload();
        var error = (RawIcmpv6) packet.transport();
        assertThat(packet.source()).hasToString("2001:db8::1");
        assertThat(error.type()).isEqualTo(Icmpv6.PACKET_TOO_BIG);
        assertThat(error.rest()).isEqualTo(1300);
    }

    @Test
    void soItIsWhereTheRouterHasAPortForEachVersion() {
        var apart = THREE_MTUS.replace(
                "port r1wide on wide mac :b1 ip 10.0.0.1 ip 2001:db8:0:0::1 of r1",
                "port r1wide on wide mac :b1 ip 10.0.0.1 of r1\nport r0wide on wide mac :b2 ip 2001:db8:0:0::1 of r1");
        var four = only(Cloud.of(apart).send("alice", udp4(alice(), "10.0.0.10", "10.0.1.11", 1301)), "alice");
        assertThat(((Ipv4Packet) four.payload()).source()).hasToString("10.0.0.1");
        var six = only(
                Cloud.of(apart)
                        .send("alice", udp6(eth().from(":0a").to(":b2"), "2001:db8::a", "2001:db8:0:1::b", 1301)),
                "alice");
        assertThat(((Ipv6Packet) six.payload()).source()).hasToString("2001:db8::1");
    }

    @Test
    void theOtherWayNothingIsMeasured() {
        var journey = cloud().send("bob", udp4(eth().from(":0b").to(":c1"), "10.0.1.11", "10.0.0.10", 1400));
        assertThat(journey).comesOutAt("alice");
    }

    @Test
    void aPacketThatIsAnErrorItselfIsDroppedInSilence() {
        var error = alice().ip4("10.0.0.10", "10.0.1.11").carrying(new Icmp(Icmp.UNREACHABLE, 3, 0, Bytes.zeros(1400)));
        assertThat(cloud().send("alice", error)).isPunted().comesOutAt();
    }

    @Test
    void anOutsideThatIsNarrowIsMeasuredBeforeItIsTranslatedTo() {
        var cloud = Cloud.of(THREE_MTUS.replace("out mtu 1500", "out mtu 1350") + FLOATING);
        var frame = only(cloud.send("alice", udp4(alice(), "10.0.0.10", FAR, 1351)), "alice");
        assertThat(icmp(frame).rest()).isEqualTo(1350);
        assertThat(quoted(icmp(frame)).source()).hasToString("10.0.0.10");
    }

    @Test
    void whoeverIsOutsideIsToldInTheWordsOfTheFloatingIp() {
        var big = udp4(eth().from(":99").to(":f1"), FAR, "203.0.113.7", 1439);
        var frame = only(cloud(FLOATING).sendOn("physnet1", big), "physnet1");
        var packet = (Ipv4Packet) frame.payload();
        assertThat(frame.destination()).isEqualTo(Draft.mac(":99"));
        assertThat(frame.source()).isEqualTo(Draft.mac(":f1"));
        assertThat(packet.source()).hasToString("203.0.113.7");
        assertThat(packet.destination()).hasToString(FAR);
        assertThat(icmp(frame).rest()).isEqualTo(1438);
        assertThat(quoted(icmp(frame)).destination()).hasToString("203.0.113.7");
        assertThat(cloud(FLOATING).sendOn("physnet1", udp4(eth().from(":99").to(":f1"), FAR, "203.0.113.7", 1438)))
                .comesOutAt("alice");
    }

    /** bob is where the router stands; to alice it leads through a tunnel. */
    @ParameterizedTest
    @CsvSource({"alice,:0a,:b1,10.0.0.10,1438", "bob,:0b,:c1,10.0.1.11,1300"})
    void whoeverIsOutsideIsToldOfAnAnswerToAServerThatSharesAnAddress(
            String port, String mac, String router, String address, int fitting) {
        var cloud = cloud(LEASES);
        int shared = sharedPort(
                cloud.send(port, eth().from(mac).to(router).ip4(address, FAR).udp(1000, 53)));
        var frame = only(cloud.sendOn("physnet1", answer(shared, fitting + 1)), "physnet1");
        assertThat(((Ipv4Packet) frame.payload()).source()).hasToString("203.0.113.5");
        assertThat(icmp(frame).rest()).isEqualTo(fitting);
        assertThat(cloud.sendOn("physnet1", answer(shared, fitting))).comesOutAt(port);
        var quoted = Ipv4Packet.decodeQuote(icmp(frame).payload()).orThrow();
        assertThat(quoted.destination()).hasToString("203.0.113.5");
        assertThat(((org.dragonflow.packet.RawTransport) quoted.transport())
                        .bytes()
                        .toString())
                .startsWith("0035%04x".formatted(shared));
    }

    private static int sharedPort(Journey sent) {
        return ((Udp) ((Ipv4Packet) only(sent, "physnet1").payload()).transport()).sourcePort();
    }

    private static Draft answer(int port, int size) {
        return eth().from(":99").to(":e1").ip4(FAR, "203.0.113.5").udp(53, port, Bytes.zeros(size - 28));
    }

    @Test
    void soItIsOfPiecesAndOfWhatIsForwarded() {
        var cloud = cloud(LEASES, """
                floating f3 on out mac :f3 ip 203.0.113.9 of r1 at hv2
                forward web of f3 udp 53-53 to alice 10.0.0.10 53-53
                """);
        int shared =
                sharedPort(cloud.send("alice", alice().ip4("10.0.0.10", FAR).udp(1000, 53)));
        var piece = answer(shared, 2000).pieces(1_424, 7).getFirst();
        assertThat(icmp(only(cloud.sendOn("physnet1", piece), "physnet1")).rest())
                .isEqualTo(1438);
        assertThat(cloud.sendOn(
                        "physnet1", answer(shared, 2000).pieces(1_416, 8).getFirst()))
                .comesOutAt("alice");
        var forwarded =
                only(cloud.sendOn("physnet1", udp4(eth().from(":99").to(":f3"), FAR, "203.0.113.9", 1439)), "physnet1");
        assertThat(icmp(forwarded).rest()).isEqualTo(1438);
        assertThat(quoted(icmp(forwarded)).destination()).hasToString("203.0.113.9");
        assertThat(cloud.sendOn("physnet1", udp4(eth().from(":99").to(":f3"), FAR, "203.0.113.9", 1438)))
                .comesOutAt("alice");
    }

    @Test
    void withoutTranslationTheRouterSpeaksForItself() {
        var frame = only(
                cloud().sendOn("physnet1", udp6(eth().from(":99").to(":e1"), FAR6, "2001:db8:0:1::b", 1301)),
                "physnet1");
        var packet = (Ipv6Packet) frame.payload();
        assertThat(packet.source()).isEqualTo(IpAddress.parse("2001:db8:99::5"));
        assertThat(packet.destination()).hasToString(FAR6);
        assertThat(((RawIcmpv6) packet.transport()).rest()).isEqualTo(1300);
    }
}

package org.dragonflow.apps;

import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import java.util.List;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Extension;
import org.dragonflow.packet.Icmpv6;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NdOption;
import org.dragonflow.packet.NeighbourDiscovery.NeighbourAdvertisement;
import org.dragonflow.packet.NeighbourDiscovery.RouterAdvertisement;
import org.dragonflow.packet.RawIcmpv6;
import org.dragonflow.packet.RawTransport;
import org.dragonflow.packet.Transport;
import org.dragonflow.packet.Udp;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;

/** Link-local addresses, and what extension headers and pieces cannot hide. */
class LinkLocalTest {
    private static final Mac ALICE = Scenario.mac(":0a");
    private static final Mac BOB = Scenario.mac(":0b");
    private static final Mac ROUTER = Scenario.mac(":b1");
    private static final String CLOUD = """
            chassis hv1 192.0.2.1
            chassis hv2 192.0.2.2
            network blue
            subnet blue6 on blue 2001:db8:0:0::/64 gateway 2001:db8::1
            network red
            subnet red6 on red 2001:db8:0:1::/64
            router r1 route ::/0 via 2001:db8:0:1::f
            port r1blue on blue mac :b1 ip 2001:db8:0:0::1 of r1
            port r1red on red mac :b1 ip 2001:db8:0:1::1 of r1
            port alice on blue mac :0a ip 2001:db8:0:0::a at hv1 groups all
            port bob on blue mac :0b ip 2001:db8:0:0::b at hv1 groups all pair 2001:db8:0:0::99
            port carol on red mac :0c ip 2001:db8:0:1::c at hv2 groups all
            port vm on red mac :0f ip 2001:db8:0:1::f at hv2 open
            """ + Scenario.everythingMayLeave("all") + "rule all ingress ipv6";

    private static Journey send(Draft packet) {
        return Cloud.of(CLOUD).send("alice", packet);
    }

    private static Draft from(String source, Mac to, String destination) {
        return eth().from(ALICE).to(to).ip6(source, destination);
    }

    private static Transport transport(Journey journey) {
        return ((Ipv6Packet) journey.at("alice").getFirst().ethernet().payload()).transport();
    }

    @Test
    void serversReachEachOtherByLinkLocalAddresses() {
        assertThat(send(from(ALICE.linkLocal().toString(), BOB, BOB.linkLocal().toString())
                        .icmpEcho()))
                .comesOutAt("bob");
        assertThat(send(from("fe80::1234", BOB, BOB.linkLocal().toString()).icmpEcho()))
                .isDroppedIn(Tables.PORT_SECURITY);
    }

    @Test
    void aRoutersLinkLocalAddressIsFoundAndAnswersPing() {
        var router = ROUTER.linkLocal().toString();
        var found = send(eth().from(ALICE).ndSolicit(ALICE.linkLocal().toString(), router));
        assertThat(found).comesOutAt("alice").isNotPunted();
        var told = (NeighbourAdvertisement) transport(found);
        org.assertj.core.api.Assertions.assertThat(told.router()).isTrue();
        org.assertj.core.api.Assertions.assertThat(told.targetMac()).contains(ROUTER);
        for (var own : List.of(ALICE.linkLocal().toString(), "2001:db8::a")) {
            var echo = send(from(own, ROUTER, router).icmpEcho());
            assertThat(echo).comesOutAt("alice").isNotPunted();
            org.assertj.core.api.Assertions.assertThat(((RawIcmpv6) transport(echo)).type())
                    .isEqualTo(Icmpv6.ECHO_REPLY);
        }
    }

    @Test
    void linkLocalAddressesAreNotRouted() {
        var own = send(
                from(ALICE.linkLocal().toString(), ROUTER, "2001:db8:0:1::c").icmpEcho());
        assertThat(own).comesOutAt("alice");
        var why = (RawIcmpv6) transport(own);
        org.assertj.core.api.Assertions.assertThat(why.type()).isEqualTo(Icmpv6.UNREACHABLE);
        org.assertj.core.api.Assertions.assertThat(why.code()).isEqualTo(2);
        var theirs =
                send(from("2001:db8::a", ROUTER, Scenario.mac(":0c").linkLocal().toString())
                        .icmpEcho());
        assertThat(theirs).comesOutAt("alice");
        org.assertj.core.api.Assertions.assertThat(((RawIcmpv6) transport(theirs)).code())
                .isZero();
        assertThat(send(from("2001:db8::a", ROUTER, "2001:db8:0:1::c").icmpEcho()))
                .comesOutAt("carol");
    }

    @Test
    void anAddressOfAPairIsAskedForAndToldByWhoHasIt() {
        var question = eth().from(ALICE).ndSolicit("2001:db8::a", "2001:db8::99");
        assertThat(send(question)).comesOutAt("bob");
        var told = new NeighbourAdvertisement(
                false, true, true, Ipv6.parse("2001:db8::99"), List.of(new NdOption.TargetMac(BOB)));
        assertThat(Cloud.of(CLOUD)
                        .send(
                                "bob",
                                eth().from(BOB)
                                        .to(ALICE)
                                        .ip6("2001:db8::99", "2001:db8::a")
                                        .nd(told)))
                .comesOutAt("alice");
    }

    // ---- Behind extension headers, and in pieces.

    private static final Bytes PADDING = Bytes.hex("010400000000");
    private static final Extension WHOLE = new Extension.Destination(PADDING);
    private static final Extension FIRST = new Extension.Fragment(0, true, 1);
    private static final List<List<Extension>> HEADERS = List.of(
            List.of(new Extension.HopByHop(PADDING)),
            List.of(WHOLE),
            List.of(new Extension.Routing(Bytes.hex("040000000000"))),
            List.of(new Extension.HopByHop(PADDING), WHOLE, WHOLE));

    private static Draft behind(List<Extension> extensions, String to, Transport transport) {
        var packet = new Ipv6Packet(0, 0, 0, 255, ALICE.linkLocal(), Ipv6.parse(to), extensions, transport);
        return eth().from(ALICE).to(BOB).carrying(packet);
    }

    private static RawTransport beginning(int protocol, String hex) {
        return new RawTransport(protocol, Bytes.hex(hex));
    }

    @Test
    void whatMayPassPassesBehindExtensionHeaders() {
        for (var headers : HEADERS) {
            assertThat(send(behind(headers, "fe80::b", Icmpv6.echoRequest(1, 1, Bytes.EMPTY))))
                    .comesOutAt("bob");
        }
        var report = new RawIcmpv6(143, 0, 0, Bytes.zeros(16));
        var alert = List.<Extension>of(new Extension.HopByHop(Bytes.hex("050200000100")));
        var packet = new Ipv6Packet(0, 0, 0, 1, ALICE.linkLocal(), Ipv6.parse("ff02::16"), alert, report);
        assertThat(send(eth().from(ALICE).to("33:33:00:00:00:16").carrying(packet)))
                .comesOutAt("bob");
    }

    @Test
    void extensionHeadersHideNoAdvertisementAndNoServer() {
        var advertisement = RouterAdvertisement.of(java.time.Duration.ofHours(1));
        var forged = NeighbourAdvertisement.of(Ipv6.parse("2001:db8::1"), ALICE);
        for (var headers : HEADERS) {
            assertThat(send(behind(headers, "ff02::1", advertisement))).isDroppedIn(Tables.PORT_SECURITY);
            assertThat(send(behind(headers, "ff02::1", forged))).isDroppedIn(Tables.ND_SECURITY);
            assertThat(send(behind(headers, "fe80::b", new Udp(547, 546, Bytes.zeros(4)))))
                    .isDroppedIn(Tables.PORT_SECURITY);
        }
    }

    @Test
    void neighbourDiscoveryInPiecesIsDropped() {
        var target = "20010db8000000000000000000000001";
        for (var message : List.of("8500000000000000", "86000000" + "00".repeat(12), "88000000 20000000" + target)) {
            for (var headers : List.of(List.of(FIRST), List.of(WHOLE, FIRST), List.of(FIRST, WHOLE))) {
                var piece = behind(headers, "ff02::1", beginning(58, message));
                assertThat(send(piece)).isDroppedIn(Tables.PORT_SECURITY);
            }
        }
    }

    @Test
    void aPieceThatDoesNotShowWhatItIsIsDropped() {
        for (var hidden : List.of(beginning(58, ""), beginning(58, "86000000"))) {
            assertThat(send(behind(List.of(FIRST, WHOLE), "fe80::b", hidden))).isDroppedIn(Tables.PORT_SECURITY);
        }
        // The next header is one of options, of which nothing is left.
        assertThat(send(behind(List.of(FIRST), "fe80::b", beginning(60, "3a")))).isDroppedIn(Tables.PORT_SECURITY);
    }

    @Test
    void otherPiecesPass() {
        // One piece alone comes to nothing where connections are tracked: it is kept until the others are there.
        var cloud = Cloud.of(CLOUD.replace("group all", "group all stateless"));
        var echo = beginning(58, "8000000000010001" + "00".repeat(8));
        var udp = beginning(17, "1234123400100000" + "00".repeat(8));
        assertThat(cloud.send("alice", behind(List.of(FIRST), "fe80::b", echo).ttl(64)))
                .comesOutAt("bob");
        assertThat(cloud.send("alice", behind(List.of(FIRST), "fe80::b", udp))).comesOutAt("bob");
        var later = List.<Extension>of(new Extension.Fragment(2, false, 1));
        assertThat(cloud.send("alice", behind(later, "fe80::b", beginning(58, "00".repeat(16)))))
                .comesOutAt("bob");
    }

    @Test
    void theAnswerOfATenantsOwnServerNeedsNoRule() {
        var answer = eth().from(":0f")
                .to(":0c")
                .ip6(Scenario.mac(":0f").linkLocal().toString(), "fe80::c")
                .udp(547, 546);
        var deaf = Scenario.of(CLOUD)
                .and("group deaf")
                .and("port carol on red mac :0c ip 2001:db8:0:1::c at hv2 groups deaf");
        assertThat(Cloud.of(deaf).send("vm", answer)).comesOutAt("carol");
        var global = eth().from(":0f")
                .to(":0c")
                .ip6("2001:db8:0:1::f", "2001:db8:0:1::c")
                .udp(547, 546);
        assertThat(Cloud.of(deaf).send("vm", global)).isDropped();
    }

    @Test
    void theAnswerOfAServerOnTheWireNeedsNoRuleUnlessItComesThroughARouter() {
        var deaf = """
                chassis hv1 192.0.2.1 wires physnet1
                group deaf
                network office flat on physnet1
                subnet office4 on office 10.0.0.0/24 gateway 10.0.0.1
                network lab
                subnet lab4 on lab 10.1.0.0/24 gateway 10.1.0.1
                router r1
                port leg0 on office mac :e0 ip 10.0.0.1 at hv1 of r1
                port leg1 on lab    mac :e1 ip 10.1.0.1 of r1
                port alice on office mac :0a ip 10.0.0.10 at hv1 groups deaf
                port vm    on lab    mac :0b ip 10.1.0.11 at hv1 open
                """;
        var offer = eth().from(":99").to(":0a").ip4("10.0.0.99", "10.0.0.10").udp(67, 68);
        assertThat(Cloud.of(deaf).sendOn("physnet1", offer)).comesOutAt("alice");
        var other = eth().from(":99").to(":0a").ip4("10.0.0.99", "10.0.0.10").udp(67, 69);
        assertThat(Cloud.of(deaf).sendOn("physnet1", other)).isDropped();
        var routed = eth().from(":0b").to(":e1").ip4("10.1.0.11", "10.0.0.10").udp(67, 68);
        assertThat(Cloud.of(deaf).send("vm", routed)).isDropped();
    }
}

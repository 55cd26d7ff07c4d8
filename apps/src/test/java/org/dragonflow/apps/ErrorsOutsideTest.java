package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Icmp;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.RawIcmpv6;
import org.dragonflow.packet.Udp;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;

/** Whoever is outside hears from the router why a packet did not go on, as those inside do. hv2 stands for the router outside. */
class ErrorsOutsideTest {
    private static final String BOTH_SIDES = """
            chassis hv1 192.0.2.1 wires physnet1
            chassis hv2 192.0.2.2 wires physnet1
            network blue
            subnet blue4 on blue 10.0.0.0/24
            subnet blue6 on blue 2001:db8:1::/64
            network out flat on physnet1
            subnet out4 on out 203.0.113.0/24 gateway 203.0.113.1
            subnet out6 on out 2001:db8:99::/64 gateway 2001:db8:99::1
            router r1
            port r1blue on blue mac :b1 ip 10.0.0.1 ip 2001:db8:1::1 of r1
            port alice on blue mac :0a ip 10.0.0.10 ip 2001:db8:1::a at hv1 open
            port bob on blue mac :0b ip 10.0.0.11 at hv2 open
            """;
    private static final String GATEWAY = "gateway r1 on out mac :c1 ip 203.0.113.5 ip 2001:db8:99::5 at hv2";
    private static final String TRANSLATED = GATEWAY + """

            floating f1 on out mac :f1 ip 203.0.113.7 of r1 for alice 10.0.0.10 at hv1
            lease bob of r1 203.0.113.5 4352 256
            """;
    private static final String PLAIN = GATEWAY + " plain\n";
    private static final String FAR = "198.51.100.9";
    private static final String FAR6 = "2001:db8:77::9";
    private static final int NO_HOST_V4 = 1;
    private static final int NO_PORT_V4 = 3;
    private static final int TIME_EXCEEDED_V6 = 3;

    private static Cloud cloud(String more) {
        return Cloud.of(BOTH_SIDES + more).meets("physnet1", ":99", "203.0.113.1", "2001:db8:99::1");
    }

    private static Draft probe(String mac, String destination) {
        return eth().from(":99").to(mac).ip4(FAR, destination);
    }

    private static Draft probe6(String destination) {
        return eth().from(":99").to(":c1").ip6(FAR6, destination);
    }

    private static Ethernet answer(Journey journey) {
        assertThat(journey).comesOutAt("physnet1");
        var frame = journey.at("physnet1").getFirst().ethernet();
        assertThat(frame.destination()).isEqualTo(Draft.mac(":99"));
        return frame;
    }

    /** The error, which must come from the address and be about a packet for that destination. */
    private static Icmp error(Journey journey, String from, String about) {
        var packet = (Ipv4Packet) answer(journey).payload();
        assertThat(packet.source()).hasToString(from);
        assertThat(packet.destination()).hasToString(FAR);
        var error = (Icmp) packet.transport();
        var quoted = Ipv4Packet.decodeQuote(error.payload()).optional().orElseThrow();
        assertThat(quoted.source()).hasToString(FAR);
        assertThat(quoted.destination()).hasToString(about);
        return error;
    }

    private static void assertUnreachable(Icmp error, int code) {
        assertThat(error.type()).isEqualTo(Icmp.UNREACHABLE);
        assertThat(error.code()).isEqualTo(code);
    }

    private static RawIcmpv6 error6(Journey journey) {
        var packet = (Ipv6Packet) answer(journey).payload();
        assertThat(packet.source()).hasToString("2001:db8:99::5");
        assertThat(packet.destination()).hasToString(FAR6);
        return (RawIcmpv6) packet.transport();
    }

    @Test
    void whoeverTracesTheRouteToAFloatingIpIsAnsweredByIt() {
        var cloud = cloud(TRANSLATED);
        var last = probe(":f1", "203.0.113.7").ttl(1).udp(33434, 33434);
        assertThat(error(cloud.sendOn("physnet1", last), "203.0.113.7", "203.0.113.7")
                        .type())
                .isEqualTo(Icmp.TIME_EXCEEDED);
        assertThat(cloud.sendOn("physnet1", probe(":f1", "203.0.113.7").ttl(2).udp(33434, 33434)))
                .comesOutAt("alice");
    }

    /** Of a quoted piece a switch finds no connection, and so translates no error that is about one. */
    @Test
    void soIsWhoeverSendsPiecesButOnlyForTheFirst() {
        var cloud = cloud(TRANSLATED);
        var pieces = probe(":f1", "203.0.113.7")
                .udp(33434, 33434, Bytes.zeros(24))
                .ttl(1)
                .pieces(16, 1);
        assertThat(error(cloud.sendOn("physnet1", pieces.get(0)), "203.0.113.7", "203.0.113.7")
                        .type())
                .isEqualTo(Icmp.TIME_EXCEEDED);
        assertThat(cloud.sendOn("physnet1", pieces.get(1))).isDropped();
    }

    @Test
    void anAnswerToAServerThatSharesAnAddressMayRunOutOfHopsToo() {
        assertThat(expired(cloud(TRANSLATED)).type()).isEqualTo(Icmp.TIME_EXCEEDED);
    }

    @Test
    void soItIsWhereServersOfOtherTenantsHaveTheSameAddress() {
        var others = IntStream.range(0, 8).mapToObj("""
                        network red%1$d
                        subnet red%1$d4 on red%1$d 10.0.0.0/24
                        router s%1$d
                        port eve%1$d on red%1$d mac :0e ip 10.0.0.11 at hv2 open
                        """::formatted).collect(Collectors.joining());
        assertThat(expired(cloud(TRANSLATED + others)).type()).isEqualTo(Icmp.TIME_EXCEEDED);
    }

    /** What is said of an answer to bob, who shares the router's address. */
    private static Icmp expired(Cloud cloud) {
        var sent = cloud.send(
                "bob", eth().from(":0b").to(":b1").ip4("10.0.0.11", FAR).udp(1000, 53));
        int port = ((Udp) ((Ipv4Packet) answer(sent).payload()).transport()).sourcePort();
        var last = probe(":c1", "203.0.113.5").ttl(1).udp(53, port);
        return error(cloud.sendOn("physnet1", last), "203.0.113.5", "203.0.113.5");
    }

    @Test
    void withoutTranslationTheRouterIsAHopOfTheRoute() {
        var journey =
                cloud(PLAIN).sendOn("physnet1", probe(":c1", "10.0.0.11").ttl(1).udp(33434, 33434));
        assertThat(error(journey, "203.0.113.5", "10.0.0.11").type()).isEqualTo(Icmp.TIME_EXCEEDED);
    }

    @Test
    void soItIsInIpv6() {
        for (var more : new String[] {TRANSLATED, PLAIN}) {
            var journey = cloud(more)
                    .sendOn("physnet1", probe6("2001:db8:1::a").ttl(1).udp(33434, 33434));
            assertThat(error6(journey).type()).isEqualTo(TIME_EXCEEDED_V6);
        }
    }

    @Test
    void whoeverAsksForNobodyIsTold() {
        var cloud = cloud(PLAIN);
        var nobody = cloud.sendOn("physnet1", probe(":c1", "10.0.0.99").udp(1000, 53));
        assertUnreachable(error(nobody, "203.0.113.5", "10.0.0.99"), NO_HOST_V4);
        var nobody6 = error6(cloud.sendOn("physnet1", probe6("2001:db8:1::99").udp(1000, 53)));
        assertThat(nobody6.type()).isEqualTo(1);
        assertThat(nobody6.code()).isEqualTo(3);
    }

    @Test
    void aPortOfTheRouterItselfIsClosedToThoseOutsideToo() {
        for (var more : new String[] {TRANSLATED, PLAIN}) {
            var cloud = cloud(more);
            var journey = cloud.sendOn("physnet1", probe(":c1", "203.0.113.5").udp(33434, 33434));
            assertUnreachable(error(journey, "203.0.113.5", "203.0.113.5"), NO_PORT_V4);
            assertThat(error6(cloud.sendOn("physnet1", probe6("2001:db8:99::5").udp(33434, 33434)))
                            .code())
                    .isEqualTo(4);
        }
    }

    @Test
    void anAnswerToNoPingIsPassedOverInSilence() {
        assertThat(cloud(TRANSLATED)
                        .sendOn("physnet1", probe(":c1", "203.0.113.5").icmpEchoReply()))
                .comesOutAt();
    }

    @Test
    void nobodyIsToldWhoCannotBeReachedByARouter() {
        var journey = cloud(PLAIN)
                .sendOn(
                        "physnet1",
                        eth().from(":99")
                                .to(":c1")
                                .ip6("fe80::99", "2001:db8:1::a")
                                .udp(1000, 53));
        assertThat(journey).isPunted().comesOutAt();
    }
}

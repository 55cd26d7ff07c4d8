package org.dragonflow.apps;

import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import org.dragonflow.packet.Icmp;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.RawIcmpv6;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;

/** Across networks: routed where the packet starts, answered by the router itself, or told why not. */
class RoutingTest {
    private static final String THREE_NETWORKS = """
            chassis hv1 192.0.2.1
            chassis hv2 192.0.2.2
            network blue
            subnet blue4 on blue 10.0.0.0/24 gateway 10.0.0.1
            subnet blue6 on blue 2001:db8:0:0::/64
            network red
            subnet red4 on red 10.0.1.0/24 gateway 10.0.1.1
            subnet red6 on red 2001:db8:0:1::/64
            network far
            subnet far4 on far 10.0.2.0/24 gateway 10.0.2.1
            router r1 route 172.16.0.0/16 via 10.0.1.30 route 10.0.2.0/24 via 10.0.1.2
            router r2 route 10.0.0.0/24 via 10.0.1.1
            port r1blue on blue mac :b1 ip 10.0.0.1 ip 2001:db8:0:0::1 of r1
            port r1red on red mac :c1 ip 10.0.1.1 ip 2001:db8:0:1::1 of r1
            port r2red on red mac :c2 ip 10.0.1.2 of r2
            port r2far on far mac :f2 ip 10.0.2.1 of r2
            port alice on blue mac :0a ip 10.0.0.10 ip 2001:db8:0:0::a at hv1 groups all
            port bob on red mac :0b ip 10.0.1.11 ip 2001:db8:0:1::b at hv1 groups all
            port carol on red mac :0c ip 10.0.1.12 ip 2001:db8:0:1::c at hv2 groups all
            port vpn on red mac :0f ip 10.0.1.30 at hv2 open
            port faye on far mac :1f ip 10.0.2.20 at hv2 groups all
            """ + Scenario.everythingMayLeave("all") + """
            rule all ingress
            rule all ingress ipv6
            """;

    private static Journey fromAlice(String destination) {
        return Cloud.of(THREE_NETWORKS)
                .send(
                        "alice",
                        eth().from(":0a")
                                .to(":b1")
                                .ip4("10.0.0.10", destination)
                                .icmpEcho());
    }

    @Test
    void aPacketIsRoutedToItsPortWithOneHopLess() {
        var journey = fromAlice("10.0.1.11");
        assertThat(journey).comesOutAt("bob").takesHops(1);
        var packet = journey.at("bob").getFirst().ethernet();
        org.assertj.core.api.Assertions.assertThat(packet.source()).isEqualTo(Scenario.mac(":c1"));
        org.assertj.core.api.Assertions.assertThat(packet.destination()).isEqualTo(Scenario.mac(":0b"));
        org.assertj.core.api.Assertions.assertThat(((Ipv4Packet) packet.payload()).ttl())
                .isEqualTo(63);
    }

    @Test
    void theFirstHopIsTheChassisWhereThePacketStarts() {
        assertThat(fromAlice("10.0.1.12")).comesOutAt("carol").takesHops(2);
        assertThat(Cloud.of(THREE_NETWORKS)
                        .send(
                                "alice",
                                eth().from(":0a")
                                        .to(":b1")
                                        .ip6("2001:db8::a", "2001:db8:0:1::c")
                                        .icmpEcho()))
                .comesOutAt("carol")
                .takesHops(2);
    }

    @Test
    void anExtraRouteLeadsByWayOfItsNextHop() {
        assertThat(fromAlice("172.16.5.5")).comesOutAt("vpn");
    }

    @Test
    void aRouteByWayOfAnotherRouterIsWalkedToItsEnd() {
        var journey = fromAlice("10.0.2.20");
        assertThat(journey).comesOutAt("faye").takesHops(2);
        org.assertj.core.api.Assertions.assertThat(
                        ((Ipv4Packet) journey.at("faye").getFirst().ethernet().payload()).ttl())
                .isEqualTo(62);
    }

    @Test
    void aRouterAnswersPingOfEachOfItsAddresses() {
        for (var address : new String[] {"10.0.0.1", "10.0.1.1"}) {
            var journey = fromAlice(address);
            assertThat(journey).comesOutAt("alice").isNotPunted();
            var reply = (Ipv4Packet) journey.at("alice").getFirst().ethernet().payload();
            org.assertj.core.api.Assertions.assertThat(reply.source()).hasToString(address);
            org.assertj.core.api.Assertions.assertThat(((Icmp) reply.transport()).type())
                    .isEqualTo(Icmp.ECHO_REPLY);
        }
        var journey = Cloud.of(THREE_NETWORKS)
                .send(
                        "alice",
                        eth().from(":0a")
                                .to(":b1")
                                .ip6("2001:db8::a", "2001:db8::1")
                                .icmpEcho());
        assertThat(journey).comesOutAt("alice");
        org.assertj.core.api.Assertions.assertThat(((RawIcmpv6) ((Ipv6Packet) journey.at("alice")
                                        .getFirst()
                                        .ethernet()
                                        .payload())
                                .transport())
                        .type())
                .isEqualTo(129);
    }

    private static Icmp icmp(Journey journey) {
        assertThat(journey).comesOutAt("alice");
        return (Icmp) ((Ipv4Packet) journey.at("alice").getFirst().ethernet().payload()).transport();
    }

    @Test
    void aPacketWithoutHopsLeftIsReportedToItsSender() {
        var cloud = Cloud.of(THREE_NETWORKS);
        var expired = icmp(cloud.send(
                "alice",
                eth().from(":0a").to(":b1").ip4("10.0.0.10", "10.0.1.11").ttl(1).udp(33434, 33434)));
        org.assertj.core.api.Assertions.assertThat(expired.type()).isEqualTo(Icmp.TIME_EXCEEDED);
        var sixth = cloud.send(
                "alice",
                eth().from(":0a")
                        .to(":b1")
                        .ip6("2001:db8::a", "2001:db8:0:1::b")
                        .ttl(1)
                        .udp(1, 2));
        assertThat(sixth).comesOutAt("alice");
        var report = (Ipv6Packet) sixth.at("alice").getFirst().ethernet().payload();
        org.assertj.core.api.Assertions.assertThat(((RawIcmpv6) report.transport()).type())
                .isEqualTo(3);
        org.assertj.core.api.Assertions.assertThat(report.source()).hasToString("2001:db8::1");
    }

    @Test
    void aPacketThatNoRouteLeadsOnIsReportedToItsSender() {
        org.assertj.core.api.Assertions.assertThat(icmp(fromAlice("8.8.8.8")).type())
                .isEqualTo(Icmp.UNREACHABLE);
        org.assertj.core.api.Assertions.assertThat(icmp(fromAlice("8.8.8.8")).code())
                .isZero();
        org.assertj.core.api.Assertions.assertThat(icmp(fromAlice("10.0.1.99")).code())
                .isEqualTo(1);
    }

    @Test
    void aRouterHasNoOpenPorts() {
        var refused = icmp(Cloud.of(THREE_NETWORKS)
                .send(
                        "alice",
                        eth().from(":0a")
                                .to(":b1")
                                .ip4("10.0.0.10", "10.0.1.1")
                                .ttl(1)
                                .udp(33434, 33434)));
        org.assertj.core.api.Assertions.assertThat(refused.type()).isEqualTo(Icmp.UNREACHABLE);
        org.assertj.core.api.Assertions.assertThat(refused.code()).isEqualTo(3);
    }

    @Test
    void anErrorAboutAnErrorIsNotSent() {
        var cause = eth().from(":0a").to(":b1").ip4("10.0.1.11", "10.0.0.10").udp(1, 2);
        assertThat(Cloud.of(THREE_NETWORKS)
                        .send(
                                "alice",
                                eth().from(":0a")
                                        .to(":b1")
                                        .ip4("10.0.0.10", "8.8.8.8")
                                        .icmpUnreachable(cause)))
                .comesOutAt();
    }

    @Test
    void aPacketMayLeaveByThePortItCameFrom() {
        var cloud = Cloud.of(Scenario.of(THREE_NETWORKS).and("router r1 route 172.16.0.0/16 via 10.0.0.10"));
        assertThat(cloud.send(
                        "alice",
                        eth().from(":0a")
                                .to(":b1")
                                .ip4("10.0.0.10", "172.16.0.1")
                                .icmpEcho()))
                .comesOutAt("alice");
    }
}

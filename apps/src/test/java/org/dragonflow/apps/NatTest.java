package org.dragonflow.apps;

import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import org.dragonflow.address.Mac;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Icmp;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Udp;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;

/** Between inside and outside: floating IPs, and addresses that are shared. hv2 stands for the router outside. */
class NatTest {
    private static final String BOTH_SIDES = """
            chassis hv1 192.0.2.1 wires physnet1
            chassis hv2 192.0.2.2 wires physnet1
            network blue
            subnet blue4 on blue 10.0.0.0/24
            router r1
            port r1blue on blue mac :b1 ip 10.0.0.1 of r1
            port alice on blue mac :0a ip 10.0.0.10 at hv1 open
            port bob   on blue mac :0b ip 10.0.0.11 at hv2 open
            """;
    private static final String OUT = """
            network out flat on physnet1
            subnet out4 on out 203.0.113.0/24 gateway 203.0.113.1
            """;
    private static final String GATEWAY = "gateway r1 on out mac :c1 ip 203.0.113.5 at hv2\n";
    private static final String FLOATING =
            "floating f1 on out mac :f1 ip 203.0.113.7 of r1 for alice 10.0.0.10 at hv1\n";
    private static final String LEASES = """
            lease alice of r1 203.0.113.5 4096 256
            lease bob   of r1 203.0.113.5 4352 256
            """;
    private static final String BROADCAST = "ff:ff:ff:ff:ff:ff";
    private static final String FAR = "198.51.100.9";

    private static Cloud cloud(String... more) {
        return Cloud.of(BOTH_SIDES + OUT + GATEWAY + String.join("", more)).meets("physnet1", ":99", "203.0.113.1");
    }

    private static Draft out(String from, String address, int port) {
        return eth().from(from).to(":b1").ip4(address, FAR).udp(port, 53);
    }

    private static Ethernet onWire(Journey journey) {
        return journey.at("physnet1").getFirst().ethernet();
    }

    private static Ipv4Packet ip(Ethernet frame) {
        return (Ipv4Packet) frame.payload();
    }

    private static Udp udp(Ethernet frame) {
        return (Udp) ip(frame).transport();
    }

    private static Ethernet delivered(Journey journey, String port) {
        assertThat(journey).comesOutAt(port);
        return journey.at(port).getFirst().ethernet();
    }

    private static Mac mac(String chassis) {
        return Wire.address(Id.of(Chassis.class, chassis));
    }

    @Test
    void aServerWithAFloatingIpSpeaksOutsideWithIt() {
        var journey = cloud(FLOATING).send("alice", out(":0a", "10.0.0.10", 1000));
        assertThat(journey).comesOutAt("physnet1");
        org.assertj.core.api.Assertions.assertThat(ip(onWire(journey)).source()).hasToString("203.0.113.7");
        org.assertj.core.api.Assertions.assertThat(udp(onWire(journey)).sourcePort())
                .isEqualTo(1000);
        org.assertj.core.api.Assertions.assertThat(onWire(journey).source()).isEqualTo(Draft.mac(":f1"));
        org.assertj.core.api.Assertions.assertThat(onWire(journey).destination())
                .isEqualTo(Draft.mac(":99"));
    }

    @Test
    void aServerWithAFloatingIpIsReachedFromOutside() {
        var cloud = cloud(FLOATING);
        var in = delivered(
                cloud.sendOn(
                        "physnet1",
                        eth().from(":99").to(":f1").ip4(FAR, "203.0.113.7").udp(53, 1000)),
                "alice");
        org.assertj.core.api.Assertions.assertThat(ip(in).destination()).hasToString("10.0.0.10");
        org.assertj.core.api.Assertions.assertThat(in.source()).isEqualTo(Draft.mac(":b1"));
        var answer = cloud.send("alice", out(":0a", "10.0.0.10", 1000));
        org.assertj.core.api.Assertions.assertThat(ip(onWire(answer)).source()).hasToString("203.0.113.7");
    }

    @Test
    void whoHasUsedUpItsSourcePortsIsRefusedOnlyIfThereAreNoMore() {
        var few = "lease alice of r1 203.0.113.5 4096 1\n";
        var cloud = cloud(few);
        assertThat(cloud.send("alice", out(":0a", "10.0.0.10", 1000))).comesOutAt("physnet1");
        org.assertj.core.api.Assertions.assertThat(
                        cloud.send("alice", out(":0a", "10.0.0.10", 1001)).at("alice"))
                .isEmpty();
        cloud.change(Scenario.of(BOTH_SIDES + OUT + GATEWAY + few + "lease alice of r1 203.0.113.5 8192 4\n"));
        var onwards = onWire(cloud.send("alice", out(":0a", "10.0.0.10", 1001)));
        org.assertj.core.api.Assertions.assertThat(udp(onwards).sourcePort()).isBetween(8192, 8195);
        for (int port : new int[] {4096, udp(onwards).sourcePort()}) {
            var answer = eth().from(":99").to(":c1").ip4(FAR, "203.0.113.5").udp(53, port);
            assertThat(cloud.sendOn("physnet1", answer)).comesOutAt("alice");
        }

        var full = cloud("lease alice of r1 203.0.113.5 4096 1 last\n");
        assertThat(full.send("alice", out(":0a", "10.0.0.10", 1000))).comesOutAt("physnet1");
        var refused = delivered(full.send("alice", out(":0a", "10.0.0.10", 1001)), "alice");
        org.assertj.core.api.Assertions.assertThat(ip(refused).transport())
                .isInstanceOfSatisfying(Icmp.class, error -> {
                    org.assertj.core.api.Assertions.assertThat(error.type()).isEqualTo(Icmp.UNREACHABLE);
                    org.assertj.core.api.Assertions.assertThat(error.code()).isEqualTo(13);
                });
    }

    @Test
    void aRouterThatDoesNotTranslateIsMetWhereNoServerIsAndRoutesOn() {
        var cloud = Cloud.of(BOTH_SIDES.replace("ip 10.0.0.11 at hv2", "ip 10.0.0.11 at hv1")
                + OUT
                + GATEWAY.replace("at hv2", "at hv2 plain"));
        assertThat(cloud.sendOn(
                        "physnet1",
                        eth().from(":99").to(":c1").ip4(FAR, "10.0.0.10").udp(53, 1000)))
                .comesOutAt("alice");
    }

    @Test
    void theChassisOfTheServerAnswersWhoAsksForTheFloatingIp() {
        var journey = cloud(FLOATING)
                .sendOn("physnet1", eth().from(":99").to(BROADCAST).arpRequest("203.0.113.1", "203.0.113.7"));
        assertThat(journey).comesOutAt("physnet1");
        org.assertj.core.api.Assertions.assertThat(((Arp) onWire(journey).payload()).senderMac())
                .isEqualTo(Draft.mac(":f1"));
    }

    @Test
    void fromOneFloatingIpToAnotherOnTheSameChassisAndBack() {
        var cloud = cloud(FLOATING, """
                port carol on blue mac :0e ip 10.0.0.12 at hv1 open
                floating f2 on out mac :f2 ip 203.0.113.8 of r1 for carol 10.0.0.12 at hv1
                """);
        var in = delivered(
                cloud.send(
                        "alice",
                        eth().from(":0a")
                                .to(":b1")
                                .ip4("10.0.0.10", "203.0.113.8")
                                .udp(1000, 53)),
                "carol");
        org.assertj.core.api.Assertions.assertThat(ip(in).source()).hasToString("203.0.113.7");
        org.assertj.core.api.Assertions.assertThat(ip(in).destination()).hasToString("10.0.0.12");
        var back = delivered(
                cloud.send(
                        "carol",
                        eth().from(":0e")
                                .to(":b1")
                                .ip4("10.0.0.12", "203.0.113.7")
                                .udp(53, 1000)),
                "alice");
        org.assertj.core.api.Assertions.assertThat(ip(back).source()).hasToString("203.0.113.8");
        org.assertj.core.api.Assertions.assertThat(ip(back).destination()).hasToString("10.0.0.10");
    }

    @Test
    void oneWhoSharesTheAddressOfTheRouterReachesAFloatingIpOfAnotherChassisAndIsAnswered() {
        var cloud = cloud(FLOATING, LEASES);
        cloud.sendOn("physnet1", eth().from(":f1").to(mac("hv2")).arpReply("203.0.113.7", "0.0.0.0"));
        var ask = eth().from(":0b").to(":b1").ip4("10.0.0.11", "203.0.113.7").udp(1000, 53);
        cloud.send("bob", ask);
        // The first packet asked the wire for the floating IP, and the chassis that has it answered.
        var asked = cloud.send("bob", ask);
        org.assertj.core.api.Assertions.assertThat(asked.ports()).contains("alice");
        var in = asked.at("alice").getFirst().ethernet();
        org.assertj.core.api.Assertions.assertThat(ip(in).source()).hasToString("203.0.113.5");
        var answer = eth().from(":0a").to(":b1").ip4("10.0.0.10", "203.0.113.5").udp(53, udp(in).sourcePort());
        cloud.send("alice", answer);
        org.assertj.core.api.Assertions.assertThat(cloud.send("alice", answer).ports())
                .contains("bob");
    }

    @Test
    void thoseBehindARouterShareItsAddressEachWithItsOwnPorts() {
        var cloud = cloud(LEASES);
        var sent = onWire(cloud.send("bob", out(":0b", "10.0.0.11", 1000)));
        org.assertj.core.api.Assertions.assertThat(ip(sent).source()).hasToString("203.0.113.5");
        org.assertj.core.api.Assertions.assertThat(udp(sent).sourcePort()).isBetween(4352, 4607);
        // hv2 stands for the router, so it may speak as the router.
        org.assertj.core.api.Assertions.assertThat(sent.source()).isEqualTo(Draft.mac(":c1"));
        var other = onWire(cloud.send("alice", out(":0a", "10.0.0.10", 1000)));
        org.assertj.core.api.Assertions.assertThat(udp(other).sourcePort()).isBetween(4096, 4351);
        org.assertj.core.api.Assertions.assertThat(other.source()).isEqualTo(mac("hv1"));
    }

    @Test
    void anAnswerToASharedAddressFindsTheChassisThatLeasesThePort() {
        findsTheChassisThatLeasesThePort(cloud(LEASES));
    }

    @Test
    void soItDoesOverAnUnderlayOfIpv6() {
        findsTheChassisThatLeasesThePort(overIpv6(LEASES));
    }

    private static Cloud overIpv6(String more) {
        return Cloud.of((BOTH_SIDES + OUT + GATEWAY + more).replace("192.0.2.", "2001:db8:ffff::"))
                .meets("physnet1", ":99", "203.0.113.1");
    }

    private static void findsTheChassisThatLeasesThePort(Cloud cloud) {
        var sent = onWire(cloud.send("alice", out(":0a", "10.0.0.10", 1000)));
        int port = udp(sent).sourcePort();
        var in = delivered(
                cloud.sendOn(
                        "physnet1",
                        eth().from(":99").to(":c1").ip4(FAR, "203.0.113.5").udp(53, port)),
                "alice");
        org.assertj.core.api.Assertions.assertThat(ip(in).destination()).hasToString("10.0.0.10");
        org.assertj.core.api.Assertions.assertThat(udp(in).destinationPort()).isEqualTo(1000);
    }

    @Test
    void anAnswerInPiecesFindsTheChassisThoughNoPieceShowsItsPort() {
        findsTheChassisInPieces(cloud(LEASES));
        findsTheChassisInPieces(overIpv6(LEASES));
    }

    private static void findsTheChassisInPieces(Cloud cloud) {
        var sent = onWire(cloud.send("alice", out(":0a", "10.0.0.10", 1000)));
        var answer = eth().from(":99")
                .to(":c1")
                .ip4(FAR, "203.0.113.5")
                .udp(53, udp(sent).sourcePort(), Bytes.zeros(24));
        var pieces = answer.pieces(16, 1);
        var asTold = eth().from(":b1")
                .to(":0a")
                .ip4(FAR, "10.0.0.10")
                .udp(53, 1000, Bytes.zeros(24))
                .ttl(63)
                .pieces(16, 1);
        for (int i = 0; i < 2; i++) {
            var journey = cloud.sendOn("physnet1", pieces.get(i));
            assertThat(journey).comesOutAt("alice");
            org.assertj.core.api.Assertions.assertThat(
                            journey.at("alice").getFirst().frame())
                    .isEqualTo(asTold.get(i).bytes());
        }
    }

    @Test
    void theAnswerToAPingFindsTheOneWhoAsked() {
        var cloud = cloud(LEASES);
        var sent = onWire(cloud.send(
                "alice", eth().from(":0a").to(":b1").ip4("10.0.0.10", FAR).icmpEcho()));
        org.assertj.core.api.Assertions.assertThat(ip(sent).source()).hasToString("203.0.113.5");
        assertThat(cloud.sendOn(
                        "physnet1",
                        eth().from(":99").to(":c1").ip4(FAR, "203.0.113.5").icmpEchoReply()))
                .comesOutAt("alice");
    }

    @Test
    void whatNobodyAskedForIsForAPortOfTheRouterThatIsClosed() {
        var journey = cloud(LEASES)
                .sendOn(
                        "physnet1",
                        eth().from(":99").to(":c1").ip4(FAR, "203.0.113.5").udp(53, 4100));
        assertThat(journey).comesOutAt("physnet1");
        var error = (Icmp) ip(onWire(journey)).transport();
        org.assertj.core.api.Assertions.assertThat(error.type()).isEqualTo(Icmp.UNREACHABLE);
        org.assertj.core.api.Assertions.assertThat(error.code()).isEqualTo(3);
    }

    @Test
    void withoutALeaseNothingLeavesAndTheSenderIsTold() {
        assertThat(cloud().send("alice", out(":0a", "10.0.0.10", 1000))).comesOutAt("alice");
    }

    @Test
    void aRouterThatDoesNotTranslateRoutesPlainly() {
        var cloud = Cloud.of(BOTH_SIDES + OUT + "gateway r1 on out mac :c1 ip 203.0.113.5 at hv2 plain\n");
        cloud.sendOn("physnet1", eth().from(":99").to(mac("hv1")).arpReply("203.0.113.1", "0.0.0.0"));
        var sent = onWire(cloud.send("alice", out(":0a", "10.0.0.10", 1000)));
        org.assertj.core.api.Assertions.assertThat(ip(sent).source()).hasToString("10.0.0.10");
        assertThat(cloud.sendOn(
                        "physnet1",
                        eth().from(":99").to(":c1").ip4(FAR, "10.0.0.10").udp(53, 1000)))
                .comesOutAt("alice");
    }

    @Test
    void thoseOnAChassisShareItsAddressAlsoWhereTheirOwnAreTheSame() {
        var cloud = Cloud.of(BOTH_SIDES + """
                        network out flat on physnet1 snat chassis
                        subnet out4 on out 203.0.113.0/24 gateway 203.0.113.1
                        gateway r1 on out mac :c1 ip 203.0.113.5 at hv2
                        address hv1 on out mac :e1 ip 203.0.113.21
                        network red
                        subnet red4 on red 10.0.0.0/24
                        router r2
                        port r2red on red mac :d1 ip 10.0.0.1 of r2
                        gateway r2 on out mac :c2 ip 203.0.113.6 at hv2
                        port eve on red mac :0e ip 10.0.0.10 at hv1 open
                        """);
        cloud.sendOn("physnet1", eth().from(":99").to(mac("hv1")).arpReply("203.0.113.1", "0.0.0.0"));
        var one = onWire(cloud.send("alice", out(":0a", "10.0.0.10", 1000)));
        var two = onWire(cloud.send(
                "eve", eth().from(":0e").to(":d1").ip4("10.0.0.10", FAR).udp(1000, 53)));
        org.assertj.core.api.Assertions.assertThat(ip(one).source()).hasToString("203.0.113.21");
        org.assertj.core.api.Assertions.assertThat(ip(two).source()).hasToString("203.0.113.21");
        org.assertj.core.api.Assertions.assertThat(one.source()).isEqualTo(Draft.mac(":e1"));
        org.assertj.core.api.Assertions.assertThat(udp(one).sourcePort()).isNotEqualTo(udp(two).sourcePort());
        assertThat(cloud.sendOn("physnet1", reply(two))).comesOutAt("eve");
        assertThat(cloud.sendOn("physnet1", reply(one))).comesOutAt("alice");
    }

    private static Draft reply(Ethernet sent) {
        return eth().from(":99")
                .to(sent.source())
                .ip4(FAR, ip(sent).source().toString())
                .udp(53, udp(sent).sourcePort());
    }

    private static final String FORWARDED = LEASES + """
            floating f3 on out mac :f3 ip 203.0.113.9 of r1 at hv2
            forward web of f3 udp 8080-8081 to alice 10.0.0.10 80-81
            """;

    @Test
    void aForwardedPortIsServedAndAnsweredWhereTheServerIs() {
        isServedAndAnsweredWhereTheServerIs(cloud(FORWARDED));
    }

    @Test
    void soItIsOverAnUnderlayOfIpv6() {
        isServedAndAnsweredWhereTheServerIs(overIpv6(FORWARDED));
    }

    private static void isServedAndAnsweredWhereTheServerIs(Cloud cloud) {
        var in = delivered(
                cloud.sendOn(
                        "physnet1",
                        eth().from(":99").to(":f3").ip4(FAR, "203.0.113.9").udp(5000, 8081)),
                "alice");
        org.assertj.core.api.Assertions.assertThat(ip(in).destination()).hasToString("10.0.0.10");
        org.assertj.core.api.Assertions.assertThat(udp(in).destinationPort()).isEqualTo(81);
        var back = onWire(cloud.send(
                "alice", eth().from(":0a").to(":b1").ip4("10.0.0.10", FAR).udp(81, 5000)));
        org.assertj.core.api.Assertions.assertThat(ip(back).source()).hasToString("203.0.113.9");
        org.assertj.core.api.Assertions.assertThat(udp(back).sourcePort()).isEqualTo(8081);
        org.assertj.core.api.Assertions.assertThat(back.source()).isEqualTo(mac("hv1"));
    }

    @Test
    void theRouterAnswersAPingFromOutside() {
        assertThat(cloud(LEASES)
                        .sendOn(
                                "physnet1",
                                eth().from(":99")
                                        .to(":c1")
                                        .ip4(FAR, "203.0.113.5")
                                        .icmpEcho()))
                .comesOutAt("physnet1");
    }
}

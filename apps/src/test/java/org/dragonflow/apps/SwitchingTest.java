package org.dragonflow.apps;

import static org.dragonflow.apps.Tables.L2_LOOKUP;
import static org.dragonflow.apps.Tables.ND_SECURITY;
import static org.dragonflow.apps.Tables.PORT_SECURITY;
import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import org.dragonflow.packet.Arp;
import org.junit.jupiter.api.Test;

/** Within a network: who hears what, and who may say what. */
class SwitchingTest {
    private static final String TWO_CHASSIS = """
            chassis hv1 192.0.2.1
            chassis hv2 192.0.2.2
            network blue
            subnet blue4 on blue 10.0.0.0/24 gateway 10.0.0.1 dhcp
            subnet blue6 on blue 2001:db8::/64
            network red
            subnet red4 on red 10.0.0.0/24
            port alice on blue mac :0a ip 10.0.0.10 ip 2001:db8::a at hv1 groups all
            port bob   on blue mac :0b ip 10.0.0.11 ip 2001:db8::b at hv1 groups all
            port carol on blue mac :0c ip 10.0.0.12 ip 2001:db8::c at hv2 groups all
            port dave  on blue mac :0d ip 10.0.0.13 at hv2 groups all
            port eve   on red  mac :0e ip 10.0.0.11 at hv2 groups all
            """ + Scenario.everythingMayLeave("all") + """
            rule all ingress
            rule all ingress ipv6
            """;

    @Test
    void aPacketReachesItsPortOnTheSameChassis() {
        assertThat(Cloud.of(TWO_CHASSIS)
                        .send(
                                "alice",
                                eth().from(":0a")
                                        .to(":0b")
                                        .ip4("10.0.0.10", "10.0.0.11")
                                        .icmpEcho()))
                .comesOutAt("bob");
    }

    @Test
    void aPacketReachesItsPortOnAnotherChassis() {
        assertThat(Cloud.of(TWO_CHASSIS)
                        .send(
                                "alice",
                                eth().from(":0a")
                                        .to(":0c")
                                        .ip4("10.0.0.10", "10.0.0.12")
                                        .icmpEcho()))
                .comesOutAt("carol")
                .takesHops(2);
        assertThat(Cloud.of(TWO_CHASSIS)
                        .send(
                                "alice",
                                eth().from(":0a")
                                        .to(":0c")
                                        .ip6("2001:db8::a", "2001:db8::c")
                                        .icmpEcho()))
                .comesOutAt("carol");
    }

    @Test
    void chassisThatKnowVxlanOnlyAreReachedToo() {
        var scenario = Scenario.of(TWO_CHASSIS)
                .and("chassis hv2 192.0.2.2 vxlan")
                .and("port carol on blue mac :0c ip 10.0.0.12 at hv2 groups all")
                .and("port dave on blue mac :0d ip 10.0.0.13 at hv2 groups all");
        var cloud = Cloud.of(scenario);
        assertThat(cloud.send(
                        "alice",
                        eth().from(":0a")
                                .to(":0c")
                                .ip4("10.0.0.10", "10.0.0.12")
                                .icmpEcho()))
                .comesOutAt("carol");
        assertThat(cloud.send(
                        "carol",
                        eth().from(":0c")
                                .to(":0a")
                                .ip4("10.0.0.12", "10.0.0.10")
                                .icmpEcho()))
                .comesOutAt("alice");
        assertThat(cloud.send(
                        "alice",
                        eth().from(":0a")
                                .to("ff:ff:ff:ff:ff:ff")
                                .ip4("10.0.0.10", "10.0.0.255")
                                .udp(1, 2)))
                .comesOutAt("bob", "carol", "dave");
    }

    @Test
    void aBroadcastReachesEveryPortOfItsNetworkAndNoOther() {
        assertThat(Cloud.of(TWO_CHASSIS)
                        .send(
                                "alice",
                                eth().from(":0a")
                                        .to("ff:ff:ff:ff:ff:ff")
                                        .ip4("10.0.0.10", "10.0.0.255")
                                        .udp(1, 2)))
                .comesOutAt("bob", "carol", "dave")
                .takesHops(2);
    }

    @Test
    void aPacketForAnAddressThatNobodyHasIsNotFlooded() {
        assertThat(Cloud.of(TWO_CHASSIS)
                        .send(
                                "alice",
                                eth().from(":0a")
                                        .to(":77")
                                        .ip4("10.0.0.10", "10.0.0.77")
                                        .icmpEcho()))
                .isDropped();
    }

    @Test
    void anOpenPortIsOfferedWhatIsForNobodyKnown() {
        var scenario = Scenario.of(TWO_CHASSIS)
                .and("port dave on blue mac :0d ip 10.0.0.13 at hv2 open")
                .and("port bob on blue mac :0b ip 10.0.0.11 at hv1 open");
        assertThat(Cloud.of(scenario)
                        .send(
                                "alice",
                                eth().from(":0a")
                                        .to(":77")
                                        .ip4("10.0.0.10", "10.0.0.77")
                                        .icmpEcho()))
                .comesOutAt("bob", "dave");
    }

    @Test
    void aSpoofedSourceGoesNoFurtherThanPortSecurity() {
        var cloud = Cloud.of(TWO_CHASSIS);
        assertThat(cloud.send(
                        "alice",
                        eth().from(":0c")
                                .to(":0b")
                                .ip4("10.0.0.10", "10.0.0.11")
                                .icmpEcho()))
                .isDroppedIn(PORT_SECURITY);
        assertThat(cloud.send(
                        "alice",
                        eth().from(":0a")
                                .to(":0b")
                                .ip4("10.0.0.12", "10.0.0.11")
                                .icmpEcho()))
                .isDroppedIn(PORT_SECURITY);
        assertThat(cloud.send(
                        "alice",
                        eth().from(":0a")
                                .to(":0b")
                                .ip6("2001:db8::c", "2001:db8::b")
                                .icmpEcho()))
                .isDroppedIn(PORT_SECURITY);
        assertThat(cloud.send(
                        "alice",
                        eth().from(":0a")
                                .to(":0b")
                                .vlan(7)
                                .ip4("10.0.0.10", "10.0.0.11")
                                .icmpEcho()))
                .isDropped();
    }

    @Test
    void spoofedArpGoesNoFurtherThanPortSecurity() {
        var cloud = Cloud.of(TWO_CHASSIS);
        assertThat(cloud.send("alice", eth().from(":0a").to("ff:ff:ff:ff:ff:ff").arpRequest("10.0.0.12", "10.0.0.99")))
                .isDroppedIn(PORT_SECURITY);
        var forged = Arp.reply(Scenario.mac(":0c"), ip("10.0.0.10"), Scenario.mac(":0b"), ip("10.0.0.11"));
        assertThat(cloud.send("alice", eth().from(":0a").to(":0b").carrying(forged)))
                .isDroppedIn(PORT_SECURITY);
    }

    private static org.dragonflow.address.Ipv4 ip(String text) {
        return org.dragonflow.address.Ipv4.parse(text);
    }

    @Test
    void spoofedNeighbourDiscoveryGoesNoFurtherThanPortSecurity() {
        var cloud = Cloud.of(TWO_CHASSIS);
        assertThat(cloud.send(
                        "alice",
                        eth().from(":0a")
                                .ip6("2001:db8::a", "2001:db8::b")
                                .to(":0b")
                                .ndAdvertise("2001:db8::c", "2001:db8::b")))
                .isDropped();
        assertThat(cloud.send("alice", eth().from(":0a").to(":0b").ndAdvertise("2001:db8::a", "2001:db8::b")))
                .comesOutAt("bob");
        assertThat(cloud.send("alice", eth().from(":0a").to(":0b").ndAdvertise("2001:db8::c", "2001:db8::b")))
                .isDropped();
        org.assertj.core.api.Assertions.assertThat(ND_SECURITY.name()).isEqualTo("nd_security");
    }

    @Test
    void aPortMayNotPlayTheDhcpServerOrTheRouter() {
        var cloud = Cloud.of(TWO_CHASSIS);
        assertThat(cloud.send(
                        "alice",
                        eth().from(":0a")
                                .to(":0b")
                                .ip4("10.0.0.10", "10.0.0.11")
                                .udp(67, 68)))
                .isDroppedIn(PORT_SECURITY);
        assertThat(cloud.send(
                        "alice",
                        eth().from(":0a")
                                .to(":0b")
                                .ip6("2001:db8::a", "2001:db8::b")
                                .udp(547, 546)))
                .isDroppedIn(PORT_SECURITY);
    }

    @Test
    void anAllowedAddressPairMaySpeakAndIsReached() {
        var cloud = Cloud.of(Scenario.of(TWO_CHASSIS)
                .and("port alice on blue mac :0a ip 10.0.0.10 at hv1 groups all pair 10.0.0.100 00:00:5e:00:01:01"
                        .replace("00:00:5e:00:01:01", ":99"))
                .and("port carol on blue mac :0c ip 10.0.0.12 at hv2 groups all pair 10.0.0.100 :99"));
        assertThat(cloud.send(
                        "alice",
                        eth().from(":99")
                                .to(":0b")
                                .ip4("10.0.0.100", "10.0.0.11")
                                .icmpEcho()))
                .comesOutAt("bob");
        assertThat(cloud.send(
                        "alice",
                        eth().from(":99")
                                .to(":0b")
                                .ip4("10.0.0.101", "10.0.0.11")
                                .icmpEcho()))
                .isDroppedIn(PORT_SECURITY);
        assertThat(cloud.send(
                        "bob",
                        eth().from(":0b")
                                .to(":99")
                                .ip4("10.0.0.11", "10.0.0.100")
                                .icmpEcho()))
                .comesOutAt("alice", "carol");
        // Which of the two has the address now is not known, so the question goes to all.
        assertThat(cloud.send("bob", eth().from(":0b").to("ff:ff:ff:ff:ff:ff").arpRequest("10.0.0.11", "10.0.0.100")))
                .comesOutAt("alice", "carol", "dave");
    }

    @Test
    void aQuestionForAKnownAddressIsAnsweredOnTheSpot() {
        var cloud = Cloud.of(TWO_CHASSIS);
        var arp = cloud.send("alice", eth().from(":0a").to("ff:ff:ff:ff:ff:ff").arpRequest("10.0.0.10", "10.0.0.12"));
        assertThat(arp).comesOutAt("alice").takesHops(1);
        var reply = (Arp) arp.at("alice").getFirst().ethernet().payload();
        org.assertj.core.api.Assertions.assertThat(reply)
                .isEqualTo(Arp.reply(Scenario.mac(":0c"), ip("10.0.0.12"), Scenario.mac(":0a"), ip("10.0.0.10")));
        var nd = cloud.send("alice", eth().from(":0a").ndSolicit("2001:db8::a", "2001:db8::c"));
        assertThat(nd).comesOutAt("alice").takesHops(1);
        org.assertj.core.api.Assertions.assertThat(
                        nd.at("alice").getFirst().ethernet().source())
                .isEqualTo(Scenario.mac(":0c"));
    }

    @Test
    void aProbeForOnesOwnAddressIsNotAnsweredButHeardByOthers() {
        assertThat(Cloud.of(TWO_CHASSIS)
                        .send("alice", eth().from(":0a").to("ff:ff:ff:ff:ff:ff").arpRequest("0.0.0.0", "10.0.0.10")))
                .comesOutAt("bob", "carol", "dave");
        assertThat(Cloud.of(TWO_CHASSIS)
                        .send("alice", eth().from(":0a").to("ff:ff:ff:ff:ff:ff").arpRequest("0.0.0.0", "10.0.0.12")))
                .comesOutAt("alice");
    }

    @Test
    void aPortThatIsPluggedInElsewhereMovesWithItsBinding() {
        var scenario = Scenario.of(TWO_CHASSIS);
        var cloud = Cloud.of(scenario);
        cloud.change(scenario.and("port bob on blue mac :0b ip 10.0.0.11 at hv2 groups all"));
        assertThat(cloud.send(
                        "alice",
                        eth().from(":0a")
                                .to(":0b")
                                .ip4("10.0.0.10", "10.0.0.11")
                                .icmpEcho()))
                .comesOutAt("bob")
                .takesHops(2);
    }

    @Test
    void packetsFromAnUnknownTunnelAddressAreNotTaken() {
        var scenario = Scenario.of(TWO_CHASSIS);
        var cloud = Cloud.of(scenario);
        scenario.without(org.dragonflow.model.Chassis.class, "hv1");
        cloud.change(scenario);
        assertThat(cloud.send(
                        "alice",
                        eth().from(":0a")
                                .to(":0c")
                                .ip4("10.0.0.10", "10.0.0.12")
                                .icmpEcho()))
                .isDroppedIn(Tables.TUNNEL_IN);
        org.assertj.core.api.Assertions.assertThat(L2_LOOKUP.merging()).isTrue();
    }
}

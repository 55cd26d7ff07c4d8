package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.trace.Draft;
import org.junit.jupiter.api.Test;

/** One address and several ports that are allowed it: what is routed there reaches the one that has announced it last. */
class ActivePortsTest {
    private static final String SHARED = """
            chassis hv1 192.0.2.1
            chassis hv2 192.0.2.2
            chassis hv3 192.0.2.3
            network blue
            subnet blue4 on blue 10.0.0.0/24 gateway 10.0.0.1
            subnet blue6 on blue 2001:db8::/64
            network red
            subnet red4 on red 10.0.1.0/24 gateway 10.0.1.1
            subnet red6 on red 2001:db8:0:1::/64
            router r1
            port r1blue on blue mac :b1 ip 10.0.0.1 ip 2001:db8::1 of r1
            port r1red on red mac :c1 ip 10.0.1.1 ip 2001:db8:0:1::1 of r1
            port vip on red mac :ee ip 10.0.1.100 ip 2001:db8:0:1::100
            port bob on red mac :0b ip 10.0.1.11 at hv1 groups all pair 10.0.1.100 pair 2001:db8:0:1::100 pair 10.0.1.101 :99
            port carol on red mac :0c ip 10.0.1.12 at hv2 groups all pair 10.0.1.100 pair 2001:db8:0:1::100 pair 10.0.1.101 :99 pair 10.0.1.11
            port eve on red mac :0e ip 10.0.1.13 at hv2 groups all
            port alice on blue mac :0a ip 10.0.0.10 ip 2001:db8::a at hv3 groups all
            """ + Scenario.everythingMayLeave("all") + """
            rule all ingress
            rule all ingress ipv6
            """;

    private static Draft fromAlice(String destination) {
        var frame = eth().from(":0a").to(":b1");
        return destination.contains(":")
                ? frame.ip6("2001:db8::a", destination).icmpEcho()
                : frame.ip4("10.0.0.10", destination).icmpEcho();
    }

    private static Draft announcing(String mac, String address) {
        return eth().from(mac).to("ff:ff:ff:ff:ff:ff").arpRequest(address, address);
    }

    @Test
    void whatIsRoutedToASharedAddressReachesWhoAnnouncedItLast() {
        var cloud = Cloud.of(SHARED);
        assertThat(cloud.send("alice", fromAlice("10.0.1.100"))).comesOutAt("alice");
        assertThat(cloud.send("bob", announcing(":0b", "10.0.1.100"))).comesOutAt("carol", "eve");
        var journey = cloud.send("alice", fromAlice("10.0.1.100"));
        assertThat(journey).comesOutAt("bob");
        assertThat(journey.at("bob").getFirst().ethernet().destination()).isEqualTo(Scenario.mac(":0b"));
        assertThat(cloud.send("carol", announcing(":0c", "10.0.1.100"))).comesOutAt("bob", "eve");
        assertThat(cloud.send("alice", fromAlice("10.0.1.100"))).comesOutAt("carol");
    }

    @Test
    void aLinkLayerAddressThatIsSharedTooGoesWithIt() {
        var cloud = Cloud.of(SHARED);
        cloud.send("carol", announcing(":99", "10.0.1.101"));
        var journey = cloud.send("alice", fromAlice("10.0.1.101"));
        assertThat(journey).comesOutAt("carol");
        assertThat(journey.at("carol").getFirst().ethernet().destination()).isEqualTo(Scenario.mac(":99"));
    }

    @Test
    void anAnswerTellsAsMuchAsAnAnnouncement() {
        var cloud = Cloud.of(SHARED);
        cloud.send("bob", eth().from(":0b").to(":c1").arpReply("10.0.1.100", "10.0.1.1"));
        assertThat(cloud.send("alice", fromAlice("10.0.1.100"))).comesOutAt("bob");
    }

    @Test
    void aNeighbourAdvertisementTellsOfAnIpv6Address() {
        var cloud = Cloud.of(SHARED);
        cloud.send("bob", eth().from(":0b").to(":c1").ndAdvertise("2001:db8:0:1::100", "2001:db8:0:1::1"));
        assertThat(cloud.send("alice", fromAlice("2001:db8:0:1::100"))).comesOutAt("bob");
        cloud.send("carol", eth().from(":0c").to(":c1").ndAdvertise("2001:db8:0:1::100", "2001:db8:0:1::1"));
        assertThat(cloud.send("alice", fromAlice("2001:db8:0:1::100"))).comesOutAt("carol");
    }

    @Test
    void nobodyClaimsAnAddressThatNoPairOfHisAllows() {
        var cloud = Cloud.of(SHARED);
        cloud.send("bob", announcing(":0b", "10.0.1.100"));
        assertThat(cloud.send("eve", announcing(":0e", "10.0.1.100"))).isDroppedIn(Tables.PORT_SECURITY);
        assertThat(cloud.send("alice", fromAlice("10.0.1.100"))).comesOutAt("bob");
    }

    @Test
    void theAddressOfAPortThatIsThereIsNotTaken() {
        var cloud = Cloud.of(SHARED);
        cloud.send("carol", eth().from(":0c").to(":c1").arpReply("10.0.1.11", "10.0.1.1"));
        assertThat(cloud.send("alice", fromAlice("10.0.1.11"))).comesOutAt("bob");
    }

    @Test
    void whoIsAllowedAnAddressNoMoreHasItNoMore() {
        var scenario = Scenario.of(SHARED);
        var cloud = Cloud.of(scenario);
        cloud.send("bob", announcing(":0b", "10.0.1.100"));
        cloud.change(scenario.and("port bob on red mac :0b ip 10.0.1.11 at hv1 groups all"));
        assertThat(cloud.send("alice", fromAlice("10.0.1.100"))).comesOutAt("alice");
    }

    @Test
    void aQuestionIsAnsweredByWhoHasTheAddressAndNotForHim() {
        var cloud = Cloud.of(SHARED);
        cloud.send("bob", announcing(":0b", "10.0.1.100"));
        assertThat(cloud.send("carol", eth().from(":0c").to("ff:ff:ff:ff:ff:ff").arpRequest("10.0.1.12", "10.0.1.100")))
                .comesOutAt("bob", "eve");
    }

    @Test
    void theAgentHearsWhatIsNewsAndNothingElse() {
        var cloud = Cloud.of(SHARED);
        assertThat(cloud.send("bob", announcing(":0b", "10.0.1.100")).punts()).hasSize(1);
        assertThat(cloud.send("bob", announcing(":0b", "10.0.1.100")).punts()).isEmpty();
    }

    @Test
    void aRouterAsksThePortsThatMayHaveAnAddress() {
        var cloud = Cloud.of(SHARED);
        var app = ActivePorts.app(Id.of(Chassis.class, "hv1"));
        var questions = app.announcers()
                .getFirst()
                .announcements()
                .apply(cloud.compiler("hv1").topology())
                .toList();
        assertThat(questions).hasSize(1);
        assertThat(questions.getFirst().packets()).hasSize(3);
    }
}

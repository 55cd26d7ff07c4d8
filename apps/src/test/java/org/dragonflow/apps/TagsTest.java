package org.dragonflow.apps;

import static org.dragonflow.apps.Tables.CLASSIFY;
import static org.dragonflow.apps.Tables.DISPATCH;
import static org.dragonflow.apps.Tables.PORT_SECURITY;
import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import java.util.List;
import org.assertj.core.api.Assertions;
import org.dragonflow.packet.VlanTag;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;

/**
 * Alice, bob and carol tag their own frames on blue; dave and erin, whose ports are held to nothing, on the VLAN green, and frank and gina
 * on the flat network plain; where the wire ends, others do.
 */
class TagsTest {
    private static final String CLOUD = """
            chassis hv1 192.0.2.1 wires physnet1,physnet2
            chassis hv2 192.0.2.2 wires physnet1,physnet2
            network blue vlan_transparent
            subnet blue4 on blue 10.0.0.0/24 gateway 10.0.0.1 dhcp
            network red
            subnet red4 on red 10.0.1.0/24
            network green qinq vlan 100 on physnet1
            subnet green4 on green 10.0.2.0/24
            network plain vlan_transparent flat on physnet2
            subnet plain4 on plain 10.0.3.0/24
            router r1
            port r1blue on blue mac :b1 ip 10.0.0.1 of r1
            group all
            rule all egress
            rule all ingress
            group web
            rule web egress
            rule web ingress tcp 80
            port alice on blue mac :0a ip 10.0.0.10 at hv1 groups all
            port bob on blue mac :0b ip 10.0.0.11 at hv1 groups web
            port carol on blue mac :0c ip 10.0.0.12 at hv2 groups all
            port sub on red mac :1c ip 10.0.1.10 at hv2 groups all
            port twin on blue mac :1d ip 10.0.0.13 at hv2 open
            port lone on red mac :2d ip 10.0.1.11 at hv1 open
            port dave on green mac :0d ip 10.0.2.10 at hv1 open
            port erin on green mac :0e ip 10.0.2.11 at hv2 open
            port held on green mac :1e ip 10.0.2.12 at hv2 groups all
            port frank on plain mac :0f ip 10.0.3.10 at hv1 groups all
            port gina on plain mac :10 ip 10.0.3.11 at hv2 groups all
            trunk carol carries sub 101 twin 102
            """;

    private static Draft tcp(String mac, String to, int port) {
        return eth().from(mac).to(to).ip4(address(mac), address(to)).tcp(1000, port);
    }

    private static String address(String mac) {
        return switch (mac) {
            case ":0a" -> "10.0.0.10";
            case ":0b" -> "10.0.0.11";
            case ":0c" -> "10.0.0.12";
            case ":1d" -> "10.0.0.13";
            case ":0d" -> "10.0.2.10";
            case ":0e" -> "10.0.2.11";
            case ":1e" -> "10.0.2.12";
            case ":0f" -> "10.0.3.10";
            case ":10" -> "10.0.3.11";
            default -> "10.0.0.1";
        };
    }

    private static Journey send(String port, Draft packet) {
        return Cloud.of(CLOUD).send(port, packet);
    }

    private static List<VlanTag> tags(Journey journey, String port) {
        return journey.at(port).getFirst().ethernet().tags();
    }

    private static VlanTag service(int id) {
        return new VlanTag(VlanTag.SERVICE, 0, false, id);
    }

    private static void expect(Journey journey, String port, VlanTag... tags) {
        assertThat(journey).comesOutAt(port);
        Assertions.assertThat(tags(journey, port)).containsExactly(tags);
    }

    @Test
    void aTagPassesOnAChassisAndThroughATunnel() {
        expect(send("alice", tcp(":0a", ":0b", 80).vlan(7)), "bob", VlanTag.of(7));
        expect(send("alice", tcp(":0a", ":0c", 80).vlan(7)), "carol", VlanTag.of(7));
        expect(send("carol", tcp(":0c", ":0a", 80).vlan(7)), "alice", VlanTag.of(7));
        expect(send("alice", tcp(":0a", ":0b", 80)), "bob");
    }

    @Test
    void onAnotherNetworkItDoesNot() {
        assertThat(send("lone", tcp(":2d", ":1c", 80).vlan(7))).isDroppedIn(CLASSIFY);
    }

    @Test
    void aTagFreesFromNoRule() {
        assertThat(send("alice", tcp(":0a", ":0b", 22).vlan(7))).isDropped();
        assertThat(send("alice", tcp(":99", ":0b", 80).vlan(7))).isDroppedIn(PORT_SECURITY);
        assertThat(send(
                        "alice",
                        eth().from(":0a")
                                .to(":0b")
                                .ip4("10.0.0.99", "10.0.0.11")
                                .tcp(1, 80)
                                .vlan(7)))
                .isDroppedIn(PORT_SECURITY);
        assertThat(send(
                        "alice",
                        eth().from(":0a")
                                .to(":0b")
                                .arpRequest("10.0.0.99", "10.0.0.11")
                                .vlan(7)))
                .isDroppedIn(PORT_SECURITY);
    }

    @Test
    void whatStandsBehindASecondTagIsNotSeenAndReachesOnlyWhoIsHeldToNothing() {
        assertThat(send("alice", tcp(":0a", ":0b", 80).vlan(7).vlan(8))).isDroppedIn(PORT_SECURITY);
        expect(send("carol", tcp(":1d", ":0a", 80).vlan(102).vlan(8)), "alice", VlanTag.of(8));
        assertThat(send("dave", tcp(":0d", ":1e", 80).vlan(7).vlan(8))).comesOutAt("physnet1");
    }

    @Test
    void aQuestionWithATagIsAnsweredByWhoHasTheTagAndNotByTheChassis() {
        var asked = eth().from(":0a").to("ff:ff:ff:ff:ff:ff").arpRequest("10.0.0.10", "10.0.0.12");
        assertThat(send("alice", asked)).comesOutAt("alice");
        var journey = send("alice", asked.vlan(7));
        assertThat(journey).comesOutAt("bob", "carol", "carol");
    }

    @Test
    void noRouterTakesATag() {
        var ping = eth().from(":0a").to(":b1").ip4("10.0.0.10", "10.0.0.1").icmpEcho();
        assertThat(send("alice", ping)).comesOutAt("alice");
        assertThat(send("alice", ping.vlan(7))).comesOutAt("carol");
    }

    @Test
    void theTagOfASubportIsNobodyElses() {
        assertThat(send("alice", tcp(":0a", ":0c", 80).vlan(101))).isDroppedIn(DISPATCH);
        assertThat(send("carol", tcp(":0c", ":0a", 80).vlan(101))).isDroppedIn(PORT_SECURITY);
    }

    @Test
    void aSubportHasTagsWithinItsOwn() {
        var journey = send("alice", tcp(":0a", ":1d", 80).vlan(7));
        expect(journey, "carol", VlanTag.of(102), VlanTag.of(7));
    }

    @Test
    void aNetworkWithQinqIsOnTheWireWithAServiceTag() {
        Assertions.assertThat(tags(send("dave", tcp(":0d", ":0e", 80)), "physnet1"))
                .containsExactly(service(100));
        Assertions.assertThat(tags(send("dave", tcp(":0d", ":0e", 80).vlan(7)), "physnet1"))
                .containsExactly(service(100), VlanTag.of(7));
    }

    @Test
    void whatComesWithTheServiceTagLosesThatAlone() {
        var cloud = Cloud.of(CLOUD);
        var frame = eth().from(":99").to(":0d").ip4("10.0.2.99", "10.0.2.10").tcp(1, 2);
        expect(cloud.sendOn("physnet1", frame.vlan(100)), "dave");
        expect(cloud.sendOn("physnet1", frame.vlan(100).vlan(7)), "dave", VlanTag.of(7));
    }

    @Test
    void acrossChassisTheTagsWithinAreWhatTheyWere() {
        var journey = send("dave", tcp(":0d", ":0e", 80).vlan(7));
        assertThat(journey).comesOutAt("erin", "physnet1");
        Assertions.assertThat(tags(journey, "erin")).containsExactly(VlanTag.of(7));
    }

    @Test
    void onAFlatWireTagsAreTheSenders() {
        var journey = send("frank", tcp(":0f", ":10", 80).vlan(7));
        assertThat(journey).comesOutAt("gina", "physnet2");
        Assertions.assertThat(tags(journey, "gina")).containsExactly(VlanTag.of(7));
        Assertions.assertThat(tags(journey, "physnet2")).containsExactly(VlanTag.of(7));
    }
}

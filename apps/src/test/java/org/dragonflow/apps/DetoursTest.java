package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;

import java.util.List;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.dragonflow.trace.testing.JourneyAssert;
import org.junit.jupiter.api.Test;

/** The way outside of a chassis whose link is down: hv1, by way of hv2. Alice and carol are on hv1, and bob on hv2; hv3 stands for the router. */
class DetoursTest {
    private static final String FAR = "198.51.100.9";
    private static final String UP = """
            chassis hv1 192.0.2.1 wires physnet1
            chassis hv2 192.0.2.2 wires physnet1
            chassis hv3 192.0.2.3 wires physnet1
            network blue
            subnet blue4 on blue 10.0.0.0/24
            router r1
            port r1blue on blue mac :b1 ip 10.0.0.1 of r1
            port alice on blue mac :0a ip 10.0.0.10 at hv1 open
            port bob   on blue mac :0b ip 10.0.0.11 at hv2 open
            port carol on blue mac :0c ip 10.0.0.12 at hv1 open
            network out TAG
            subnet out4 on out 203.0.113.0/24 gateway 203.0.113.1
            gateway r1 on out mac :c1 ip 203.0.113.5 at hv3
            floating f1 on out mac :f1 ip 203.0.113.7 of r1 for alice 10.0.0.10 at hv1
            floating f2 on out mac :f2 ip 203.0.113.8 of r1 for bob 10.0.0.11 at hv2
            lease carol of r1 203.0.113.5 4096 256
            """;
    private static final String FLAT = UP.replace("TAG", "flat on physnet1");
    private static final String BROADCAST = "ff:ff:ff:ff:ff:ff";

    private static String cut(String scenario) {
        return scenario.replace("192.0.2.1 wires physnet1", "192.0.2.1 wires physnet1:down")
                + "detour hv1 to out by hv2\n";
    }

    /** The provider's router has answered each chassis. */
    private static Cloud known(Cloud cloud) {
        return cloud.meets("physnet1", ":99", "203.0.113.1");
    }

    private static Cloud cloud() {
        return known(Cloud.of(cut(FLAT)));
    }

    private static Draft out(String mac, String address) {
        return eth().from(mac).to(":b1").ip4(address, FAR).udp(1000, 53);
    }

    private static Ethernet onWire(Journey journey) {
        JourneyAssert.assertThat(journey).comesOutAt("physnet1");
        return journey.at("physnet1").getFirst().ethernet();
    }

    private static String source(Ethernet frame) {
        return ((Ipv4Packet) frame.payload()).source().toString();
    }

    @Test
    void aFloatingIpSpeaksOutsideAndIsReachedByTheOtherChassis() {
        var cloud = cloud();
        var sent = onWire(cloud.send("alice", out(":0a", "10.0.0.10")));
        assertThat(source(sent)).isEqualTo("203.0.113.7");
        assertThat(sent.source()).isEqualTo(Draft.mac(":f1"));
        assertThat(sent.destination()).isEqualTo(Draft.mac(":99"));
        JourneyAssert.assertThat(cloud.sendOn(
                        "physnet1",
                        eth().from(":99").to(":f1").ip4(FAR, "203.0.113.7").udp(53, 1000)))
                .comesOutAt("alice");
    }

    @Test
    void aChassisThatIsOnNoWireGoesTheSameWay() {
        var unwired = FLAT.replace("192.0.2.1 wires physnet1", "192.0.2.1") + "detour hv1 to out by hv2\n";
        var asked = onWire(Cloud.of(unwired).send("alice", out(":0a", "10.0.0.10")));
        assertThat(((Arp) asked.payload()).targetIp()).hasToString("203.0.113.1");
        var cloud = known(Cloud.of(unwired));
        var sent = onWire(cloud.send("alice", out(":0a", "10.0.0.10")));
        assertThat(source(sent)).isEqualTo("203.0.113.7");
        assertThat(source(onWire(cloud.send("carol", out(":0c", "10.0.0.12"))))).isEqualTo("203.0.113.5");
        JourneyAssert.assertThat(cloud.sendOn(
                        "physnet1",
                        eth().from(":99").to(":f1").ip4(FAR, "203.0.113.7").udp(53, 1000)))
                .comesOutAt("alice");
        JourneyAssert.assertThat(cloud.sendOn(
                        "physnet1",
                        eth().from(":99").to(":c1").ip4(FAR, "203.0.113.5").udp(53, 4096)))
                .comesOutAt("carol");
        var answer = onWire(
                cloud.sendOn("physnet1", eth().from(":99").to(BROADCAST).arpRequest("203.0.113.1", "203.0.113.7")));
        assertThat(((Arp) answer.payload()).senderMac()).isEqualTo(Draft.mac(":f1"));
    }

    @Test
    void whoAsksTheWireForTheFloatingIpIsAnswered() {
        var asked =
                cloud().sendOn("physnet1", eth().from(":99").to(BROADCAST).arpRequest("203.0.113.1", "203.0.113.7"));
        var answer = onWire(asked);
        assertThat(answer.destination()).isEqualTo(Draft.mac(":99"));
        assertThat(((Arp) answer.payload()).senderMac()).isEqualTo(Draft.mac(":f1"));
    }

    @Test
    void theChassisAsksTheWireAndHearsTheAnswer() {
        var cloud = Cloud.of(cut(FLAT));
        var asked = onWire(cloud.send("alice", out(":0a", "10.0.0.10")));
        assertThat(((Arp) asked.payload()).targetIp()).hasToString("203.0.113.1");
        assertThat(asked.source()).isEqualTo(Wire.address(Id.of(Chassis.class, "hv1")));
        assertThat(source(onWire(known(cloud).send("alice", out(":0a", "10.0.0.10")))))
                .isEqualTo("203.0.113.7");
    }

    @Test
    void whoSharesTheAddressOfTheRouterGoesOutToo() {
        var cloud = cloud();
        var sent = onWire(cloud.send("carol", out(":0c", "10.0.0.12")));
        assertThat(source(sent)).isEqualTo("203.0.113.5");
        assertThat(sent.source()).isEqualTo(Wire.address(Id.of(Chassis.class, "hv1")));
        JourneyAssert.assertThat(cloud.sendOn(
                        "physnet1",
                        eth().from(":99").to(":c1").ip4(FAR, "203.0.113.5").udp(53, 4096)))
                .comesOutAt("carol");
    }

    @Test
    void connectionsGoOnWhenTheLinkGoesAndWhenItComesBack() {
        var cloud = known(Cloud.of(FLAT));
        var before = onWire(cloud.send("carol", out(":0c", "10.0.0.12")));
        assertThat(source(before)).isEqualTo("203.0.113.5");
        for (var scenario : List.of(cut(FLAT), FLAT)) {
            cloud.change(Scenario.of(scenario));
            JourneyAssert.assertThat(cloud.sendOn(
                            "physnet1",
                            eth().from(":99").to(":c1").ip4(FAR, "203.0.113.5").udp(53, 4096)))
                    .comesOutAt("carol");
            assertThat(source(onWire(cloud.send("carol", out(":0c", "10.0.0.12")))))
                    .isEqualTo("203.0.113.5");
            JourneyAssert.assertThat(cloud.sendOn(
                            "physnet1",
                            eth().from(":99").to(":f1").ip4(FAR, "203.0.113.7").udp(53, 1000)))
                    .comesOutAt("alice");
        }
    }

    @Test
    void theFloatingIpOfAServerOfTheChassisThatLendsItsWireIsReachedAndReaches() {
        var cloud = cloud();
        // Each asks for the other first.
        cloud.send(
                "alice",
                eth().from(":0a").to(":b1").ip4("10.0.0.10", "203.0.113.8").udp(1000, 53));
        var there = cloud.send(
                "alice",
                eth().from(":0a").to(":b1").ip4("10.0.0.10", "203.0.113.8").udp(1000, 53));
        assertThat(there.at("bob")).hasSize(1);
        assertThat(source(there.at("bob").getFirst().ethernet())).isEqualTo("203.0.113.7");
        cloud.send(
                "bob",
                eth().from(":0b").to(":b1").ip4("10.0.0.11", "203.0.113.7").udp(53, 1000));
        var back = cloud.send(
                "bob",
                eth().from(":0b").to(":b1").ip4("10.0.0.11", "203.0.113.7").udp(53, 1000));
        assertThat(back.at("alice")).hasSize(1);
        assertThat(source(back.at("alice").getFirst().ethernet())).isEqualTo("203.0.113.8");
    }

    @Test
    void framesHaveTheTagOfTheNetworkOnTheWireAndNoneInTheTunnel() {
        var cloud = known(Cloud.of(cut(UP.replace("TAG", "vlan 100 on physnet1"))));
        assertThat(cloud.send("alice", out(":0a", "10.0.0.10"))
                        .at("physnet1")
                        .getFirst()
                        .ethernet()
                        .tags())
                .extracting(tag -> tag.id())
                .containsExactly(100);
    }

    @Test
    void whatHasNoDetourGoesNowhere() {
        var cloud = known(Cloud.of(cut(FLAT).replace("detour hv1 to out by hv2\n", "")));
        var journey = cloud.send("alice", out(":0a", "10.0.0.10"));
        assertThat(journey.at("physnet1")).isEmpty();
        assertThat(journey.at(Cloud.NOWHERE)).isNotEmpty();
    }
}

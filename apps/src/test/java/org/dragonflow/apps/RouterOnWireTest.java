package org.dragonflow.apps;

import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import org.dragonflow.address.Mac;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NeighbourDiscovery;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;

/** A router between a network of tunnels and one on a wire; hv2 stands for the router on the wire. */
class RouterOnWireTest {
    private static final String OFFICE = """
            chassis hv1 192.0.2.1 wires physnet1
            chassis hv2 192.0.2.2 wires physnet1
            network blue
            subnet blue4 on blue 10.0.0.0/24
            subnet blue6 on blue 2001:db8::/64
            network office vlan 100 on physnet1
            subnet office4 on office 10.9.0.0/24
            subnet office6 on office 2001:db8:9::/64
            router r1
            port r1blue   on blue   mac :b1 ip 10.0.0.1 ip 2001:db8::1 of r1
            port r1office on office mac :b9 ip 10.9.0.1 ip 2001:db8:9::1 of r1 at hv2
            port alice on blue mac :0a ip 10.0.0.10 ip 2001:db8::a at hv1 open
            """;
    private static final String BROADCAST = "ff:ff:ff:ff:ff:ff";
    private static final Mac HV1 = Wire.address(Id.of(Chassis.class, "hv1"));

    private static Draft fromAlice() {
        return eth().from(":0a").to(":b1").ip4("10.0.0.10", "10.9.0.99").udp(1, 2);
    }

    private static Ethernet onWire(Journey journey) {
        return journey.at("physnet1").getFirst().ethernet();
    }

    @Test
    void whoIsNotKnownIsAskedForByTheChassisAndNotByTheRouter() {
        var journey = Cloud.of(OFFICE).send("alice", fromAlice());
        assertThat(journey).comesOutAt("physnet1");
        var question = onWire(journey);
        var arp = (Arp) question.payload();
        org.assertj.core.api.Assertions.assertThat(question.source()).isEqualTo(HV1);
        org.assertj.core.api.Assertions.assertThat(question.tags().getFirst().id())
                .isEqualTo(100);
        org.assertj.core.api.Assertions.assertThat(arp.senderMac()).isEqualTo(HV1);
        org.assertj.core.api.Assertions.assertThat(arp.senderIp()).hasToString("0.0.0.0");
        org.assertj.core.api.Assertions.assertThat(arp.targetIp()).hasToString("10.9.0.99");
    }

    @Test
    void onceTheMachineHasAnsweredItGetsItsPackets() {
        var cloud = Cloud.of(OFFICE);
        cloud.sendOn(
                "physnet1",
                eth().from(":99").to(HV1).arpReply("10.9.0.99", "0.0.0.0").vlan(100));
        var journey = cloud.send("alice", fromAlice());
        assertThat(journey).comesOutAt("physnet1");
        var packet = onWire(journey);
        org.assertj.core.api.Assertions.assertThat(packet.destination()).isEqualTo(Draft.mac(":99"));
        org.assertj.core.api.Assertions.assertThat(packet.source()).isEqualTo(HV1);
        org.assertj.core.api.Assertions.assertThat(((Ipv4Packet) packet.payload()).ttl())
                .isEqualTo(63);
    }

    @Test
    void theSameForIpv6() {
        var cloud = Cloud.of(OFFICE);
        var ping =
                eth().from(":0a").to(":b1").ip6("2001:db8::a", "2001:db8:9::99").icmpEcho();
        var question = (Ipv6Packet) onWire(cloud.send("alice", ping)).payload();
        org.assertj.core.api.Assertions.assertThat(question.source()).isEqualTo(HV1.linkLocal());
        org.assertj.core.api.Assertions.assertThat(
                        ((NeighbourDiscovery.NeighbourSolicitation) question.transport()).target())
                .hasToString("2001:db8:9::99");
        cloud.sendOn(
                "physnet1",
                eth().from(":99")
                        .to(HV1)
                        .ndAdvertise("2001:db8:9::99", HV1.linkLocal().toString())
                        .vlan(100));
        org.assertj.core.api.Assertions.assertThat(
                        onWire(cloud.send("alice", ping)).destination())
                .isEqualTo(Draft.mac(":99"));
    }

    @Test
    void aMachineThatTellsThatItsAddressMovedIsFollowed() {
        var cloud = Cloud.of(OFFICE);
        cloud.sendOn(
                "physnet1",
                eth().from(":99").to(HV1).arpReply("10.9.0.99", "0.0.0.0").vlan(100));
        cloud.sendOn(
                "physnet1",
                eth().from(":98")
                        .to(BROADCAST)
                        .arpRequest("10.9.0.99", "10.9.0.99")
                        .vlan(100));
        org.assertj.core.api.Assertions.assertThat(
                        onWire(cloud.send("alice", fromAlice())).destination())
                .isEqualTo(Draft.mac(":98"));
    }

    @Test
    void anAddressThatTheTopologyKnowsIsNotTakenByAMachine() {
        var cloud = Cloud.of(Scenario.of(OFFICE).and("port bob on office mac :0b ip 10.9.0.11 at hv1 open"));
        cloud.sendOn(
                "physnet1",
                eth().from(":99").to(HV1).arpReply("10.9.0.11", "0.0.0.0").vlan(100));
        assertThat(cloud.send(
                        "alice",
                        eth().from(":0a")
                                .to(":b1")
                                .ip4("10.0.0.10", "10.9.0.11")
                                .udp(1, 2)))
                .comesOutAt("bob");
    }

    @Test
    void theOneChassisThatStandsForTheRouterAnswersWhoAsksForIt() {
        var journey = Cloud.of(OFFICE)
                .sendOn(
                        "physnet1",
                        eth().from(":99")
                                .to(BROADCAST)
                                .arpRequest("10.9.0.99", "10.9.0.1")
                                .vlan(100));
        assertThat(journey).comesOutAt("physnet1");
        var reply = (Arp) onWire(journey).payload();
        org.assertj.core.api.Assertions.assertThat(reply.senderMac()).isEqualTo(Draft.mac(":b9"));
        org.assertj.core.api.Assertions.assertThat(
                        onWire(journey).tags().getFirst().id())
                .isEqualTo(100);
    }

    @Test
    void aMachineReachesAServerOnAnotherChassisThroughTheRouterOnce() {
        var journey = Cloud.of(OFFICE)
                .sendOn(
                        "physnet1",
                        eth().from(":99")
                                .to(":b9")
                                .ip4("10.9.0.99", "10.0.0.10")
                                .udp(1, 2)
                                .vlan(100));
        assertThat(journey).comesOutAt("alice");
    }

    @Test
    void theRouterAnswersAPingFromTheWire() {
        var journey = Cloud.of(OFFICE)
                .sendOn(
                        "physnet1",
                        eth().from(":99")
                                .to(":b9")
                                .ip4("10.9.0.99", "10.9.0.1")
                                .icmpEcho()
                                .vlan(100));
        assertThat(journey).comesOutAt("physnet1");
    }
}

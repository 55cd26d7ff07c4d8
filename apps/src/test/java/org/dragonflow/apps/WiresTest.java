package org.dragonflow.apps;

import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import org.dragonflow.packet.Ethernet;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;

/** Networks on physical ones: servers and machines on the wire are on one link. */
class WiresTest {
    private static final String OFFICE = """
            chassis hv1 192.0.2.1 wires physnet1
            chassis hv2 192.0.2.2 wires physnet1
            network office vlan 100 on physnet1
            subnet office4 on office 10.0.0.0/24
            network lab flat on physnet1
            subnet lab4 on lab 10.1.0.0/24
            port alice on office mac :0a ip 10.0.0.10 at hv1 open
            port bob   on office mac :0b ip 10.0.0.11 at hv1 open
            port carol on office mac :0c ip 10.0.0.12 at hv2 open
            port dave  on lab    mac :0d ip 10.1.0.13 at hv1 open
            """;

    private static Draft udp(String from, String to) {
        return eth().from(from).to(to).ip4("10.0.0.10", "10.0.0.99").udp(1, 2);
    }

    private static Ethernet onWire(Journey journey) {
        return journey.at("physnet1").getFirst().ethernet();
    }

    @Test
    void anAddressThatNobodyHereHasIsLookedForOnTheWireWithTheTagOfTheNetwork() {
        var journey = Cloud.of(OFFICE).send("alice", udp(":0a", ":99"));
        assertThat(journey).comesOutAt("bob", "physnet1", "carol");
        org.assertj.core.api.Assertions.assertThat(onWire(journey).tags()).hasSize(1);
        org.assertj.core.api.Assertions.assertThat(
                        onWire(journey).tags().getFirst().id())
                .isEqualTo(100);
    }

    @Test
    void aPortOfAnotherChassisIsReachedOverTheWireAndNotThroughATunnel() {
        assertThat(Cloud.of(OFFICE).send("alice", udp(":0a", ":0c"))).comesOutAt("physnet1", "carol");
    }

    @Test
    void aNeighbourOnTheSameChassisIsReachedWithoutTheWire() {
        assertThat(Cloud.of(OFFICE).send("alice", udp(":0a", ":0b"))).comesOutAt("bob");
    }

    @Test
    void aBroadcastReachesThePortsOfTheNetworkAndTheWireOnce() {
        assertThat(Cloud.of(OFFICE).send("alice", udp(":0a", "ff:ff:ff:ff:ff:ff")))
                .comesOutAt("bob", "physnet1", "carol");
    }

    @Test
    void aMachineOnTheWireReachesAPortWithoutATag() {
        var journey = Cloud.of(OFFICE).sendOn("physnet1", udp(":99", ":0a").vlan(100));
        assertThat(journey).comesOutAt("alice");
        org.assertj.core.api.Assertions.assertThat(
                        journey.at("alice").getFirst().ethernet().tags())
                .isEmpty();
    }

    @Test
    void aBroadcastFromTheWireReachesEachPortOnceAndNeverTheWireAgain() {
        assertThat(Cloud.of(OFFICE)
                        .sendOn("physnet1", udp(":99", "ff:ff:ff:ff:ff:ff").vlan(100)))
                .comesOutAt("alice", "bob", "carol");
    }

    @Test
    void framesOfOtherTagsReachNobody() {
        assertThat(Cloud.of(OFFICE).sendOn("physnet1", udp(":99", ":0a").vlan(101)))
                .comesOutAt();
    }

    @Test
    void aFlatNetworkIsOnTheWireWithoutATag() {
        var journey = Cloud.of(OFFICE)
                .send(
                        "dave",
                        eth().from(":0d")
                                .to(":99")
                                .ip4("10.1.0.13", "10.1.0.99")
                                .udp(1, 2));
        assertThat(journey).comesOutAt("physnet1");
        org.assertj.core.api.Assertions.assertThat(onWire(journey).tags()).isEmpty();
        assertThat(Cloud.of(OFFICE)
                        .sendOn(
                                "physnet1",
                                eth().from(":99")
                                        .to(":0d")
                                        .ip4("10.1.0.99", "10.1.0.13")
                                        .udp(1, 2)))
                .comesOutAt("dave");
    }

    @Test
    void aQuestionForAMachineThatTheTopologyDoesNotKnowGoesOut() {
        var journey = Cloud.of(OFFICE)
                .send("alice", eth().from(":0a").to("ff:ff:ff:ff:ff:ff").arpRequest("10.0.0.10", "10.0.0.99"));
        assertThat(journey).comesOutAt("bob", "physnet1", "carol");
    }

    @Test
    void aQuestionFromTheWireForAPortIsLeftToItsServerToAnswer() {
        var journey = Cloud.of(OFFICE)
                .sendOn(
                        "physnet1",
                        eth().from(":99")
                                .to("ff:ff:ff:ff:ff:ff")
                                .arpRequest("10.0.0.99", "10.0.0.10")
                                .vlan(100));
        assertThat(journey).comesOutAt("alice", "bob", "carol");
    }

    @Test
    void aTagWithinTheTagOfTheNetworkGoesNoFurther() {
        var twice = eth().from(":77")
                .to(":0a")
                .vlan(100)
                .vlan(5)
                .ip4("10.0.0.77", "10.0.0.10")
                .udp(1, 2);
        assertThat(Cloud.of(OFFICE).sendOn("physnet1", twice)).isDropped();
    }
}

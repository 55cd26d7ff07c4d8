package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.compile.ConntrackZone;
import org.dragonflow.flow.Action;
import org.dragonflow.model.Id;
import org.dragonflow.model.MinimumBandwidthRule;
import org.dragonflow.model.Port;
import org.dragonflow.model.Topology;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.dragonflow.trace.Step;
import org.dragonflow.trace.testing.JourneyAssert;
import org.junit.jupiter.api.Test;

/** Minimum bandwidth: who leaves by a queue of its own, and which queues the wires must have for that. */
class GuaranteesTest {
    private static final String OFFICE = """
            chassis hv1 192.0.2.1 wires physnet1
            chassis hv2 192.0.2.2 wires physnet1
            network office vlan 100 on physnet1
            subnet office4 on office 10.0.0.0/24
            network blue
            port alice on office mac :0a ip 10.0.0.10 at hv1 open
            port bob   on office mac :0b ip 10.0.0.11 at hv1 open
            port carol on office mac :0c ip 10.0.0.12 at hv2 open
            port dave  on blue   mac :0d at hv1 open
            port erin  on blue   mac :0e at hv2 open
            """;
    private static final String GOLD = "policy gold least egress 500 least ingress 70\n";

    private static Draft toStranger(String from) {
        return eth().from(from).to(":99").ip4("10.0.0.10", "10.0.0.99").udp(1, 2);
    }

    private static List<Long> queues(Journey journey) {
        return journey.hops().stream()
                .flatMap(hop -> hop.trace().steps().stream())
                .flatMap(step -> step instanceof Step.Did(int _, Action.SetQueue(long queue), var _, var _)
                        ? Stream.of(queue)
                        : Stream.<Long>of())
                .toList();
    }

    /** The zone's number, by eights in the upper half of sixteens: so that it means nothing where there are no queues. */
    private static int number(Cloud cloud, String chassis, String port) {
        int zone = zone(cloud, chassis, port);
        return 0x1000 + zone / 8 * 16 + 7 + zone % 8;
    }

    private static int zone(Cloud cloud, String chassis, String port) {
        return cloud.compiler(chassis)
                .topology()
                .get(Zones.of(Id.of(Port.class, port)).zone())
                .map(ConntrackZone::number)
                .orElseThrow();
    }

    private static Set<Queue> wanted(Cloud cloud, String chassis) {
        return Apps.queues(cloud.compiler(chassis).topology());
    }

    @Test
    void whatIsPromisedBandwidthLeavesByAQueueOfItsOwn() {
        var cloud = Cloud.of(OFFICE + GOLD + "apply gold to port alice");
        int own = number(cloud, "hv1", "alice");
        var journey = cloud.send("alice", toStranger(":0a"));
        JourneyAssert.assertThat(journey).comesOutAt("bob", "physnet1", "carol");
        assertThat(queues(journey)).containsExactly((long) own);
        assertThat(wanted(cloud, "hv1")).containsExactly(new Queue("physnet1", own, 500));
    }

    @Test
    void whoIsPromisedNothingHasNoQueueAndNeitherHaveOthersChassis() {
        var cloud = Cloud.of(OFFICE + GOLD + "apply gold to port alice");
        assertThat(queues(cloud.send("bob", toStranger(":0b")))).isEmpty();
        assertThat(queues(cloud.send("carol", toStranger(":0c")))).isEmpty();
        assertThat(wanted(cloud, "hv2")).isEmpty();
    }

    @Test
    void aPromiseOfTheNetworkIsOneToEachOfItsPorts() {
        var cloud = Cloud.of(OFFICE + GOLD + "apply gold to network office");
        assertThat(wanted(cloud, "hv1").stream().map(Queue::number).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(number(cloud, "hv1", "alice"), number(cloud, "hv1", "bob"));
        assertThat(wanted(cloud, "hv2")).hasSize(1);
    }

    @Test
    void throughTunnelsNothingIsPromised() {
        var cloud = Cloud.of(OFFICE + GOLD + "apply gold to port dave");
        assertThat(queues(cloud.send(
                        "dave",
                        eth().from(":0d").to(":0e").ip4("10.0.0.1", "10.0.0.2").udp(1, 2))))
                .isEmpty();
        assertThat(wanted(cloud, "hv1")).isEmpty();
    }

    @Test
    void aPromiseOfNothingIsNone() {
        var cloud = Cloud.of(OFFICE + "policy gold least egress 0\napply gold to port alice");
        assertThat(queues(cloud.send("alice", toStranger(":0a")))).isEmpty();
        assertThat(wanted(cloud, "hv1")).isEmpty();
    }

    @Test
    void thereAreQueuesForTheFirstZonesOnly() {
        assertThat(queueOf(28_671)).contains(0xeffe);
        assertThat(queueOf(28_672)).isEmpty();
        // By eights in the upper half of sixteens, so that the priority that stands for one is no other's band.
        for (int zone = 1; zone < 100; zone++) {
            int own = queueOf(zone).orElseThrow();
            assertThat(own + 1 & 15).isGreaterThanOrEqualTo(8);
            assertThat(queueOf(zone + 1).orElseThrow()).isGreaterThan(own);
        }
    }

    private static Optional<Integer> queueOf(int zone) {
        var alice = Id.of(Port.class, "alice");
        return new Guarantee(Guarantee.to(alice), Set.of("physnet1"), 1)
                .queue(Topology.of(List.of(new ConntrackZone(Zones.of(alice).zone(), zone))));
    }

    @Test
    void limitsAndMarksGoWithIt() {
        var cloud = Cloud.of(OFFICE + "policy gold egress 1000 mark 46 least egress 500\napply gold to port alice");
        var journey = cloud.send("alice", toStranger(":0a"));
        assertThat(queues(journey)).hasSize(1);
        assertThat(QosTest.limits(cloud, journey)).containsExactly("1000 kbit/s, 800 kbit at once");
        assertThat(queues(cloud.send("alice", eth().from(":0a").arpRequest("10.0.0.10", "10.0.0.99"))))
                .as("of what has no mark")
                .hasSize(1);
    }

    @Test
    void aPromiseChangesAndGoesWhileItIsKept() {
        var scenario = Scenario.of(OFFICE + GOLD + "apply gold to port alice");
        var cloud = Cloud.of(scenario);
        int own = number(cloud, "hv1", "alice");
        cloud.change(scenario.and("policy gold least egress 900"));
        assertThat(wanted(cloud, "hv1")).containsExactly(new Queue("physnet1", own, 900));
        cloud.change(scenario.without(MinimumBandwidthRule.class, "gold egress"));
        assertThat(wanted(cloud, "hv1")).isEmpty();
        assertThat(queues(cloud.send("alice", toStranger(":0a")))).isEmpty();
    }
}

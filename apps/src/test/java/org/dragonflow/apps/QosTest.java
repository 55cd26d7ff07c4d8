package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Meter;
import org.dragonflow.model.PacketRateLimitRule;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Headers;
import org.dragonflow.trace.Journey;
import org.dragonflow.trace.Packet;
import org.dragonflow.trace.Step;
import org.dragonflow.trace.testing.JourneyAssert;
import org.junit.jupiter.api.Test;

/** Limits and marks: whose packets pass which meters, and what they look like afterwards. */
class QosTest {
    private static final String BLUE_AND_RED = Scenario.everythingMayLeave("web") + """
            rule web ingress
            rule web ingress ipv6
            chassis hv1 192.0.2.1
            chassis hv2 192.0.2.2
            network blue
            subnet blue4 on blue 10.0.0.0/24 gateway 10.0.0.1 dhcp
            subnet blue6 on blue 2001:db8::/64
            network red
            subnet red4 on red 10.1.0.0/24 gateway 10.1.0.1
            router r1
            port leg0 on blue mac :e0 ip 10.0.0.1 of r1
            port leg1 on red mac :e1 ip 10.1.0.1 of r1
            port alice on blue mac :0a ip 10.0.0.10 ip 2001:db8::a at hv1 groups web
            port bob   on blue mac :0b ip 10.0.0.11 ip 2001:db8::b at hv1 groups web
            port carol on blue mac :0c ip 10.0.0.12 at hv2 groups web
            port dave  on red  mac :0d ip 10.1.0.13 at hv1 groups web
            port open1 on blue mac :21 at hv1 open
            port open2 on blue mac :22 at hv1 open
            port open3 on blue mac :23 at hv1 open
            """;
    private static final String ALL_NODES = "33:33:00:00:00:01";

    private static Draft toBob() {
        return eth().from(":0a").to(":0b").ip4("10.0.0.10", "10.0.0.11").udp(1, 2);
    }

    private static Draft toAlice() {
        return eth().from(":0b").to(":0a").ip4("10.0.0.11", "10.0.0.10").udp(1, 2);
    }

    private static Cloud cloud(String more) {
        return Cloud.of(BLUE_AND_RED + more);
    }

    /** What the meters let through that the packet passed, in order. */
    static List<String> limits(Cloud cloud, Journey journey) {
        return journey.hops().stream()
                .flatMap(hop ->
                        meters(hop).map(id -> meter(cloud, hop.chassis(), id).limit()))
                .toList();
    }

    private static Stream<Long> meters(Journey.Hop hop) {
        return hop.trace().steps().stream()
                .flatMap(step -> step instanceof Step.Did(int _, Action.Metered(long id), var _, var _)
                        ? Stream.of(id)
                        : Stream.<Long>of());
    }

    private static Meter meter(Cloud cloud, String chassis, long id) {
        return Objects.requireNonNull(meters(cloud, chassis).get(id));
    }

    private static Map<Long, Meter> meters(Cloud cloud, String chassis) {
        var meters = new HashMap<Long, Meter>();
        cloud.compiler(chassis).flows().entries().forEach(entry -> {
            if (entry instanceof Meter meter) {
                meters.put(meter.id(), meter);
            }
        });
        return meters;
    }

    private static Headers atBob(Journey journey) {
        return journey.at("bob").stream().map(Packet::headers).findFirst().orElseThrow();
    }

    @Test
    void whatAPortSendsAndGetsPassesItsMeters() {
        var cloud = cloud("""
                policy gold egress 1000 ingress 2000 burst 500 packets egress 3 packets ingress 4 burst 5
                apply gold to port alice
                """);
        assertThat(limits(cloud, cloud.send("alice", toBob())))
                .containsExactly("1000 kbit/s, 800 kbit at once", "3000 packets/s, 2400 packets at once");
        assertThat(limits(cloud, cloud.send("bob", toAlice())))
                .containsExactly("2000 kbit/s, 500 kbit at once", "4000 packets/s, 5000 packets at once");
        assertThat(meters(cloud, "hv2").values())
                .as("the chassis of others")
                .allMatch(meter -> meter.unit() == Meter.Unit.PACKETS && meter.rate() == Classifier.PUNTS_PER_SECOND);
    }

    @Test
    void aPortWithoutAPolicyPassesNoMeter() {
        var cloud = cloud("policy gold egress 1000 ingress 1000\napply gold to port carol");
        assertThat(limits(cloud, cloud.send("alice", toBob()))).isEmpty();
    }

    @Test
    void aPolicyOfOneDirectionLeavesTheOtherAlone() {
        var cloud = cloud("policy gold packets egress 1\napply gold to port alice");
        assertThat(limits(cloud, cloud.send("alice", toBob()))).containsExactly("1000 packets/s, 800 packets at once");
        assertThat(limits(cloud, cloud.send("bob", toAlice()))).isEmpty();
    }

    @Test
    void aLimitOfNothingIsNone() {
        var cloud = cloud("policy gold egress 0 packets egress 0\napply gold to port alice");
        assertThat(limits(cloud, cloud.send("alice", toBob()))).isEmpty();
    }

    @Test
    void aBurstTakesAtLeastTheLargestFrame() {
        var cloud = cloud("policy gold egress 1000 burst 1\napply gold to port alice");
        assertThat(limits(cloud, cloud.send("alice", toBob()))).containsExactly("1000 kbit/s, 73 kbit at once");
    }

    @Test
    void theLargestLimitsAreTheLargestOfTheSwitch() {
        var cloud = cloud(
                "policy gold packets egress 2147483647 egress 2147483647 burst 2147483647\napply gold to port alice");
        assertThat(limits(cloud, cloud.send("alice", toBob())))
                .containsExactly(
                        "2147483647 kbit/s, 2147483647 kbit at once",
                        "4294967295 packets/s, 3435973836 packets at once");
    }

    @Test
    void aPortsOwnPolicyWinsOverThatOfItsNetwork() {
        var cloud = cloud("""
                policy gold egress 1000
                policy net egress 50000
                apply net to network blue
                apply gold to port alice
                """);
        assertThat(limits(cloud, cloud.send("alice", toBob()))).containsExactly("1000 kbit/s, 800 kbit at once");
        assertThat(limits(cloud, cloud.send("bob", toAlice()))).containsExactly("50000 kbit/s, 40000 kbit at once");
    }

    @Test
    void aRouterIsFreeOfThePolicyOfItsNetworks() {
        var cloud = cloud("policy gold egress 1000 ingress 2000\napply gold to network blue");
        var ping = eth().from(":0d").to(":e1").ip4("10.1.0.13", "10.0.0.11").icmpEcho();
        assertThat(limits(cloud, cloud.send("dave", ping)))
                .as("only the server's own")
                .containsExactly("2000 kbit/s, 1600 kbit at once");
        assertThat(meters(cloud, "hv1"))
                .doesNotContainKey(MeterKind.BANDWIDTH_FROM_PORT.of(
                        Scenario.of(BLUE_AND_RED).port("leg0").key()));
    }

    @Test
    void whatSecurityGroupsStopIsNotCounted() {
        var cloud = cloud("""
                policy gold egress 1000
                apply gold to port bob
                group none
                port bob on blue mac :0b ip 10.0.0.11 at hv1 groups none
                apply gold to port bob
                """);
        var journey = cloud.send("bob", toAlice());
        JourneyAssert.assertThat(journey).isDroppedIn(Tables.FROM_PORT_VERDICT);
        assertThat(limits(cloud, journey)).isEmpty();
    }

    @Test
    void theAnswersOfTheNetworkItselfAreNotHeldUp() {
        var cloud = cloud("policy gold ingress 1000 packets ingress 1\napply gold to port alice");
        var question = eth().from(":0a").arpRequest("10.0.0.10", "10.0.0.11");
        var ping = eth().from(":0a").to(":e0").ip4("10.0.0.10", "10.0.0.1").icmpEcho();
        for (var packet : List.of(question, ping)) {
            var journey = cloud.send("alice", packet);
            JourneyAssert.assertThat(journey).comesOutAt("alice");
            assertThat(limits(cloud, journey)).isEmpty();
        }
    }

    @Test
    void aPortAcrossATunnelIsLimitedWhereItIs() {
        var cloud = cloud("policy gold egress 1000 ingress 3000\napply gold to network blue");
        var journey = cloud.send(
                "alice",
                eth().from(":0a").to(":0c").ip4("10.0.0.10", "10.0.0.12").udp(1, 2));
        assertThat(limits(cloud, journey))
                .containsExactly("1000 kbit/s, 800 kbit at once", "3000 kbit/s, 2400 kbit at once");
    }

    @Test
    void whatAPortSendsIsMarkedAndKeepsItsWordOfCongestion() {
        var cloud = cloud("policy gold mark 46\napply gold to port alice");
        var congested4 = (Ipv4Packet) toBob().frame().payload();
        var v4 = eth().from(":0a")
                .to(":0b")
                .carrying(new Ipv4Packet(
                        8,
                        3,
                        congested4.id(),
                        congested4.dontFragment(),
                        false,
                        0,
                        64,
                        congested4.source(),
                        congested4.destination(),
                        congested4.options(),
                        congested4.transport()));
        var plain6 = (Ipv6Packet)
                eth().ip6("2001:db8::a", "2001:db8::b").udp(1, 2).frame().payload();
        var v6 = eth().from(":0a")
                .to(":0b")
                .carrying(new Ipv6Packet(
                        8, 2, 7, 64, plain6.source(), plain6.destination(), plain6.extensions(), plain6.transport()));
        var at4 = atBob(cloud.send("alice", v4));
        assertThat(at4.number(Header.IP_DSCP)).isEqualTo(46);
        assertThat(at4.number(Header.IP_ECN)).isEqualTo(3);
        var at6 = atBob(cloud.send("alice", v6));
        assertThat(at6.number(Header.IP_DSCP)).isEqualTo(46);
        assertThat(at6.number(Header.IP_ECN)).isEqualTo(2);
        assertThat(at6.number(Header.IPV6_FLABEL)).isEqualTo(7);
    }

    @Test
    void whatAPortGetsKeepsTheMarkOfItsSender() {
        var cloud = cloud("policy gold mark 46\napply gold to port bob");
        assertThat(atBob(cloud.send("alice", toBob())).number(Header.IP_DSCP)).isZero();
    }

    @Test
    void aMarkAndALimitGoTogether() {
        var cloud = cloud("policy gold mark 0 egress 1000\napply gold to port alice");
        var journey = cloud.send("alice", toBob());
        assertThat(limits(cloud, journey)).containsExactly("1000 kbit/s, 800 kbit at once");
        assertThat(atBob(journey).number(Header.IP_DSCP)).isZero();
    }

    @Test
    void aCopyThatIsOverItsLimitTakesNoOtherWithIt() {
        var cloud = cloud("policy gold ingress 1000\napply gold to port open1");
        var toAll =
                eth().from(":22").to(ALL_NODES).ip4("10.0.0.10", "10.0.0.255").udp(1, 2);
        var journey = cloud.send("open2", toAll);
        JourneyAssert.assertThat(journey).comesOutAt("alice", "bob", "carol", "open1", "open3");
        assertThat(limits(cloud, journey)).containsExactly("1000 kbit/s, 800 kbit at once");
        var alone = passes(journey.hops().getFirst().trace().steps()).stream()
                .filter(pass ->
                        pass.stream().anyMatch(step -> step instanceof Step.Did(int _, Action.Metered _, var _, var _)))
                .toList();
        assertThat(alone).as("a pass with a meter").hasSize(1);
        assertThat(alone.getFirst())
                .filteredOn(step -> step instanceof Step.Did(int _, Action.Output _, var _, var _))
                .as("what comes out in the pass")
                .hasSize(1);
    }

    /** What happens in each pass that begins with a packet that comes back from connection tracking. */
    private static List<List<Step>> passes(List<Step> steps) {
        return IntStream.range(1, steps.size())
                .filter(i -> steps.get(i) instanceof Step.Entered)
                .mapToObj(i -> steps.subList(i + 1, steps.size()).stream()
                        .takeWhile(step -> step.depth() >= steps.get(i).depth())
                        .toList())
                .toList();
    }

    @Test
    void aCopyThatIsNotIpIsNotLimited() {
        var cloud = cloud("policy gold ingress 1000\napply gold to port open1");
        var journey = cloud.send("alice", eth().from(":0a").arpRequest("10.0.0.10", "10.0.0.10"));
        JourneyAssert.assertThat(journey).comesOutAt("bob", "carol", "open1", "open2", "open3");
        assertThat(limits(cloud, journey)).isEmpty();
    }

    @Test
    void aPolicyChangesAndGoesWhileItIsCarried() {
        var scenario = Scenario.of(BLUE_AND_RED + "policy gold egress 1000\napply gold to port alice");
        var cloud = Cloud.of(scenario);
        cloud.change(scenario.and("policy gold egress 2000 packets egress 1"));
        assertThat(limits(cloud, cloud.send("alice", toBob())))
                .containsExactly("2000 kbit/s, 1600 kbit at once", "1000 packets/s, 800 packets at once");
        cloud.change(scenario.without(PacketRateLimitRule.class, "gold egress"));
        assertThat(limits(cloud, cloud.send("alice", toBob()))).containsExactly("2000 kbit/s, 1600 kbit at once");
        cloud.change(scenario.and("policy silver egress 500\napply silver to port alice"));
        assertThat(limits(cloud, cloud.send("alice", toBob()))).containsExactly("500 kbit/s, 400 kbit at once");
        cloud.change(scenario.and("port alice on blue mac :0a ip 10.0.0.10 ip 2001:db8::a at hv1 groups web"));
        assertThat(limits(cloud, cloud.send("alice", toBob()))).isEmpty();
        assertThat(meters(cloud, "hv1").keySet())
                .allMatch(id -> id <= org.dragonflow.model.Port.LARGEST_KEY || id == MeterKind.PUNTS_OF_TUNNELS.of(0));
    }
}

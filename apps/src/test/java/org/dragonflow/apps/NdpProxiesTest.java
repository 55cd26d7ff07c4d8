package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;

import java.util.List;
import org.dragonflow.address.Ipv6;
import org.dragonflow.compile.Announcement;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NeighbourDiscovery.NeighbourAdvertisement;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.dragonflow.trace.testing.JourneyAssert;
import org.junit.jupiter.api.Test;

/** IPv6 addresses inside for which routers answer outside: alice's is, bob's is not. hv2 stands for the router. */
class NdpProxiesTest {
    private static final String ALICE = "2001:db8:1::a";
    private static final String BOB = "2001:db8:1::b";
    private static final String FAR = "2001:db8:ff::1";
    private static final String CLOUD = """
            chassis hv1 192.0.2.1 wires physnet1
            chassis hv2 192.0.2.2 wires physnet1
            network blue
            subnet blue6 on blue 2001:db8:1::/64
            router r1
            port r1blue on blue mac :b1 ip 2001:db8:1::1 of r1
            port alice on blue mac :0a ip 2001:db8:1::a at hv1 open
            port bob   on blue mac :0b ip 2001:db8:1::b at hv1 open
            network out flat on physnet1
            subnet out6 on out 2001:db8:ff::/64 gateway 2001:db8:ff::1
            gateway r1 on out mac :c1 ip 2001:db8:ff::5 at hv2
            proxy p1 of r1 for alice 2001:db8:1::a
            """;

    private static Journey ask(Cloud cloud, String address) {
        var group = Ipv6.parse(address).solicitedNode();
        return cloud.sendOn(
                "physnet1",
                eth().from(":99").to(group.multicastMac().toString()).ndSolicit(FAR, address));
    }

    private static NeighbourAdvertisement answer(Journey journey) {
        JourneyAssert.assertThat(journey).comesOutAt("physnet1");
        Ethernet frame = journey.at("physnet1").getFirst().ethernet();
        return (NeighbourAdvertisement) ((Ipv6Packet) frame.payload()).transport();
    }

    @Test
    void whoAsksOutsideForTheAddressIsToldTheRouterAndReachesTheServerByIt() {
        var cloud = Cloud.of(CLOUD);
        var answer = answer(ask(cloud, ALICE));
        assertThat(answer.target()).hasToString(ALICE);
        assertThat(answer.targetMac()).contains(Draft.mac(":c1"));
        JourneyAssert.assertThat(cloud.sendOn(
                        "physnet1", eth().from(":99").to(":c1").ip6(FAR, ALICE).udp(1, 2)))
                .comesOutAt("alice");
    }

    @Test
    void forNoOtherAddressIsAnsweredAndNotWhenTheRouterMayNot() {
        assertThat(ask(Cloud.of(CLOUD), BOB).at("physnet1")).isEmpty();
        assertThat(ask(Cloud.of(CLOUD.replace("proxy p1 of r1 for alice 2001:db8:1::a\n", "")), ALICE)
                        .at("physnet1"))
                .isEmpty();
    }

    private static Journey send(Cloud cloud, String from, String to) {
        return cloud.sendOn(
                "physnet1", eth().from(":99").to(":c1").ip6(from, to).udp(1, 2));
    }

    @Test
    void nobodyElseIsReachedByTheRouterNotEvenToBeAnswered() {
        var cloud = Cloud.of(CLOUD);
        JourneyAssert.assertThat(cloud.send(
                        "bob", eth().from(":0b").to(":b1").ip6(BOB, FAR).udp(2, 1)))
                .isPunted();
        JourneyAssert.assertThat(send(cloud, FAR, BOB)).isNotPunted().comesOutAt();
        var without = Cloud.of(CLOUD.replace("proxy p1 of r1 for alice 2001:db8:1::a\n", ""));
        JourneyAssert.assertThat(send(without, FAR, BOB)).comesOutAt("bob");
    }

    @Test
    void amongThemselvesTheyAreReachedAsEver() {
        var cloud = Cloud.of(CLOUD + """
                network red
                subnet red6 on red 2001:db8:2::/64
                port r1red on red mac :b2 ip 2001:db8:2::1 of r1
                port carol on red mac :0d ip 2001:db8:2::d at hv2 open
                """);
        JourneyAssert.assertThat(cloud.send(
                        "carol",
                        eth().from(":0d").to(":b2").ip6("2001:db8:2::d", BOB).udp(1, 2)))
                .comesOutAt("bob");
        JourneyAssert.assertThat(send(cloud, FAR, "2001:db8:2::d")).comesOutAt();
    }

    @Test
    void theRouterItselfIsReachedFromOutside() {
        JourneyAssert.assertThat(Cloud.of(CLOUD)
                        .sendOn(
                                "physnet1",
                                eth().from(":99")
                                        .to(":c1")
                                        .ip6(FAR, "2001:db8:ff::5")
                                        .icmpEcho()))
                .comesOutAt("physnet1");
    }

    @Test
    void theWireIsToldOfItWhereTheRouterIs() {
        assertThat(told("hv1")).isEmpty();
        assertThat(told("hv2"))
                .singleElement()
                .satisfies(one -> assertThat(one.packets())
                        .extracting(
                                frame -> ((NeighbourAdvertisement) ((Ipv6Packet) frame.payload()).transport()).target())
                        .containsExactly(Ipv6.parse("2001:db8:ff::5"), Ipv6.parse(ALICE)));
    }

    private static List<Announcement> told(String chassis) {
        var topology = Cloud.of(CLOUD).compiler(chassis).topology();
        return WireAnnouncements.announcer(Id.of(Chassis.class, chassis))
                .announcements()
                .apply(topology)
                .toList();
    }
}

package org.dragonflow.apps;

import static org.dragonflow.apps.Tables.CLASSIFY;
import static org.dragonflow.apps.Tables.PORT_SECURITY;
import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import java.util.List;
import java.util.Optional;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Dhcpv4;
import org.dragonflow.packet.Dhcpv4MessageType;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Udp;
import org.dragonflow.packet.VlanTag;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;

/** Alice has a card that carries further ports: web and db on the red network, twin on her own. */
class TrunksTest {
    private static final int WEB = 101;
    private static final int DB = 102;
    private static final int TWIN = 103;

    private static final String CLOUD = """
            chassis hv1 192.0.2.1 wires physnet1
            chassis hv2 192.0.2.2
            network blue
            subnet blue4 on blue 10.0.0.0/24 gateway 10.0.0.1 dhcp
            network red
            subnet red4 on red 10.0.1.0/24 gateway 10.0.1.1 dhcp
            subnet red6 on red 2001:db8:1::/64 gateway 2001:db8:1::1 mode slaac
            router r1
            port r1blue on blue mac :b1 ip 10.0.0.1 of r1
            port r1red on red mac :c1 ip 10.0.1.1 ip 2001:db8:1::1 of r1
            group all
            rule all egress
            rule all egress ipv6
            rule all ingress
            rule all ingress ipv6
            group shy
            rule shy egress
            rule shy ingress tcp 80
            port alice on blue mac :0a ip 10.0.0.10 at hv1 groups all pair 10.0.0.99 :99
            port web on red mac :0a ip 10.0.1.10 ip 2001:db8:1::a at hv1 groups all pair 10.0.1.99 :99
            port db on red mac :1b ip 10.0.1.11 at hv1 groups shy
            port twin on blue mac :1c ip 10.0.0.12 at hv1 groups all
            port bob on red mac :0b ip 10.0.1.20 at hv1 groups all
            port carol on red mac :0c ip 10.0.1.30 at hv2 groups all
            port dave on blue mac :0d ip 10.0.0.40 at hv2 groups all
            port far on red mac :1d ip 10.0.1.40 at hv2 groups all
            trunk alice carries web 101 db 102 twin 103
            trunk dave carries far 7
            """;

    private static Draft ping(String mac, String to, String source, String destination) {
        return eth().from(mac).to(to).ip4(source, destination).icmpEcho();
    }

    private static Draft fromWeb() {
        return ping(":0a", ":0b", "10.0.1.10", "10.0.1.20").vlan(WEB);
    }

    /** The VLAN ids of the frames that came out at a port, 0 for those without a tag. */
    private static List<Integer> tags(Journey journey, String port) {
        return journey.at(port).stream()
                .map(packet -> packet.ethernet().tags().stream()
                        .findFirst()
                        .map(VlanTag::id)
                        .orElse(0))
                .toList();
    }

    private static void expect(Journey journey, String port, int vlan) {
        assertThat(journey).comesOutAt(port);
        org.assertj.core.api.Assertions.assertThat(tags(journey, port)).containsExactly(vlan);
    }

    @Test
    void whatASubportSendsIsOnItsNetworkWithoutTheTag() {
        var cloud = Cloud.of(CLOUD);
        expect(cloud.send("alice", fromWeb()), "bob", 0);
        expect(cloud.send("alice", ping(":0a", ":0c", "10.0.1.10", "10.0.1.30").vlan(WEB)), "carol", 0);
    }

    @Test
    void whatIsForASubportComesOutOfTheCardWithItsTag() {
        var cloud = Cloud.of(CLOUD);
        expect(cloud.send("bob", ping(":0b", ":0a", "10.0.1.20", "10.0.1.10")), "alice", WEB);
        expect(cloud.send("carol", ping(":0c", ":0a", "10.0.1.30", "10.0.1.10")), "alice", WEB);
    }

    @Test
    void twoTrunksMayTellTheSameNetworkApartByDifferentTags() {
        var cloud = Cloud.of(CLOUD);
        expect(cloud.send("alice", ping(":0a", ":1d", "10.0.1.10", "10.0.1.40").vlan(WEB)), "dave", 7);
        expect(cloud.send("dave", ping(":1d", ":0a", "10.0.1.40", "10.0.1.10").vlan(7)), "alice", WEB);
    }

    @Test
    void whatTheCardSendsWithoutATagIsItsOwnPorts() {
        var cloud = Cloud.of(CLOUD);
        expect(cloud.send("alice", ping(":0a", ":0d", "10.0.0.10", "10.0.0.40")), "dave", 0);
        expect(cloud.send("dave", ping(":0d", ":0a", "10.0.0.40", "10.0.0.10")), "alice", 0);
    }

    @Test
    void aTagThatNoSubportHasIsNobodys() {
        var cloud = Cloud.of(CLOUD);
        assertThat(cloud.send(
                        "alice", ping(":0a", ":0d", "10.0.0.10", "10.0.0.40").vlan(9)))
                .isDroppedIn(CLASSIFY);
        assertThat(cloud.send(
                        "bob", ping(":0b", ":0a", "10.0.1.20", "10.0.1.10").vlan(WEB)))
                .isDroppedIn(CLASSIFY);
    }

    @Test
    void aTagWithinTheTagGoesNoFurther() {
        var twice = eth().from(":0a")
                .to(":0b")
                .vlan(WEB)
                .vlan(5)
                .ip4("10.0.1.10", "10.0.1.20")
                .icmpEcho();
        assertThat(Cloud.of(CLOUD).send("alice", twice)).isDroppedIn(PORT_SECURITY);
        var open = Scenario.of(CLOUD).and("""
                port web on red mac :0a ip 10.0.1.10 at hv1 open
                trunk alice carries web 101
                """);
        assertThat(Cloud.of(open).send("alice", twice)).isDroppedIn(PORT_SECURITY);
    }

    @Test
    void portsOfOneCardReachEachOtherThroughIt() {
        var cloud = Cloud.of(CLOUD);
        expect(cloud.send("alice", ping(":1b", ":0a", "10.0.1.11", "10.0.1.10").vlan(DB)), "alice", WEB);
        expect(cloud.send("alice", ping(":0a", ":1c", "10.0.0.10", "10.0.0.12")), "alice", TWIN);
        expect(cloud.send("alice", ping(":1c", ":0a", "10.0.0.12", "10.0.0.10").vlan(TWIN)), "alice", 0);
    }

    @Test
    void routingBetweenPortsOfOneCardComesBackToIt() {
        var cloud = Cloud.of(CLOUD);
        expect(cloud.send("alice", ping(":0a", ":b1", "10.0.0.10", "10.0.1.10")), "alice", WEB);
        expect(cloud.send("alice", ping(":0a", ":c1", "10.0.1.10", "10.0.0.10").vlan(WEB)), "alice", 0);
        expect(cloud.send("alice", ping(":0a", ":c1", "10.0.1.10", "10.0.0.40").vlan(WEB)), "dave", 0);
    }

    @Test
    void aBroadcastComesOnceToEachOtherPortOfTheNetwork() {
        var cloud = Cloud.of(CLOUD);
        var ofWeb = cloud.send(
                "alice",
                ping(":0a", "ff:ff:ff:ff:ff:ff", "10.0.1.10", "10.0.1.255").vlan(WEB));
        assertThat(ofWeb).comesOutAt("bob", "carol", "dave");
        org.assertj.core.api.Assertions.assertThat(tags(ofWeb, "dave")).containsExactly(7);
        var ofAlice = cloud.send("alice", ping(":0a", "ff:ff:ff:ff:ff:ff", "10.0.0.10", "10.0.0.255"));
        assertThat(ofAlice).comesOutAt("alice", "dave");
        org.assertj.core.api.Assertions.assertThat(tags(ofAlice, "alice")).containsExactly(TWIN);
    }

    @Test
    void aSubportHasGroupsOfItsOwn() {
        var cloud = Cloud.of(CLOUD);
        var http = eth().from(":0b").to(":1b").ip4("10.0.1.20", "10.0.1.11");
        expect(cloud.send("bob", http.tcp(40_000, 80)), "alice", DB);
        assertThat(cloud.send("bob", http.tcp(40_000, 81))).isDropped();
        // What its card's own port may get, and what another subport has begun, opens nothing here.
        cloud.send(
                "alice",
                eth().from(":0a")
                        .to(":0b")
                        .ip4("10.0.1.10", "10.0.1.20")
                        .tcp(81, 40_000)
                        .vlan(WEB));
        assertThat(cloud.send("bob", http.tcp(40_000, 81))).isDropped();
        cloud.send(
                "alice",
                eth().from(":1b")
                        .to(":0b")
                        .ip4("10.0.1.11", "10.0.1.20")
                        .tcp(81, 40_000)
                        .vlan(DB));
        expect(cloud.send("bob", http.tcp(40_000, 81)), "alice", DB);
    }

    @Test
    void aSubportSpeaksWithItsOwnAddressesOnly() {
        var cloud = Cloud.of(CLOUD);
        assertThat(cloud.send(
                        "alice", ping(":0a", ":0b", "10.0.0.10", "10.0.1.20").vlan(WEB)))
                .isDroppedIn(PORT_SECURITY);
        assertThat(cloud.send(
                        "alice", ping(":1b", ":0b", "10.0.1.10", "10.0.1.20").vlan(WEB)))
                .isDroppedIn(PORT_SECURITY);
        assertThat(cloud.send("alice", ping(":1b", ":0d", "10.0.1.11", "10.0.0.40")))
                .isDroppedIn(PORT_SECURITY);
    }

    @Test
    void childrenBehindAPortAreToldApartByTheirAddressesWhereAPairAllowsIt() {
        var cloud = Cloud.of(CLOUD);
        expect(cloud.send("alice", ping(":99", ":0d", "10.0.0.99", "10.0.0.40")), "dave", 0);
        expect(cloud.send("dave", ping(":0d", ":99", "10.0.0.40", "10.0.0.99")), "alice", 0);
        expect(cloud.send("alice", ping(":99", ":0b", "10.0.1.99", "10.0.1.20").vlan(WEB)), "bob", 0);
        expect(cloud.send("bob", ping(":0b", ":99", "10.0.1.20", "10.0.1.99")), "alice", WEB);
    }

    @Test
    void theSwitchAnswersASubportWithItsTag() {
        var journey = Cloud.of(CLOUD)
                .send(
                        "alice",
                        eth().from(":0a").arpRequest("10.0.1.10", "10.0.1.20").vlan(WEB));
        expect(journey, "alice", WEB);
        org.assertj.core.api.Assertions.assertThat(frame(journey).payload())
                .isInstanceOfSatisfying(
                        Arp.class,
                        arp -> org.assertj.core.api.Assertions.assertThat(arp.senderMac())
                                .isEqualTo(Draft.mac(":0b")));
        expect(
                Cloud.of(CLOUD)
                        .send(
                                "alice",
                                ping(":0a", ":c1", "10.0.1.10", "10.0.1.1").vlan(WEB)),
                "alice",
                WEB);
    }

    private static Ethernet frame(Journey journey) {
        return journey.at("alice").getFirst().ethernet();
    }

    @Test
    void theControllerAnswersASubportWithItsTagAndItsAddress() {
        var question = Dhcpv4.request(Dhcpv4MessageType.DISCOVER, 7, Draft.mac(":0a"));
        var broadcast = eth().from(":0a").to(Mac.BROADCAST).ip4("0.0.0.0", "255.255.255.255");
        var cloud = Cloud.of(CLOUD);
        var ofWeb = cloud.send("alice", broadcast.udp(68, 67, question.encode()).vlan(WEB));
        expect(ofWeb, "alice", WEB);
        org.assertj.core.api.Assertions.assertThat(offered(ofWeb)).hasToString("10.0.1.10");
        var ofAlice = cloud.send("alice", broadcast.udp(68, 67, question.encode()));
        expect(ofAlice, "alice", 0);
        org.assertj.core.api.Assertions.assertThat(offered(ofAlice)).hasToString("10.0.0.10");
        // A router says that it has no way.
        expect(
                cloud.send(
                        "alice", ping(":0a", ":c1", "10.0.1.10", "198.51.100.1").vlan(WEB)),
                "alice",
                WEB);
    }

    private static Ipv4 offered(Journey journey) {
        var udp = (Udp) ((Ipv4Packet) frame(journey).payload()).transport();
        return Dhcpv4.decode(udp.payload()).orThrow().yiaddr();
    }

    @Test
    void routersAdvertiseThemselvesToASubportWithItsTag() {
        var topology = Cloud.of(CLOUD).compiler("hv1").topology();
        var web = Id.of(Port.class, "web");
        var told = Apps.standard(Id.of(Chassis.class, "hv1")).stream()
                .flatMap(app -> app.announcers().stream())
                .flatMap(announcer -> announcer.announcements().apply(topology))
                .filter(announcement -> announcement.listener().endsWith(" " + web))
                .toList();
        org.assertj.core.api.Assertions.assertThat(told).hasSize(1);
        org.assertj.core.api.Assertions.assertThat(told.getFirst().packets())
                .isNotEmpty()
                .allMatch(packet -> packet.tags().equals(List.of(VlanTag.of(WEB))));
    }

    @Test
    void theServicesOfTheChassisKnowASubportFromItsCard() {
        var cloud = Cloud.of(CLOUD);
        var asked = cloud.send(
                "alice",
                eth().from(":0a")
                        .to(Metadata.MAC)
                        .ip4("10.0.1.10", "169.254.169.254")
                        .tcp(40_000, 80)
                        .vlan(WEB));
        assertThat(asked).comesOutAt(Cloud.SERVICES);
        var pseudonym =
                ((Ipv4Packet) asked.at(Cloud.SERVICES).getFirst().ethernet().payload()).source();
        org.assertj.core.api.Assertions.assertThat(Pseudonym.keyOf(pseudonym))
                .isEqualTo(Optional.of(Scenario.of(CLOUD).port("web").key()));
        expect(
                cloud.serve(
                        "hv1",
                        eth().from(Metadata.MAC)
                                .to(Metadata.MAC)
                                .ip4("169.254.169.254", pseudonym.toString())
                                .tcp(80, 40_000, org.dragonflow.packet.Tcp.SYN | org.dragonflow.packet.Tcp.ACK)),
                "alice",
                WEB);
    }

    @Test
    void aFloatingIpLeadsToASubport() {
        var outside = Scenario.of(CLOUD).and("""
                network out flat on physnet1
                subnet out4 on out 203.0.113.0/24 gateway 203.0.113.1
                gateway r1 on out mac :c9 ip 203.0.113.5 at hv1
                floating f1 on out mac :f1 ip 203.0.113.7 of r1 for web 10.0.1.10 at hv1
                """);
        var cloud = Cloud.of(outside);
        var packet =
                eth().from(":ee").to(":f1").ip4("203.0.113.99", "203.0.113.7").icmpEcho();
        expect(cloud.sendOn("physnet1", packet), "alice", WEB);
    }

    @Test
    void subportsComeAndGoWhileTheCardStays() {
        var scenario = Scenario.of(CLOUD);
        var cloud = Cloud.of(scenario);
        var toWeb = ping(":0b", ":0a", "10.0.1.20", "10.0.1.10");
        cloud.change(scenario.and("trunk alice carries db 102 twin 103"));
        assertThat(cloud.send("alice", fromWeb())).isDroppedIn(CLASSIFY);
        assertThat(cloud.send("bob", toWeb)).isDropped();
        expect(cloud.send("alice", ping(":0a", ":0d", "10.0.0.10", "10.0.0.40")), "dave", 0);
        cloud.change(scenario.and("trunk alice carries db 102 twin 103 web 900"));
        expect(cloud.send("bob", toWeb), "alice", 900);
        cloud.change(scenario.without(org.dragonflow.model.Trunk.class, "alice"));
        assertThat(cloud.send("bob", toWeb)).isDropped();
        var flows = cloud.compiler("hv1").flows().entries().toString();
        org.assertj.core.api.Assertions.assertThat(flows).doesNotContain("push_vlan");
    }
}

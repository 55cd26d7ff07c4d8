package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.IpPacket;
import org.dragonflow.packet.Tcp;
import org.dragonflow.trace.Draft;
import org.junit.jupiter.api.Test;

class MetadataTest {
    private static final String SERVICE = "169.254.169.254";
    private static final String SERVICE6 = "fe80::a9fe:a9fe";

    /** Alice and eve have the same addresses, on networks that lead nowhere; bob is behind a router. */
    private static final String WORLD = """
            chassis hv1 192.0.2.1
            chassis hv2 192.0.2.2
            network blue
            subnet blue4 on blue 10.0.0.0/24
            network red
            subnet red4 on red 10.0.0.0/24
            network green
            subnet green4 on green 10.2.0.0/24
            router r1
            port gate on green mac :fe ip 10.2.0.1 of r1
            group out
            rule out egress
            rule out egress ipv6
            group loose stateless
            rule loose egress
            group none
            port alice on blue  mac :0a ip 10.0.0.10 at hv1 groups out pair 10.0.0.99 :99
            port eve   on red   mac :0a ip 10.0.0.10 at hv1 groups out
            port bob   on green mac :0b ip 10.2.0.10 at hv1 groups loose
            port shut  on blue  mac :0c ip 10.0.0.12 at hv1 groups none
            """;

    private final Scenario scenario = Scenario.of(WORLD);
    private final Cloud cloud = Cloud.of(scenario);

    private static Draft ask(String mac, String address) {
        return eth().from(mac).to(":fd").ip4(address, SERVICE).tcp(1000, 80);
    }

    /** What the service sees of the sender. */
    private String seenAs(String port, Draft packet) {
        var journey = cloud.send(port, packet);
        assertThat(journey).comesOutAt(Cloud.SERVICES);
        return ((IpPacket) frame(journey.at(Cloud.SERVICES).getFirst()).payload())
                .source()
                .toString();
    }

    private static Ethernet frame(org.dragonflow.trace.Packet packet) {
        return packet.ethernet();
    }

    private Draft answer(String pseudonym) {
        return eth().from(Metadata.MAC).to(Metadata.MAC).ip4(SERVICE, pseudonym).tcp(80, 1000, Tcp.SYN | Tcp.ACK);
    }

    @Test
    void portsWithTheSameAddressAreToldApart() {
        var alice = seenAs("alice", ask(":0a", "10.0.0.10"));
        var eve = seenAs("eve", ask(":0a", "10.0.0.10"));
        assertThat(Pseudonym.keyOf(Ipv4.parse(alice)))
                .contains(scenario.port("alice").key());
        assertThat(Pseudonym.keyOf(Ipv4.parse(eve)))
                .contains(scenario.port("eve").key());
    }

    @Test
    void theAnswerComesBackToWhoAskedAndToHisAddress() {
        seenAs("eve", ask(":0a", "10.0.0.10"));
        var pseudonym = seenAs("alice", ask(":0a", "10.0.0.10"));
        var journey = cloud.serve("hv1", answer(pseudonym));
        assertThat(journey).comesOutAt("alice");
        var frame = frame(journey.at("alice").getFirst());
        assertThat(frame.destination()).isEqualTo(Scenario.mac(":0a"));
        assertThat(((IpPacket) frame.payload()).destination()).hasToString("10.0.0.10");
        assertThat(((IpPacket) frame.payload()).source()).hasToString(SERVICE);
    }

    @Test
    void anAddressThatThePortMayUseBesideItsOwnIsAnsweredToToo() {
        var pseudonym = seenAs("alice", ask(":99", "10.0.0.99"));
        var journey = cloud.serve("hv1", answer(pseudonym));
        assertThat(journey).comesOutAt("alice");
        var frame = frame(journey.at("alice").getFirst());
        assertThat(frame.destination()).isEqualTo(Scenario.mac(":99"));
        assertThat(((IpPacket) frame.payload()).destination()).hasToString("10.0.0.99");
    }

    @Test
    void aServerBehindARouterReachesItThroughItsGatewayAndStatelessGroupsLetTheAnswerIn() {
        var pseudonym = seenAs(
                "bob", eth().from(":0b").to(":fe").ip4("10.2.0.10", SERVICE).tcp(1000, 80));
        assertThat(cloud.serve("hv1", answer(pseudonym))).comesOutAt("bob");
    }

    @Test
    void itIsReachedOverIpv6FromTheLinkLocalAddress() {
        var own = Scenario.mac(":0a").linkLocal().toString();
        var ask = eth().from(":0a").to(Metadata.MAC).ip6(own, SERVICE6).tcp(1000, 80);
        var pseudonym = seenAs("alice", ask);
        assertThat(Pseudonym.keyOf(Ipv6.parse(pseudonym)))
                .contains(scenario.port("alice").key());
        var back = eth().from(Metadata.MAC)
                .to(Metadata.MAC)
                .ip6(SERVICE6, pseudonym)
                .tcp(80, 1000, Tcp.SYN | Tcp.ACK);
        var journey = cloud.serve("hv1", back);
        assertThat(journey).comesOutAt("alice");
        assertThat(((IpPacket) frame(journey.at("alice").getFirst()).payload()).destination())
                .hasToString(own);
    }

    @Test
    void itsLinkLayerAddressIsAnsweredOnANetworkWithoutARouter() {
        var arp = cloud.send("alice", eth().from(":0a").arpRequest("10.0.0.10", SERVICE));
        assertThat(arp).comesOutAt("alice");
        assertThat(frame(arp.at("alice").getFirst()).source()).isEqualTo(Metadata.MAC);
        var own = Scenario.mac(":0a").linkLocal().toString();
        assertThat(cloud.send("alice", eth().from(":0a").ndSolicit(own, SERVICE6)))
                .comesOutAt("alice");
    }

    @Test
    void aSubnetThatHasTheAddressKeepsIt() {
        var other = Cloud.of(Scenario.of(WORLD).and("""
                network odd
                subnet odd4 on odd 169.254.0.0/16
                port dora on odd mac :0d ip 169.254.0.10 at hv1 groups out
                port mine on odd mac :0e ip 169.254.169.254 at hv1 open
                """));
        var ask = eth().from(":0d").to(":0e").ip4("169.254.0.10", SERVICE).tcp(1000, 80);
        assertThat(other.send("dora", ask)).comesOutAt("mine");
    }

    @Test
    void whatNoEgressRuleAllowsDoesNotReachIt() {
        assertThat(cloud.send("shut", ask(":0c", "10.0.0.12"))).isDroppedIn(Tables.FROM_PORT_VERDICT);
    }

    @Test
    void whatBelongsToNoConnectionCannotReachItUnderItsOwnAddress() {
        var stray = eth().from(":0a").to(":fd").ip4("10.0.0.10", SERVICE).tcp(1000, 80, Tcp.SYN | Tcp.ACK);
        var unfiltered = Cloud.of(Scenario.of(WORLD).and("port alice on blue mac :0a ip 10.0.0.10 at hv1 open"));
        assertThat(unfiltered.send("alice", stray)).isDroppedIn(Tables.METADATA_OUT);
    }

    @Test
    void aServiceBeginsNothingByItself() {
        var pseudonym = Pseudonym.v4(scenario.port("alice").key()).toString();
        var unasked = eth().from(Metadata.MAC)
                .to(Metadata.MAC)
                .ip4(SERVICE, pseudonym)
                .tcp(80, 22);
        assertThat(cloud.serve("hv1", unasked)).isDroppedIn(Tables.METADATA_BACK);
    }

    @Test
    void everyKeyHasAPseudonymThatAKernelTakesForAHost() {
        for (int key : new int[] {1, 2, 0x5fff_ffff, 0x6000_0000, 0x6000_0001, 0x7fff_ffff}) {
            var v4 = Pseudonym.v4(key);
            assertThat(Pseudonym.keyOf(v4)).contains(key);
            assertThat(Pseudonym.keyOf(Pseudonym.v6(key))).contains(key);
            int first = v4.bits() >>> 24;
            assertThat(first).isNotIn(0, 127, 169).isLessThan(224);
        }
        assertThat(Pseudonym.keyOf(Ipv4.parse("127.0.0.1"))).isEmpty();
        assertThat(Pseudonym.keyOf(Ipv4.parse("192.168.0.1"))).isPresent();
        assertThat(Pseudonym.keyOf(Ipv6.parse("2001:db8::1"))).isEmpty();
    }
}

package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;

import org.dragonflow.trace.Journey;
import org.dragonflow.trace.testing.JourneyAssert;
import org.junit.jupiter.api.Test;

/** Limits of floating IPs, and of the addresses that routers share: alice and bob are behind router r1, for which hv2 stands outside. */
class OutsideQosTest {
    private static final String FAR = "198.51.100.9";
    private static final String GOLD = "policy gold egress 1000 packets ingress 2\n";
    private static final String OUT = "1000 kbit/s, 800 kbit at once";
    private static final String IN = "2000 packets/s, 1600 packets at once";
    private static final String CLOUD = """
            chassis hv1 192.0.2.1 wires physnet1
            chassis hv2 192.0.2.2 wires physnet1
            network blue
            subnet blue4 on blue 10.0.0.0/24
            router r1
            port r1blue on blue mac :b1 ip 10.0.0.1 of r1
            port alice on blue mac :0a ip 10.0.0.10 at hv1 open
            port bob   on blue mac :0b ip 10.0.0.11 at hv2 open
            network out flat on physnet1 SNAT
            subnet out4 on out 203.0.113.0/24 gateway 203.0.113.1
            gateway r1 on out mac :c1 ip 203.0.113.5 at hv2
            """;
    private static final String FLOATING =
            "floating f1 on out mac :f1 ip 203.0.113.7 of r1 for alice 10.0.0.10 at hv1\n";
    private static final String LEASES = """
            lease alice of r1 203.0.113.5 4096 256
            lease bob   of r1 203.0.113.5 4352 256
            """;

    private static Cloud cloud(String... more) {
        return known(Cloud.of(CLOUD.replace(" SNAT", "") + GOLD + String.join("", more)));
    }

    /** The provider's router is known. */
    private static Cloud known(Cloud cloud) {
        return cloud.meets("physnet1", ":99", "203.0.113.1");
    }

    private static Journey out(Cloud cloud, String server) {
        var from = server.equals("alice")
                ? eth().from(":0a").to(":b1")
                : eth().from(":0b").to(":b1");
        var address = server.equals("alice") ? "10.0.0.10" : "10.0.0.11";
        var journey = cloud.send(server, from.ip4(address, FAR).udp(1000, 53));
        JourneyAssert.assertThat(journey).comesOutAt("physnet1");
        return journey;
    }

    private static Journey in(Cloud cloud, String mac, String address, int port) {
        return cloud.sendOn(
                "physnet1", eth().from(":99").to(mac).ip4(FAR, address).udp(53, port));
    }

    @Test
    void whatGoesByAFloatingIpIsHeldToItsLimits() {
        var cloud = cloud(FLOATING, "apply gold to floating f1\n");
        assertThat(QosTest.limits(cloud, out(cloud, "alice"))).containsExactly(OUT);
        var arrived = in(cloud, ":f1", "203.0.113.7", 1000);
        JourneyAssert.assertThat(arrived).comesOutAt("alice");
        assertThat(QosTest.limits(cloud, arrived)).containsExactly(IN);
    }

    @Test
    void insideNothingOfItIsLimited() {
        var cloud = cloud(FLOATING, "apply gold to floating f1\napply gold to router r1\n");
        var journey = cloud.send(
                "alice",
                eth().from(":0a").to(":0b").ip4("10.0.0.10", "10.0.0.11").udp(1, 2));
        JourneyAssert.assertThat(journey).comesOutAt("bob");
        assertThat(QosTest.limits(cloud, journey)).isEmpty();
    }

    @Test
    void whoSharesTheAddressOfTheRouterIsHeldToThatOfItsGateway() {
        var cloud = cloud(FLOATING, LEASES, "apply gold to router r1\n");
        assertThat(QosTest.limits(cloud, out(cloud, "alice")))
                .as("with an address of its own")
                .isEmpty();
        assertThat(QosTest.limits(cloud, out(cloud, "bob"))).containsExactly(OUT);
        var answer = in(cloud, ":c1", "203.0.113.5", 4352);
        JourneyAssert.assertThat(answer).comesOutAt("bob");
        assertThat(QosTest.limits(cloud, answer)).containsExactly(IN);
    }

    @Test
    void anAnswerThatIsPassedOnIsCountedWhereItIsTranslated() {
        var cloud = cloud(LEASES, "apply gold to router r1\n");
        assertThat(QosTest.limits(cloud, out(cloud, "alice"))).containsExactly(OUT);
        var answer = in(cloud, ":c1", "203.0.113.5", 4096);
        JourneyAssert.assertThat(answer).comesOutAt("alice");
        assertThat(QosTest.limits(cloud, answer)).containsExactly(IN);
    }

    @Test
    void whereNeitherHasAPolicyThatOfTheExternalNetworkHolds() {
        var cloud = cloud(FLOATING, LEASES, """
                policy lead egress 3000
                apply lead to network out
                apply gold to floating f1
                """);
        assertThat(QosTest.limits(cloud, out(cloud, "alice"))).containsExactly(OUT);
        assertThat(QosTest.limits(cloud, out(cloud, "bob"))).containsExactly("3000 kbit/s, 2400 kbit at once");
    }

    @Test
    void whatIsForwardedIsOfTheFloatingIpOnItsWayInAndBack() {
        var cloud = cloud("""
                floating f2 on out mac :f2 ip 203.0.113.8 of r1 at hv2
                forward w1 of f2 udp 8053 to alice 10.0.0.10 1000
                """, LEASES, "apply gold to floating f2\n");
        var arrived = in(cloud, ":f2", "203.0.113.8", 8053);
        JourneyAssert.assertThat(arrived).comesOutAt("alice");
        assertThat(QosTest.limits(cloud, arrived)).containsExactly(IN);
        assertThat(QosTest.limits(cloud, out(cloud, "alice"))).containsExactly(OUT);
    }

    @Test
    void whereChassisShareTheirAddressesTheRouterIsStillKnown() {
        var cloud = known(Cloud.of(CLOUD.replace("SNAT", "snat chassis") + GOLD + """
                address hv1 on out mac :d1 ip 203.0.113.21
                apply gold to router r1
                """));
        assertThat(QosTest.limits(cloud, out(cloud, "alice"))).containsExactly(OUT);
        var answer = in(cloud, ":d1", "203.0.113.21", 1000);
        JourneyAssert.assertThat(answer).comesOutAt("alice");
        assertThat(QosTest.limits(cloud, answer)).containsExactly(IN);
    }
}

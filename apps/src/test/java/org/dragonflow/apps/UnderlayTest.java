package org.dragonflow.apps;

import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import org.dragonflow.trace.Draft;
import org.junit.jupiter.api.Test;

/** Tunnels between chassis whose addresses are of IPv6, or of both versions. */
class UnderlayTest {
    private static final String CLOUD = """
            network blue
            subnet blue4 on blue 10.0.0.0/24
            group all
            port alice on blue mac :0a ip 10.0.0.10 at hv1 groups all
            port bob on blue mac :0b ip 10.0.0.11 at hv2 groups all
            port carol on blue mac :0c ip 10.0.0.12 at hv3 groups all
            rule all egress
            rule all ingress
            """;
    private static final String OVER_IPV6 = """
            chassis hv1 2001:db8:ffff::1
            chassis hv2 2001:db8:ffff::2
            chassis hv3 2001:db8:ffff::3
            """ + CLOUD;

    private static Draft to(String mac, String address) {
        return eth().from(":0a").to(mac).ip4("10.0.0.10", address).icmpEcho();
    }

    @Test
    void packetsCrossAnIpv6Underlay() {
        assertThat(Cloud.of(OVER_IPV6).send("alice", to(":0b", "10.0.0.11"))).comesOutAt("bob");
        var vxlan = OVER_IPV6.replace("ffff::2", "ffff::2 vxlan");
        assertThat(Cloud.of(vxlan).send("alice", to(":0b", "10.0.0.11"))).comesOutAt("bob");
        assertThat(Cloud.of(vxlan)
                        .send(
                                "bob",
                                eth().from(":0b")
                                        .to(":0a")
                                        .ip4("10.0.0.11", "10.0.0.10")
                                        .icmpEcho()))
                .comesOutAt("alice");
    }

    @Test
    void aBroadcastCrossesItOnceToEachChassis() {
        assertThat(Cloud.of(OVER_IPV6).send("alice", eth().from(":0a").arpRequest("10.0.0.10", "10.0.0.99")))
                .comesOutAt("bob", "carol");
    }

    @Test
    void chassisOfDifferentVersionsDoNotReachEachOther() {
        var mixed = OVER_IPV6.replace("2001:db8:ffff::3", "192.0.2.3");
        assertThat(Cloud.of(mixed).send("alice", to(":0b", "10.0.0.11"))).comesOutAt("bob");
        assertThat(Cloud.of(mixed).send("alice", to(":0c", "10.0.0.12"))).isDroppedIn(Tables.TO_PORT);
        assertThat(Cloud.of(mixed).send("alice", eth().from(":0a").arpRequest("10.0.0.10", "10.0.0.99")))
                .comesOutAt("bob");
    }

    @Test
    void aStrangersTunnelIsNotHeard() {
        var less = Scenario.of(OVER_IPV6);
        var cloud = Cloud.of(less);
        cloud.change(less.without(org.dragonflow.model.Chassis.class, "hv2"));
        assertThat(cloud.send(
                        "bob",
                        eth().from(":0b")
                                .to(":0a")
                                .ip4("10.0.0.11", "10.0.0.10")
                                .icmpEcho()))
                .isDroppedIn(Tables.TUNNEL_IN);
    }
}

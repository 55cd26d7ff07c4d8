package org.dragonflow.apps;

import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import org.dragonflow.trace.Draft;
import org.junit.jupiter.api.Test;

/** Switching within a network, where nothing else is in the way: no port is held to its addresses or to security groups. */
class L2Test {
    private static final String BLUE_AND_RED = """
            chassis hv1 192.0.2.1
            chassis hv2 192.0.2.2
            network blue
            subnet blue4 on blue 10.0.0.0/24
            network red
            subnet red4 on red 10.0.0.0/24
            port alice on blue mac :0a ip 10.0.0.10 at hv1 open
            port bob   on blue mac :0b ip 10.0.0.11 at hv1 open
            port carol on blue mac :0c ip 10.0.0.12 at hv2 open
            port dave  on blue mac :0d ip 10.0.0.13 at hv2 open
            port eve   on red  mac :0b ip 10.0.0.11 at hv1 open
            """;
    private static final String ALL_NODES = "33:33:00:00:00:01";

    private static Draft from(String source, String destination) {
        return eth().from(source).to(destination).ip4("10.0.0.10", "10.0.0.99").udp(1, 2);
    }

    @Test
    void aPacketGoesToThePortOfItsNetworkThatHasTheAddress() {
        assertThat(Cloud.of(BLUE_AND_RED).send("alice", from(":0a", ":0b"))).comesOutAt("bob");
    }

    @Test
    void aMulticastReachesEachPortOfItsNetworkOnceAndCrossesToAnotherChassisOnce() {
        assertThat(Cloud.of(BLUE_AND_RED).send("alice", from(":0a", ALL_NODES)))
                .comesOutAt("bob", "carol", "dave")
                .takesHops(2);
    }

    @Test
    void aPortThatLeavesIsNoLongerReached() {
        var scenario = Scenario.of(BLUE_AND_RED);
        var cloud = Cloud.of(scenario);
        scenario.without(org.dragonflow.model.Port.class, "bob");
        cloud.change(scenario);
        assertThat(cloud.send("alice", from(":0a", ALL_NODES))).comesOutAt("carol", "dave");
    }

    @Test
    void anAddressThatTwoPortsMayHaveIsTriedAtBoth() {
        var shared = Scenario.of(BLUE_AND_RED)
                .and("port bob   on blue mac :0b ip 10.0.0.11 at hv1 open pair 10.0.0.99 :99")
                .and("port carol on blue mac :0c ip 10.0.0.12 at hv2 open pair 10.0.0.99 :99");
        assertThat(Cloud.of(shared).send("alice", from(":0a", ":99"))).comesOutAt("bob", "carol");
    }
}

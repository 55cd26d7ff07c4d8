package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.it.Tenant.Machine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The way outside by a VLAN of a wire that two chassis are on: alice has a floating IP there, ports of another lead to bob, both are on hv1, and
 * world speaks with that tag.
 */
class VlanNorthSouthTest {
    private static final Duration FAST = Duration.ofMillis(10);
    private static final Duration A_WHILE = Duration.ofSeconds(2);
    private static final int VLAN = 200;
    private static final int WEB = 80;
    private static final int FORWARDED = 8080;
    private static final int LAST_OF_RANGE = 9009;
    private static final int LAST_OF_INNER_RANGE = 7009;
    private static final IpAddress PROVIDER = IpAddress.parse("192.0.2.1");

    private static Cloud cloud;
    private static Tenant tenant;
    private static Outsider world;
    private static Link cable;
    private static Machine alice;
    private static Machine bob;
    private static IpAddress floating;
    private static IpAddress forwarded;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("vlannorth", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        cable = cloud.lab().chassis("hv1").wire("physnet1");
        cloud.lab().chassis("hv2").wire("physnet1");
        world = cloud.lab().outsider("world", "physnet1");
        world.address(world.vlan(VLAN), PROVIDER, 24);
        cloud.startChassis("hv1", "hv2");
        var carrier = new HashMap<>(Tenant.outside("physnet1"));
        carrier.putAll(Map.of("provider:network_type", "vlan", "provider:segmentation_id", VLAN));
        var out = tenant.network("out", "192.0.2.0/24", carrier).id();
        var inside = tenant.network("inside", "10.0.0.0/24");
        var gateway = Map.of("external_gateway_info", Map.of("network_id", out));
        cloud.api().update("routers", "router", tenant.router(inside), gateway);
        var open = Map.of("security_groups", List.of(tenant.openGroup()));
        alice = tenant.machine("alice", inside, "hv1", open);
        bob = tenant.machine("bob", inside, "hv1", open);
        tenant.awaitActive(alice, bob);
        var made = cloud.api()
                .create("floatingips", "floatingip", Map.of("floating_network_id", out, "port_id", alice.port()));
        floating = IpAddress.parse(made.get("floating_ip_address").asString());
        forwarded = forwarding(out);
        Wait.until(
                "ping of " + floating, SOON, () -> world.ping(floating, 3, FAST).allAnswered());
        Tenant.awaitPing(bob, PROVIDER);
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    /** Ports of a new floating IP lead to bob: one and a range, of TCP and of UDP. */
    private static IpAddress forwarding(String outside) {
        var made = cloud.api().create("floatingips", "floatingip", Map.of("floating_network_id", outside));
        for (var protocol : List.of("tcp", "udp")) {
            forward(made.get("id").asString(), protocol, Map.of("external_port", FORWARDED, "internal_port", WEB));
            forward(
                    made.get("id").asString(),
                    protocol,
                    Map.of("external_port_range", "9000:9009", "internal_port_range", "7000:7009"));
        }
        return IpAddress.parse(made.get("floating_ip_address").asString());
    }

    private static void forward(String floatingIp, String protocol, Map<String, ?> ports) {
        var forwarding = new HashMap<String, Object>(ports);
        forwarding.put("protocol", protocol);
        forwarding.put("internal_port_id", bob.port());
        forwarding.put("internal_ip_address", bob.address().toString());
        cloud.api().create("floatingips/%s/port_forwardings".formatted(floatingIp), "port_forwarding", forwarding);
    }

    private static boolean connects(IpAddress target, int port) {
        return world.tcp(target, port, A_WHILE) == Reach.CONNECTED;
    }

    private static boolean isAnswered(IpAddress target, int port) {
        return world.udp(target, port, A_WHILE) == Reach.CONNECTED;
    }

    private static void goesOn(Conversation... all) {
        for (var conversation : all) {
            assertThat(conversation.echoes(1 << 14, SOON)).isTrue();
        }
    }

    private static void assertTagged(Capture wire) {
        assertThat(wire.lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("vlan %d,".formatted(VLAN)));
    }

    @Test
    void aFloatingIpIsReachedByTcpAlsoWhileTheAgentIsKilledAndStarted() {
        try (var _ = alice.server().listenTcp(WEB);
                var wire = world.capture("tcp or (vlan and tcp)");
                var conversation = world.converse(floating, WEB, SOON);
                var pinging = world.pingContinuously(floating, FAST)) {
            goesOn(conversation);
            Restart.losesNothing(
                    cloud.agent("hv1"),
                    () -> {
                        goesOn(conversation);
                        assertThat(connects(floating, WEB)).isTrue();
                    },
                    pinging);
            goesOn(conversation);
            assertThat(connects(floating, WEB)).isTrue();
            assertTagged(wire);
        }
        assertThat(cloud.agent("hv1").flowMods()).isZero();
    }

    @Test
    void portsOfAFloatingIpLeadToAServerByTcpAndUdpAlsoWhileTheAgentIsKilledAndStarted() {
        try (var _ = bob.server().listenTcp(WEB);
                var _ = bob.server().listenUdp(WEB);
                var _ = bob.server().listenTcp(LAST_OF_INNER_RANGE);
                var _ = bob.server().listenUdp(LAST_OF_INNER_RANGE);
                var _ = bob.server().listenTcp(LAST_OF_INNER_RANGE + 1);
                var wire = world.capture("host %1$s or (vlan and host %1$s)".formatted(forwarded));
                var pinging = bob.server().pingContinuously(PROVIDER, FAST)) {
            Wait.until("a forwarded port", SOON, () -> connects(forwarded, FORWARDED));
            try (var conversation = world.converse(forwarded, FORWARDED, SOON)) {
                assertForwarded(conversation);
                Restart.losesNothing(cloud.agent("hv1"), () -> assertForwarded(conversation), pinging);
                assertForwarded(conversation);
            }
            assertTagged(wire);
        }
        assertThat(cloud.agent("hv1").flowMods()).isZero();
    }

    private static void assertForwarded(Conversation conversation) {
        goesOn(conversation);
        for (var port : List.of(FORWARDED, LAST_OF_RANGE)) {
            assertThat(connects(forwarded, port)).as("TCP " + port).isTrue();
            assertThat(isAnswered(forwarded, port)).as("UDP " + port).isTrue();
        }
        assertThat(connects(forwarded, LAST_OF_RANGE + 1)).as("past the range").isFalse();
    }

    @Test
    void connectionsGoOnByAnotherChassisWhileTheLinkIsCutAlsoWhileTheAgentsOfBothAreKilledAndStarted() {
        try (var _ = alice.server().listenTcp(WEB);
                var _ = bob.server().listenTcp(WEB);
                var wire = world.capture("tcp or (vlan and tcp)")) {
            Wait.until("a forwarded port", SOON, () -> connects(forwarded, FORWARDED));
            try (var floats = world.converse(floating, WEB, SOON);
                    var forwards = world.converse(forwarded, FORWARDED, SOON)) {
                assertReached(floats, forwards);
                cable.cut();
                try {
                    cloud.awaitDetours("hv1", 1);
                    assertReached(floats, forwards);
                    staysWhileAgentsAreAway(floats, forwards);
                } finally {
                    cable.mend();
                }
                cloud.awaitDetours("hv1", 0);
                assertReached(floats, forwards);
            }
            assertTagged(wire);
        }
    }

    /** The connections that there are go on, and new ones are made. */
    private static void assertReached(Conversation floats, Conversation forwards) {
        goesOn(floats, forwards);
        assertThat(connects(floating, WEB)).isTrue();
        assertThat(connects(forwarded, FORWARDED)).isTrue();
    }

    private static void staysWhileAgentsAreAway(Conversation floats, Conversation forwards) {
        for (var away : List.of(List.of("hv1"), List.of("hv2"), List.of("hv1", "hv2"))) {
            var agents = away.stream().map(cloud::agent).toList();
            try (var out = bob.server().pingContinuously(PROVIDER, FAST);
                    var in = world.pingContinuously(floating, FAST)) {
                Restart.losesNothing(agents, () -> assertReached(floats, forwards), out, in);
            }
            assertReached(floats, forwards);
            assertThat(agents).allSatisfy(agent -> assertThat(agent.flowMods()).isZero());
        }
    }
}

package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A port that moves from one real switch to another, while a third chassis pings it a hundred times a second. The machine is there twice,
 * before and after, and both answer; so what is lost is lost by the network.
 */
class MigrationTest {
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final int AROUND = 100;
    private static final int MOST_LOST = 3;

    private static Cloud cloud;
    private static Tenant tenant;
    private static Network blue;
    private static Network blue6;
    private static JsonNode port;
    private static Machine carol;
    private static Server before;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("migration", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.startChassis("hv1", "hv2", "hv3");
        var open = tenant.openGroup();
        blue = tenant.network("blue", "10.0.0.0/24");
        blue6 = tenant.subnet(blue.id(), "2001:db8::/64", Map.of());
        port = tenant.port(blue, "hv1", Map.of("device_owner", "compute:nova", "security_groups", List.of(open)));
        carol = tenant.machine("carol", blue, "hv3", Map.of("security_groups", List.of(open)));
        carol.server().address(address(cloud.api().show("ports", "port", carol.port()), 6), 64);
        before = plugged("before", "hv1");
        Wait.until("the port to be ACTIVE", SOON, () -> tenant.status(id()).equals("ACTIVE"));
        Tenant.awaitPing(carol, address(port, 4));
        Tenant.awaitPing(carol, address(port, 6));
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static String id() {
        return port.get("id").asString();
    }

    private static IpAddress address(JsonNode of, int version) {
        return of.get("fixed_ips")
                .valueStream()
                .map(fixed -> IpAddress.parse(fixed.get("ip_address").asString()))
                .filter(address -> address.version() == version)
                .findFirst()
                .orElseThrow();
    }

    private static Server plugged(String name, String chassis) {
        var server = cloud.lab()
                .server(name)
                .withMac(Mac.parse(port.get("mac_address").asString()));
        server.plug(cloud.lab().chassis(chassis), id());
        server.address(address(port, 4), blue.block().length());
        server.address(address(port, 6), blue6.block().length());
        return server;
    }

    private static void activate(String chassis) {
        cloud.api().put("/v2.0/ports/%s/bindings/%s/activate".formatted(id(), chassis), Map.of());
        Wait.until(
                "the port to be ACTIVE at " + chassis,
                SOON,
                () -> tenant.status(id()).equals("ACTIVE"));
    }

    private static boolean isReady(String chassis, Server machine) {
        var ofport = cloud.lab()
                .chassis(chassis)
                .ovsVsctl("get", "Interface", machine.tap(), "ofport")
                .strip();
        return cloud.lab().chassis(chassis).dumpFlows(Chassis.INTEGRATION_BRIDGE).stream()
                .anyMatch(flow -> flow.endsWith("actions=output:" + ofport));
    }

    /** Where pings arrive. */
    private static void assertAnswers(Server machine) {
        try (var arriving = machine.capture("icmp and src " + carol.address())) {
            assertThat(carol.pings(address(port, 4))).isTrue();
            assertThat(arriving.await(3, SOON)).isNotEmpty();
        }
    }

    @Test
    void aPortThatMovesLosesNextToNothingWhetherOrNotTheAgentOfItsNewChassisRuns() {
        cloud.api().post("/v2.0/ports/%s/bindings".formatted(id()), Map.of("binding", Map.of("host", "hv2")), 201);
        var after = plugged("after", "hv2");
        Wait.until("flows at hv2 before the move", SOON, () -> isReady("hv2", after));
        Wait.until(
                "the binding at hv2 to be ready",
                SOON,
                () -> cloud.api()
                        .get("/v2.0/ports/%s/bindings/hv2".formatted(id()))
                        .at("/binding/dragonflow:ready")
                        .asBoolean());
        assertAnswers(before);
        try (var pings = carol.server().pingContinuously(address(port, 4), OFTEN);
                var pings6 = carol.server().pingContinuously(address(port, 6), OFTEN)) {
            pings.awaitAnswers(AROUND, SOON);
            activate("hv2");
            assertAnswers(after);
            pings.awaitAnswers(AROUND, SOON);
            pings6.awaitAnswers(AROUND, SOON);
            assertFewLost("moved to hv2", pings.stop());
            assertFewLost("moved to hv2, IPv6", pings6.stop());
        }
        var agent = cloud.agent("hv1");
        agent.kill();
        try (var pings = carol.server().pingContinuously(address(port, 4), OFTEN);
                var pings6 = carol.server().pingContinuously(address(port, 6), OFTEN)) {
            pings.awaitAnswers(AROUND, SOON);
            pings6.awaitAnswers(AROUND, SOON);
            cloud.api().put("/v2.0/ports/%s/bindings/hv1/activate".formatted(id()), Map.of());
            assertAnswers(before);
            pings.awaitAnswers(AROUND, SOON);
            agent.start();
            agent.awaitSync();
            pings.awaitAnswers(AROUND, SOON);
            pings6.awaitAnswers(AROUND, SOON);
            assertFewLost("moved back to hv1, whose agent was away", pings.stop());
            assertFewLost("moved back to hv1, whose agent was away, IPv6", pings6.stop());
        }
    }

    private static void assertFewLost(String what, Pings pings) {
        System.out.printf(
                "%s: %d of %d lost, longest gap %d ms%n",
                what, pings.lost(), pings.sent(), pings.longestGap().toMillis());
        assertThat(pings.lost()).as(what).isLessThanOrEqualTo(MOST_LOST);
    }
}

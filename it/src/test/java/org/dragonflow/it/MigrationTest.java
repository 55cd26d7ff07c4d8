package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A port that moves from one real switch to another, with those that it carries, while a third chassis pings a hundred times a second. The
 * machine is there twice, before and after, and both answer; so what is lost is lost by the network.
 */
class MigrationTest {
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final int AROUND = 100;
    private static final int MOST_LOST = 3;
    private static final int VLAN = 101;
    private static final int WEB = 80;
    private static final int CLOSED = 81;

    private static Cloud cloud;
    private static Tenant tenant;
    private static String open;
    private static Network blue;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("migration", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.startChassis("hv1", "hv2", "hv3");
        open = tenant.openGroup();
        blue = network("blue", "10.0.0.0/24", "2001:db8::/64");
    }

    private static Network network(String name, String block, String block6) {
        var network = tenant.network(name, block);
        tenant.subnet(network.id(), block6, Map.of());
        return network;
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static IpAddress address(JsonNode of, int version) {
        return of.get("fixed_ips")
                .valueStream()
                .map(fixed -> IpAddress.parse(fixed.get("ip_address").asString()))
                .filter(address -> address.version() == version)
                .findFirst()
                .orElseThrow();
    }

    /** The port of a server that may move. */
    private static JsonNode port() {
        return tenant.port(blue, "hv1", Map.of("device_owner", "compute:nova", "security_groups", List.of(open)));
    }

    /** Who pings, from a chassis that has no part in the move. */
    private static Machine onlooker(String name, Network network) {
        var made = tenant.machine(name, network, "hv3", Map.of("security_groups", List.of(open)));
        made.server().address(address(cloud.api().show("ports", "port", made.port()), 6), 64);
        return made;
    }

    private static Server plugged(String name, String chassis, JsonNode port) {
        var server = server(name, port);
        server.plug(cloud.lab().chassis(chassis), Rest.id(port));
        return addressed(server, port);
    }

    private static Server carried(String name, Server host, JsonNode port) {
        var server = server(name, port);
        server.plugBehind(host, VLAN);
        return addressed(server, port);
    }

    private static Server server(String name, JsonNode port) {
        return cloud.lab()
                .server(name)
                .withMac(Mac.parse(port.get("mac_address").asString()));
    }

    private static Server addressed(Server server, JsonNode port) {
        server.address(address(port, 4), 24);
        server.address(address(port, 6), 64);
        return server;
    }

    private static void awaitActive(JsonNode port) {
        Wait.until(
                "the port to be ACTIVE",
                SOON,
                () -> tenant.status(Rest.id(port)).equals("ACTIVE"));
    }

    private static void bindToo(JsonNode port, String chassis) {
        cloud.api()
                .post(
                        "/v2.0/ports/%s/bindings".formatted(Rest.id(port)),
                        Map.of("binding", Map.of("host", chassis)),
                        201);
    }

    private static void activate(JsonNode port, String chassis) {
        cloud.api().put("/v2.0/ports/%s/bindings/%s/activate".formatted(Rest.id(port), chassis), Map.of());
    }

    /** The chassis says that it is, and so does its switch. */
    private static void awaitReady(JsonNode port, String chassis, Predicate<String> flow) {
        Wait.until(
                "flows at %s before the move".formatted(chassis),
                SOON,
                () -> cloud.lab().chassis(chassis).dumpFlows(Chassis.INTEGRATION_BRIDGE).stream()
                        .anyMatch(flow));
        Wait.until(
                "the binding at %s to be ready".formatted(chassis),
                SOON,
                () -> cloud.api()
                        .get("/v2.0/ports/%s/bindings/%s".formatted(Rest.id(port), chassis))
                        .at("/binding/dragonflow:ready")
                        .asBoolean());
    }

    /** The flow that ends at the machine. */
    private static Predicate<String> endingAt(Server machine, String chassis) {
        var ofport = cloud.lab()
                .chassis(chassis)
                .ovsVsctl("get", "Interface", machine.tap(), "ofport")
                .strip();
        return flow -> flow.endsWith("actions=output:" + ofport);
    }

    @Test
    void aPortThatMovesLosesNextToNothingWhetherOrNotTheAgentOfItsNewChassisRuns() {
        var port = port();
        var before = plugged("before", "hv1", port);
        awaitActive(port);
        bindToo(port, "hv2");
        var after = plugged("after", "hv2", port);
        awaitReady(port, "hv2", endingAt(after, "hv2"));
        new Move(port, port, before, after, onlooker("carol", blue)).thereAndBack();
    }

    @Test
    void aContainerThatMovesWithItsServerLosesNextToNothingWhetherOrNotTheAgentOfItsNewChassisRuns() {
        var red = network("red", "10.1.0.0/24", "2001:db8:1::/64");
        var port = port();
        var web = cloud.api().create("ports", "port", Map.of("network_id", red.id(), "security_groups", List.of(open)));
        var subPort = Map.of("port_id", Rest.id(web), "segmentation_type", "vlan", "segmentation_id", VLAN);
        cloud.api().create("trunks", "trunk", Map.of("port_id", Rest.id(port), "sub_ports", List.of(subPort)));
        var before = carried("webbefore", plugged("hostbefore", "hv1", port), web);
        awaitActive(port);
        awaitActive(web);
        bindToo(port, "hv2");
        var after = carried("webafter", plugged("hostafter", "hv2", port), web);
        awaitReady(port, "hv2", flow -> flow.contains("dl_vlan=" + VLAN));
        new Move(port, web, before, after, onlooker("dave", red)).thereAndBack();
    }

    /** A port that moves from hv1 to hv2, and who is pinged: its machine, or one that it carries. */
    private record Move(JsonNode port, JsonNode pinged, Server before, Server after, Machine onlooker) {
        void thereAndBack() {
            Tenant.awaitPing(onlooker, address(pinged, 4));
            Tenant.awaitPing(onlooker, address(pinged, 6));
            assertAnswers(before);
            underPings("moved to hv2", () -> {
                activate(port, "hv2");
                awaitActive(port);
                assertAnswers(after);
            });
            var agent = cloud.agent("hv1");
            agent.kill();
            underPings(
                    "moved back to hv1, whose agent was away",
                    () -> {
                        activate(port, "hv1");
                        assertAnswers(before);
                    },
                    () -> {
                        agent.start();
                        agent.awaitSync();
                    });
        }

        private void underPings(String what, Runnable... steps) {
            try (var pings = onlooker.server().pingContinuously(address(pinged, 4), OFTEN);
                    var pings6 = onlooker.server().pingContinuously(address(pinged, 6), OFTEN)) {
                awaitAnswers(pings, pings6);
                for (var step : steps) {
                    step.run();
                    awaitAnswers(pings, pings6);
                }
                assertFewLost(what, pings.stop());
                assertFewLost(what + ", IPv6", pings6.stop());
            }
        }

        private static void awaitAnswers(Pinging... all) {
            for (var pings : all) {
                pings.awaitAnswers(AROUND, SOON);
            }
        }

        /** Where pings arrive. */
        private void assertAnswers(Server machine) {
            try (var arriving = machine.capture("icmp and src " + onlooker.address())) {
                assertThat(onlooker.pings(address(pinged, 4))).isTrue();
                assertThat(arriving.await(3, SOON)).isNotEmpty();
            }
        }
    }

    @Test
    void connectionsThatARuleNamesGoOnWithAPortThatMovesWhetherOrNotTheAgentOfItsNewChassisRuns() {
        var port = tenant.port(
                blue, "hv1", Map.of("device_owner", "compute:nova", "security_groups", List.of(webGroup())));
        var mover = plugged("mover", "hv1", port);
        awaitActive(port);
        bindToo(port, "hv2");
        var there = plugged("there", "hv2", port);
        awaitReady(port, "hv2", endingAt(there, "hv2"));
        var erin = onlooker("erin", blue);
        var agent = cloud.agent("hv1");
        try (var _ = mover.listenTcp(WEB);
                var _ = mover.listenTcp(CLOSED);
                var _ = erin.server().listenTcp(WEB);
                var in = erin.server().converse(address(port, 4), WEB, SOON);
                var in6 = erin.server().converse(address(port, 6), WEB, SOON);
                var out = mover.converse(erin.address(), WEB, SOON)) {
            assertLetIn(erin, port, in, in6, out);
            swapCards(mover, there, port);
            activate(port, "hv2");
            assertLetIn(erin, port, in, in6, out);
            agent.kill();
            swapCards(mover, there, port);
            activate(port, "hv1");
            assertLetIn(erin, port, in, in6, out);
            agent.start();
            agent.awaitSync();
            assertLetIn(erin, port, in, in6, out);
        }
    }

    private static String webGroup() {
        var web = tenant.group("web");
        for (var ethertype : List.of("IPv4", "IPv6")) {
            var ports = Map.of("protocol", "tcp", "port_range_min", WEB, "port_range_max", WEB);
            var rule = new HashMap<String, Object>(ports);
            rule.put("ethertype", ethertype);
            tenant.allow(web, rule);
        }
        return web;
    }

    /** The machine, with all that is open in it, gets the card that waits elsewhere, as when its memory has been copied there. */
    private static void swapCards(Server machine, Server other, JsonNode port) {
        var here = machine.space();
        var there = other.space();
        here.ip("link", "set", Server.CARD, "netns", there.name(), "name", "swapped");
        there.ip("link", "set", Server.CARD, "netns", here.name());
        there.ip("link", "set", "swapped", "name", Server.CARD);
        here.ip("link", "set", Server.CARD, "up");
        addressed(machine, port);
    }

    /** What the rule names gets in, in connections that there are and in new ones, and nothing else does. */
    private static void assertLetIn(Machine from, JsonNode port, Conversation... all) {
        for (var conversation : all) {
            assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
        }
        for (var version : List.of(4, 6)) {
            var target = address(port, version);
            assertThat(from.server().tcp(target, WEB, SOON)).isEqualTo(Reach.CONNECTED);
            assertThat(from.connects(target, CLOSED)).isFalse();
            assertThat(from.pings(target)).isFalse();
        }
    }

    private static void assertFewLost(String what, Pings pings) {
        System.out.printf(
                "%s: %d of %d lost, longest gap %d ms%n",
                what, pings.lost(), pings.sent(), pings.longestGap().toMillis());
        assertThat(pings.lost()).as(what).isLessThanOrEqualTo(MOST_LOST);
    }
}

package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.dragonflow.address.IpAddress;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Two servers with one and the same address on one chassis, behind routers of their own: red's and blue's. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OverlappingTest {
    private static final Duration FAST = Duration.ofMillis(10);
    private static final IpAddress FAR = IpAddress.parse("198.51.100.9");
    private static final int WEB = 80;
    private static final int AROUND = 20;
    private static final Duration A_WHILE = Duration.ofMinutes(2);

    private static Cloud cloud;
    private static Tenant tenant;
    private static Outsider world;
    private static Link cable;
    private static String outside;
    private static Machine red;
    private static Machine blue;
    private static String redRouter;
    private static String blueRouter;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("overlapping", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        cable = cloud.lab().chassis("hv1").wire("physnet1");
        cloud.lab().chassis("hv2").wire("physnet1");
        world = cloud.lab().outsider("world", "physnet1");
        world.address(world.untagged(), IpAddress.parse("203.0.113.1"), 24);
        world.address("lo", FAR, 32);
        cloud.startChassis("hv1", "hv2");
        outside = tenant.network("out", "203.0.113.0/24", Tenant.outside("physnet1"))
                .id();
        var reds = tenant.network("red", "10.0.0.0/24");
        var blues = tenant.network("blue", "10.0.0.0/24");
        redRouter = router(reds);
        blueRouter = router(blues);
        red = machine("red", reds);
        blue = machine("blue", blues);
        tenant.awaitActive(red, blue);
        assertThat(red.address()).isEqualTo(blue.address());
        Tenant.awaitPing(red, FAR);
        Tenant.awaitPing(blue, FAR);
    }

    /** Gives the address that the router of the network has outside. */
    private static String router(Network network) {
        var gateway = Map.of("external_gateway_info", Map.of("network_id", outside));
        return cloud.api()
                .update("routers", "router", tenant.router(network), gateway)
                .at("/external_gateway_info/external_fixed_ips/0/ip_address")
                .asString();
    }

    private static Machine machine(String name, Network network) {
        return tenant.machine(name, network, "hv1", Map.of("security_groups", List.of(tenant.openGroup())));
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    /** The address and port that a connection of the server is seen outside with. */
    private record Seen(String address, String port) {}

    private static Seen connect(Machine machine) {
        try (var _ = world.listenTcp(WEB);
                var seen = world.capture("tcp[tcpflags] == tcp-syn and dst " + FAR);
                var conversation = machine.server().converse(FAR, WEB, SOON)) {
            assertThat(conversation.echoes(1 << 12, SOON)).isTrue();
            var source = Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+)\\.(\\d+) > ")
                    .matcher(seen.await(1, SOON).getFirst());
            assertThat(source.find()).isTrue();
            return new Seen(source.group(1), source.group(2));
        }
    }

    /** While the way is changed, pings may still be answered by way of the address before. */
    private static void awaitSeenAs(String address, Machine machine) {
        try (var seen = world.capture("icmp and src %s and dst %s".formatted(address, FAR))) {
            Wait.until(
                    "%s to be seen as %s".formatted(machine.server().name(), address),
                    SOON,
                    () -> machine.pings(FAR) && !seen.lines().isEmpty());
        }
    }

    private static String whois(Seen seen, String... more) {
        return cloud.dfctl("nat", "whois", seen.address(), seen.port())
                .and(more)
                .require();
    }

    private static void goOn(Conversation... all) {
        for (var conversation : all) {
            assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
        }
    }

    private static void answered(Pinging... all) {
        for (var pinging : all) {
            pinging.awaitAnswers(AROUND, SOON);
        }
    }

    private static String chassisAddress() {
        return cloud.api()
                .get("/v2.0/ports?device_owner=network:floatingip_agent_gateway&binding:host_id=hv1")
                .at("/ports/0/fixed_ips/0/ip_address")
                .asString();
    }

    @Test
    @Order(1)
    void behindTheirRoutersBothGoOutAtOnceAlsoWhileTheAgentIsAwayAndOverACutLink() {
        bothGoOutAtOnce();
        assertThat(connect(red).address()).isEqualTo(redRouter);
        assertThat(connect(blue).address()).isEqualTo(blueRouter);
    }

    @Test
    @Order(2)
    void behindTheAddressOfTheirChassisBothGoOutAtOnceAlsoWhileTheAgentIsAwayAndOverACutLink() {
        cloud.api().update("networks", "network", outside, Map.of("dragonflow:snat", "chassis"));
        try {
            Wait.until(
                    "an address of the chassis", SOON, () -> !chassisAddress().isEmpty());
            awaitSeenAs(chassisAddress(), red);
            awaitSeenAs(chassisAddress(), blue);
            bothGoOutAtOnce();
            try (var _ = world.listenTcp(WEB)) {
                opens(red, 700);
            }
        } finally {
            cloud.api().update("networks", "network", outside, Map.of("dragonflow:snat", "router"));
            awaitSeenAs(redRouter, red);
            awaitSeenAs(blueRouter, blue);
        }
    }

    private static void bothGoOutAtOnce() {
        try (var _ = world.listenTcp(WEB);
                var reds = red.server().converse(FAR, WEB, SOON);
                var blues = blue.server().converse(FAR, WEB, SOON)) {
            try (var red1 = red.server().pingContinuously(FAR, FAST);
                    var blue1 = blue.server().pingContinuously(FAR, FAST)) {
                goOn(reds, blues);
                Restart.losesNothing(cloud.agent("hv1"), () -> goOn(reds, blues), red1, blue1);
                goOn(reds, blues);
            }
            assertThat(cloud.agent("hv1").flowMods()).isZero();
            cable.cut();
            try (var red2 = red.server().pingContinuously(FAR, FAST);
                    var blue2 = blue.server().pingContinuously(FAR, FAST)) {
                cloud.awaitDetours("hv1", 1);
                goOn(reds, blues);
                answered(red2, blue2);
                cable.mend();
                cloud.awaitDetours("hv1", 0);
                goOn(reds, blues);
                answered(red2, blue2);
            } finally {
                cable.mend();
            }
        }
    }

    /** Closed connections keep their source ports for a while; the first lease of a server has 256. */
    @Test
    @Order(3)
    void aServerThatOpensManyConnectionsGetsTheSourcePortsForThemAlsoAfterTheAgentIsKilledAndStarted() {
        try (var _ = world.listenTcp(WEB)) {
            opens(red, 700);
            cloud.agent("hv1").kill();
            cloud.agent("hv1").start();
            cloud.agent("hv1").awaitSync();
            opens(red, 700);
            opens(blue, 100);
        }
    }

    /** All connections to one port, each opened in 5 s and closed at once, one after the other. */
    private static void opens(Machine machine, int count) {
        var program = """
                import socket
                for number in range(%d):
                    try:
                        with socket.create_connection(("%s", %d), 5) as connection:
                            connection.sendall(b"hello")
                            assert connection.recv(5) == b"hello"
                    except OSError as error:
                        print(number, error)
                """.formatted(count, FAR, WEB);
        var said = machine.server()
                .command("python3", "-c", program)
                .within(A_WHILE)
                .require();
        assertThat(said).isEmpty();
    }

    @Test
    @Order(4)
    void whoseAConnectionOutsideIsOrWasIsOneCommand() {
        Tenant.awaitPing(red, FAR);
        Tenant.awaitPing(blue, FAR);
        var ofRed = connect(red);
        var ofBlue = connect(blue);
        var project = cloud.api()
                .get("/v2.0/ports/" + red.port())
                .at("/port/project_id")
                .asString();
        assertThat(whois(ofRed)).contains(red.port(), project, "hv1").doesNotContain(blue.port());
        assertThat(whois(ofBlue, "--protocol=tcp")).contains(blue.port(), "hv1");

        var then = Instant.now();
        cloud.api().delete("ports", red.port());
        var now = cloud.dfctl("nat", "whois", ofRed.address(), ofRed.port());
        Wait.until("nobody to have it", SOON, () -> !now.run().succeeded());
        assertThat(whois(ofRed, "--at=" + then)).contains(red.port(), project);
    }
}

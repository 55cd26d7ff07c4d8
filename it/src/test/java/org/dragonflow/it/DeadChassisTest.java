package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dragonflow.address.IpAddress;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The chassis that stands for a router dies, its switch and its agent at once, and comes back: those on the other chassis go on outside. On
 * hv1 are alice, who has a floating IP, and bob, who shares the address of his router or chassis; on hv2 are carol and dave likewise.
 */
class DeadChassisTest {
    private static final Duration FAST = Duration.ofMillis(10);
    private static final int AROUND = 50;
    private static final int WEB = 80;

    /** What TCP says in vain it says again, each time after twice as long; so the first word that gets through may be late. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final IpAddress PROVIDER = IpAddress.parse("203.0.113.1");
    private static final IpAddress FAR = IpAddress.parse("198.51.100.9");

    /** The two on one chassis: one has a floating IP, the other shares an address. */
    private record Pair(String chassis, Machine floats, IpAddress floating, Machine shares) {
        void awaitPings() {
            for (var machine : List.of(floats, shares)) {
                Wait.until("ping outside from " + machine.server().name(), SOON, () -> machine.pings(FAR));
            }
            Wait.until(
                    "ping of " + floating,
                    SOON,
                    () -> world.ping(floating, 3, FAST).allAnswered());
        }

        void isWellConnected() {
            awaitPings();
            try (var _ = floats.server().listenTcp(WEB);
                    var conversation = world.converse(floating, WEB, SOON)) {
                assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
            }
        }
    }

    private static Cloud cloud;
    private static Tenant tenant;
    private static Outsider world;
    private static String outside;
    private static IpAddress shared;
    private static final Map<String, List<Link>> links = new HashMap<>();
    private static Pair pair1;
    private static Pair pair2;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("dead", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        for (var chassis : List.of("hv1", "hv2")) {
            var at = cloud.lab().chassis(chassis);
            links.put(chassis, List.of(at.control(), at.underlay(), at.wire("physnet1")));
        }
        world = cloud.lab().outsider("world", "physnet1");
        world.address(world.untagged(), PROVIDER, 24);
        world.address("lo", FAR, 32);
        cloud.startChassis("hv1", "hv2");
        var out = tenant.network("out", "203.0.113.0/24", Tenant.outside("physnet1"));
        outside = out.id();
        var inside = tenant.network("inside", "10.0.0.0/24");
        shared = IpAddress.parse(cloud.api()
                .update(
                        "routers",
                        "router",
                        tenant.router(inside),
                        Map.of("external_gateway_info", Map.of("network_id", outside)))
                .at("/external_gateway_info/external_fixed_ips/0/ip_address")
                .asString());
        var open = tenant.openGroup();
        pair1 = pair("hv1", machine("alice", inside, "hv1", open), machine("bob", inside, "hv1", open));
        pair2 = pair("hv2", machine("carol", inside, "hv2", open), machine("dave", inside, "hv2", open));
    }

    @BeforeEach
    @AfterEach
    void allIsWell() {
        for (var pair : List.of(pair1, pair2)) {
            if (cloud.agent(pair.chassis()).status().isEmpty()) {
                revive(pair.chassis());
            }
            pair.isWellConnected();
        }
        Wait.until("ping of the router", SOON, () -> world.ping(shared, 3, FAST).allAnswered());
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static Machine machine(String name, Network network, String chassis, String group) {
        return tenant.machine(name, network, chassis, Map.of("security_groups", List.of(group)));
    }

    private static Pair pair(String chassis, Machine floats, Machine shares) {
        tenant.awaitActive(floats, shares);
        var floating = cloud.api()
                .create("floatingips", "floatingip", Map.of("floating_network_id", outside, "port_id", floats.port()))
                .get("floating_ip_address");
        return new Pair(chassis, floats, IpAddress.parse(floating.asString()), shares);
    }

    private static String gatewayHost() {
        return cloud.api()
                .get("/v2.0/ports?device_owner=network:router_gateway")
                .at("/ports/0/binding:host_id")
                .asString();
    }

    private static Pair survivors() {
        return gatewayHost().equals(pair1.chassis()) ? pair2 : pair1;
    }

    /** How a chassis ends. */
    enum End {
        /** Its connections are closed by its kernel. */
        OF_PROCESSES,
        /** Nobody hears of it any more, not even that its connections are closed. */
        OF_POWER
    }

    private static void end(String chassis, End how) {
        if (how == End.OF_POWER) {
            Objects.requireNonNull(links.get(chassis)).forEach(Link::cut);
        }
        cloud.agent(chassis).kill();
        cloud.lab().chassis(chassis).vswitch().kill();
    }

    private static void revive(String chassis) {
        Objects.requireNonNull(links.get(chassis)).forEach(Link::mend);
        cloud.lab().chassis(chassis).vswitch().start();
        cloud.agent(chassis).start();
        cloud.agent(chassis).awaitSync();
    }

    @ParameterizedTest
    @EnumSource
    void connectionsByTheAddressOfTheRouterGoOnOnceTheOtherChassisStandsForIt(End how) {
        var dead = gatewayHost();
        var survivors = survivors();
        var server = survivors.shares().server();
        try (var _ = world.listenTcp(WEB);
                var conversation = server.converse(FAR, WEB, SOON);
                var died = server.pingContinuously(FAR, FAST)) {
            died.awaitAnswers(AROUND, SOON);
            end(dead, how);
            assertThat(conversation.echoes(1 << 12, PATIENCE)).isTrue();
            assertThat(gatewayHost()).isEqualTo(survivors.chassis());
            died.awaitAnswers(AROUND, SOON);
            tell("the chassis of the router died, by the end " + how, died.stop());
            assertThat(world.ping(shared, 3, FAST).allAnswered()).isTrue();
            try (var anew = server.converse(FAR, WEB, SOON);
                    var revived = server.pingContinuously(FAR, FAST)) {
                assertThat(anew.echoes(1 << 18, SOON)).isTrue();
                revived.awaitAnswers(AROUND, SOON);
                revive(dead);
                assertThat(anew.echoes(1 << 18, SOON)).isTrue();
                revived.awaitAnswers(AROUND, SOON);
                tell("it came back", revived.stop());
            }
            assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
        }
        assertThat(gatewayHost()).isEqualTo(survivors.chassis());
    }

    private static void tell(String what, Pings pings) {
        System.out.printf(
                "%s: %d of %d pings lost, longest gap %d ms%n",
                what, pings.lost(), pings.sent(), pings.longestGap().toMillis());
    }

    @Test
    void byAFloatingIpNothingIsLostWhenTheOtherChassisDiesAndComesBack() {
        var survivors = survivors();
        try (var _ = survivors.floats().server().listenTcp(WEB);
                var conversation = world.converse(survivors.floating(), WEB, SOON);
                var in = world.pingContinuously(survivors.floating(), FAST);
                var out = survivors.floats().server().pingContinuously(FAR, FAST)) {
            losesNothing(survivors, conversation, in, out);
        }
    }

    /** The chassis of the router dies under these of the other, which stands for the router then, and comes back. */
    private static void losesNothing(Pair survivors, Conversation conversation, Pinging... all) {
        var dead = gatewayHost();
        awaitAnswers(all);
        end(dead, End.OF_PROCESSES);
        assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
        Wait.until(
                "another chassis to stand for the router",
                PATIENCE,
                () -> gatewayHost().equals(survivors.chassis()));
        Wait.until("ping of the router", SOON, () -> world.ping(shared, 3, FAST).allAnswered());
        assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
        awaitAnswers(all);
        revive(dead);
        assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
        pair1.awaitPings();
        pair2.awaitPings();
        awaitAnswers(all);
        for (var pinging : all) {
            assertThat(pinging.stop()).returns(0, Pings::lost);
        }
    }

    private static void awaitAnswers(Pinging... all) {
        for (var pinging : all) {
            pinging.awaitAnswers(AROUND, SOON);
        }
    }

    @Test
    void byTheAddressOfTheirChassisServersLoseNothingWhenAnotherChassisDiesAndComesBack() {
        share("chassis");
        try {
            for (var pair : List.of(pair1, pair2)) {
                awaitAnotherAddress(pair.shares());
            }
            var survivors = survivors();
            var server = survivors.shares().server();
            try (var _ = world.listenTcp(WEB);
                    var conversation = server.converse(FAR, WEB, SOON);
                    var pinging = server.pingContinuously(FAR, FAST)) {
                losesNothing(survivors, conversation, pinging);
            }
        } finally {
            share("router");
        }
    }

    private static void share(String whose) {
        cloud.api().update("networks", "network", outside, Map.of("dragonflow:snat", whose));
    }

    /** Until then pings are still answered by way of the router's address. */
    private static void awaitAnotherAddress(Machine machine) {
        try (var seen = world.capture("icmp and dst " + FAR + " and not src " + shared)) {
            Wait.until(
                    "ping outside by the chassis' address",
                    SOON,
                    () -> machine.pings(FAR) && !seen.lines().isEmpty());
        }
    }
}

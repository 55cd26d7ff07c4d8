package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Networks of different MTUs on real switches, and hosts that find out what fits: alice and bob are behind a router, on two chassis, carol is on
 * alice's network and bob's chassis; the world is outside, where more fits than inside. Alice has a floating IP.
 */
class PathMtuTest {
    private static final int NARROW = 1300;
    private static final int INSIDE = 1438;
    private static final int OUTSIDE = 1500;
    private static final int NARROW_OUTSIDE = 1350;
    private static final int WEB = 80;
    private static final IpAddress PROVIDER = IpAddress.parse("203.0.113.1");
    private static final IpAddress PROVIDER6 = IpAddress.parse("2001:db8:ff::1");

    private static Cloud cloud;
    private static Outsider world;
    private static Machine alice;
    private static Machine bob;
    private static Machine carol;
    private static IpAddress alice6;
    private static IpAddress bob6;
    private static IpAddress floating;
    private static IpAddress router6;
    private static String outside;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("pathmtu", Tenant.freePort());
        var tenant = new Tenant(cloud);
        cloud.startServer();
        for (var chassis : List.of("hv1", "hv2")) {
            cloud.lab().chassis(chassis).wire("physnet1");
        }
        world = cloud.lab().outsider("world", "physnet1");
        world.address(world.untagged(), PROVIDER, 24);
        world.address(world.untagged(), PROVIDER6, 64);
        cloud.startChassis("hv1", "hv2");
        var open = tenant.openGroup();
        var wide = tenant.network("wide", "10.0.0.0/24", Map.of("mtu", INSIDE));
        var narrow = tenant.network("narrow", "10.0.1.0/24", Map.of("mtu", NARROW));
        var wide6 = tenant.subnet(wide.id(), "2001:db8:0:0::/64", Map.of());
        var narrow6 = tenant.subnet(narrow.id(), "2001:db8:0:1::/64", Map.of());
        var router = tenant.router(wide, narrow, wide6, narrow6);
        alice = machine(tenant, "alice", wide, wide6, "hv1", open);
        bob = machine(tenant, "bob", narrow, narrow6, "hv2", open);
        carol = machine(tenant, "carol", wide, wide6, "hv2", open);
        alice6 = second(alice.port());
        bob6 = second(bob.port());
        outside = tenant.network("out", "203.0.113.0/24", Tenant.outside("physnet1"))
                .id();
        tenant.subnet(outside, "2001:db8:ff::/64", Map.of());
        router6 = outside(router);
        world.route(IpPrefix.parse("2001:db8::/63"), router6);
        floating = IpAddress.parse(cloud.api()
                .create("floatingips", "floatingip", Map.of("floating_network_id", outside, "port_id", alice.port()))
                .get("floating_ip_address")
                .asString());
        tenant.awaitActive(alice, bob, carol);
        Tenant.awaitPing(alice, bob.address());
        Tenant.awaitPing(alice, bob6);
    }

    private static Machine machine(
            Tenant tenant, String name, Network network, Network second, String chassis, String group) {
        var machine = tenant.machine(name, network, chassis, Map.of("security_groups", List.of(group)));
        machine.server().address(second(machine.port()), second.block().length());
        machine.server().route(IpPrefix.parse("::/0"), second.gateway());
        return machine;
    }

    /** The IPv6 address of a port. */
    private static IpAddress second(String port) {
        return cloud.api()
                .show("ports", "port", port)
                .get("fixed_ips")
                .valueStream()
                .map(fixed -> IpAddress.parse(fixed.get("ip_address").asString()))
                .filter(address -> address.version() == 6)
                .findFirst()
                .orElseThrow();
    }

    /** Leads the router outside; gives its IPv6 address there. */
    private static IpAddress outside(String router) {
        return cloud.api()
                .update("routers", "router", router, Map.of("external_gateway_info", Map.of("network_id", outside)))
                .at("/external_gateway_info/external_fixed_ips")
                .valueStream()
                .map(fixed -> IpAddress.parse(fixed.get("ip_address").asString()))
                .filter(address -> address.version() == 6)
                .findFirst()
                .orElseThrow();
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    @BeforeEach
    void nothingIsKnownOfPaths() {
        for (var space : List.of(
                alice.server().space(), bob.server().space(), carol.server().space(), world.space())) {
            space.ip("route", "flush", "cache");
            space.ip("-6", "route", "flush", "cache");
        }
    }

    /** What ping says of packets of this many bytes that may not be fragmented. */
    private static String ping(Command command, IpAddress target, int size) {
        int headers = target.version() == 4 ? 28 : 48;
        var result = command.and(
                        "-M",
                        "do",
                        "-c",
                        "2",
                        "-i",
                        "0.2",
                        "-W",
                        "2",
                        "-s",
                        Integer.toString(size - headers),
                        target.toString())
                .run();
        return result.stdout() + result.stderr();
    }

    private static void isToldWhatFits(Command sender, IpAddress target, int mtu) {
        assertThat(ping(sender, target, mtu)).contains("2 received");
        assertThat(ping(sender, target, mtu + 1))
                .containsPattern("mtu ?[=:] ?" + mtu)
                .contains("0 received");
    }

    @Test
    void aPingThatIsTooBigIsToldWhatFitsAndOneThatFitsIsAnswered() {
        for (var target : List.of(bob.address(), bob6)) {
            isToldWhatFits(alice.server().command("ping"), target, NARROW);
        }
    }

    @Test
    void anAgentThatIsKilledAndStartedStopsNothingThatFitsAndTellsAgainWhatDoes() {
        try (var _ = bob.server().listenTcp(WEB);
                var conversation = alice.server().converse(bob.address(), WEB, SOON);
                var conversation6 = alice.server().converse(bob6, WEB, SOON);
                var pings = alice.server().pingContinuously(bob.address(), Restart.FAST);
                var pings6 = alice.server().pingContinuously(bob6, Restart.FAST)) {
            assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
            assertThat(conversation6.echoes(1 << 18, SOON)).isTrue();
            Restart.losesNothing(
                    cloud.agent("hv1"),
                    () -> {
                        assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
                        assertThat(conversation6.echoes(1 << 18, SOON)).isTrue();
                    },
                    pings,
                    pings6);
            assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
            assertThat(conversation6.echoes(1 << 18, SOON)).isTrue();
        }
        nothingIsKnownOfPaths();
        for (var target : List.of(bob.address(), bob6)) {
            isToldWhatFits(alice.server().command("ping"), target, NARROW);
        }
        for (var target : List.of(floating, alice6)) {
            awaitOutside(target);
            isToldWhatFits(world.command("ping"), target, INSIDE);
        }
    }

    private static void awaitOutside(IpAddress target) {
        Wait.until(
                "ping of " + target,
                SOON,
                () -> world.ping(target, 3, Restart.FAST).allAnswered());
    }

    @Test
    void aConnectionThroughTheTunnelFindsTheMtuOfItsPath() {
        try (var _ = bob.server().listenTcp(WEB);
                var conversation = alice.server().converse(bob.address(), WEB, SOON);
                var conversation6 = alice.server().converse(bob6, WEB, SOON)) {
            assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
            assertThat(conversation6.echoes(1 << 18, SOON)).isTrue();
        }
        for (var target : List.of(bob.address(), bob6)) {
            assertThat(alice.server().space().ip("route", "get", target.toString()))
                    .contains("mtu " + NARROW);
        }
    }

    @Test
    void whatMayBeFragmentedIsOnceItsSenderIsTold() {
        for (var target : List.of(bob.address(), bob6)) {
            pingsInFragments(target, 1);
            assertThat(pingsInFragments(target, 3)).contains("3 received");
        }
    }

    private static String pingsInFragments(IpAddress target, int count) {
        return alice.server()
                .command("ping", "-M", "dont", "-i", "0.2", "-W", "2", "-s", "2000")
                .and("-c", Integer.toString(count), target.toString())
                .run()
                .stdout();
    }

    @Test
    void whoeverIsOutsideIsToldByTheFloatingIp() {
        Wait.until(
                "ping of " + floating,
                SOON,
                () -> ping(world.command("ping"), floating, INSIDE).contains("2 received"));
        assertThat(ping(world.command("ping"), floating, INSIDE + 1))
                .contains("From " + floating)
                .contains("(mtu = %d)".formatted(INSIDE));
        try (var _ = alice.server().listenTcp(WEB);
                var conversation = world.converse(floating, WEB, SOON)) {
            assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
        }
    }

    @Test
    void whoeverIsOutsideIsToldByTheRouterWhereNothingIsTranslated() {
        awaitOutside(alice6);
        awaitOutside(bob6);
        assertThat(ping(world.command("ping"), alice6, INSIDE + 1)).contains("From " + router6);
        assertThat(ping(world.command("ping"), bob6, NARROW + 1)).contains("From " + router6);
        isToldWhatFits(world.command("ping"), alice6, INSIDE);
        isToldWhatFits(world.command("ping"), bob6, NARROW);
        nothingIsKnownOfPaths();
        try (var _ = bob.server().listenTcp(WEB);
                var conversation = world.converse(bob6, WEB, SOON)) {
            assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
        }
    }

    @Test
    void whoeverIsInsideIsToldWhatFitsOutsideWhereThatIsLess() {
        mtuOutside(NARROW_OUTSIDE);
        try (var _ = world.listenTcp(WEB)) {
            for (var machine : List.of(alice, carol)) {
                for (var target : List.of(PROVIDER, PROVIDER6)) {
                    Tenant.awaitPing(machine, target);
                    Wait.until(
                            "the narrow way outside",
                            SOON,
                            () -> ping(machine.server().command("ping"), target, NARROW_OUTSIDE + 1)
                                    .contains("0 received"));
                    isToldWhatFits(machine.server().command("ping"), target, NARROW_OUTSIDE);
                    try (var conversation = machine.server().converse(target, WEB, SOON)) {
                        assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
                    }
                }
            }
        } finally {
            mtuOutside(OUTSIDE);
        }
    }

    private static void mtuOutside(int mtu) {
        cloud.api().update("networks", "network", outside, Map.of("mtu", mtu));
    }
}

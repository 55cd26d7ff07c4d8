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
 * Networks of different MTUs on real switches, and hosts that find out what fits: alice and bob are behind a router, on two chassis; the world is
 * outside, where more fits than inside.
 */
class PathMtuTest {
    private static final int NARROW = 1300;
    private static final int INSIDE = 1438;
    private static final int WEB = 80;
    private static final IpAddress PROVIDER = IpAddress.parse("203.0.113.1");

    private static Cloud cloud;
    private static Outsider world;
    private static Machine alice;
    private static Machine bob;
    private static IpAddress bob6;
    private static IpAddress floating;

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
        cloud.startChassis("hv1", "hv2");
        var open = tenant.openGroup();
        var wide = tenant.network("wide", "10.0.0.0/24", Map.of("mtu", INSIDE));
        var narrow = tenant.network("narrow", "10.0.1.0/24", Map.of("mtu", NARROW));
        var wide6 = tenant.subnet(wide.id(), "2001:db8:0:0::/64", Map.of());
        var narrow6 = tenant.subnet(narrow.id(), "2001:db8:0:1::/64", Map.of());
        var router = tenant.router(wide, narrow, wide6, narrow6);
        alice = machine(tenant, "alice", wide, wide6, "hv1", open);
        bob = machine(tenant, "bob", narrow, narrow6, "hv2", open);
        bob6 = second(bob.port());
        floating = floating(tenant, router);
        tenant.awaitActive(alice, bob);
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

    private static IpAddress floating(Tenant tenant, String router) {
        var out = tenant.network("out", "203.0.113.0/24", Tenant.outside("physnet1"));
        cloud.api()
                .update("routers", "router", router, Map.of("external_gateway_info", Map.of("network_id", out.id())));
        return IpAddress.parse(cloud.api()
                .create("floatingips", "floatingip", Map.of("floating_network_id", out.id(), "port_id", alice.port()))
                .get("floating_ip_address")
                .asString());
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    @BeforeEach
    void nothingIsKnownOfPaths() {
        alice.server().command("ip", "route", "flush", "cache").require();
        alice.server().command("ip", "-6", "route", "flush", "cache").require();
    }

    /** What ping says of packets of this many bytes that may not be fragmented. */
    private static String ping(Command command, IpAddress target, int size) {
        int headers = target.version() == 4 ? 28 : 48;
        var result = command.and(
                        "-M", "do", "-c", "2", "-W", "2", "-s", Integer.toString(size - headers), target.toString())
                .run();
        return result.stdout() + result.stderr();
    }

    @Test
    void aPingThatIsTooBigIsToldWhatFitsAndOneThatFitsIsAnswered() {
        for (var target : List.of(bob.address(), bob6)) {
            assertThat(ping(alice.server().command("ping"), target, NARROW)).contains("2 received");
            var refused = ping(alice.server().command("ping"), target, NARROW + 1);
            assertThat(refused).containsPattern("mtu ?= ?" + NARROW).contains("0 received");
        }
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
        var server = alice.server();
        var size = Integer.toString(2000 - 28);
        server.command(
                        "ping",
                        "-M",
                        "dont",
                        "-c",
                        "1",
                        "-W",
                        "1",
                        "-s",
                        size,
                        bob.address().toString())
                .run();
        assertThat(server.command(
                                "ping",
                                "-M",
                                "dont",
                                "-c",
                                "3",
                                "-W",
                                "2",
                                "-s",
                                size,
                                bob.address().toString())
                        .run()
                        .stdout())
                .contains("3 received");
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
}

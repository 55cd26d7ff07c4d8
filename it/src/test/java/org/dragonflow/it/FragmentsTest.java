package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv6;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Packets in pieces, of which a switch shows no ports, under rules that name some: alice and bob are on hv1, carol is on hv2, the world is outside, and
 * the underlay is of IPv6.
 */
class FragmentsTest {
    private static final int OPEN = 7_000;
    private static final int SHUT = 7_001;
    private static final int CLIENT = 40_000;
    private static final int IN_PIECES = 4_000;
    private static final int WHOLE_OUTSIDE = 1_472;
    private static final Duration REACH = Duration.ofSeconds(2);
    private static final IpAddress PROVIDER = IpAddress.parse("203.0.113.1");

    private static Cloud cloud;
    private static Tenant tenant;
    private static Outsider world;
    private static String open;
    private static Machine alice;
    private static Machine bob;
    private static Machine carol;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("fragments", Tenant.freePort()).overIpv6();
        tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.lab().chassis("hv1").wire("physnet1");
        cloud.lab().chassis("hv2").wire("physnet1");
        world = cloud.lab().outsider("world", "physnet1");
        world.address(world.untagged(), PROVIDER, 24);
        cloud.startChassis("hv1", "hv2");
        var blue = tenant.network("blue", "10.1.0.0/24");
        var six = tenant.subnet(blue.id(), "2001:db8:1::/64", Map.of());
        var out = tenant.network("out", "203.0.113.0/24", Tenant.outside("physnet1"));
        cloud.api()
                .update(
                        "routers",
                        "router",
                        tenant.router(blue),
                        Map.of("external_gateway_info", Map.of("network_id", out.id())));
        open = tenant.group("open");
        for (var ethertype : List.of("IPv4", "IPv6")) {
            var port = Map.of("port_range_min", OPEN, "port_range_max", OPEN);
            allow(open, ethertype, Map.of("protocol", "udp"), port);
            allow(open, ethertype, Map.of("protocol", "icmp"), port(ethertype.equals("IPv4") ? 8 : 128));
        }
        alice = machine("alice", blue, six, "hv1", tenant.group("silent"), "a");
        bob = machine("bob", blue, six, "hv1", open, "b");
        carol = machine("carol", blue, six, "hv2", open, "c");
        tenant.awaitActive(alice, bob, carol);
        Tenant.awaitPing(alice, bob.address());
        Tenant.awaitPing(alice, carol.address());
    }

    private static Map<String, Integer> port(int type) {
        return Map.of("port_range_min", type, "port_range_max", 0);
    }

    private static void allow(String group, String ethertype, Map<String, ?> protocol, Map<String, ?> ports) {
        var rule = new HashMap<String, Object>(protocol);
        rule.putAll(ports);
        rule.put("ethertype", ethertype);
        tenant.allow(group, rule);
    }

    private static Machine machine(String name, Network four, Network six, String chassis, String group, String host) {
        var addresses = List.of(
                Map.of("subnet_id", four.subnet()),
                Map.of("subnet_id", six.subnet(), "ip_address", "2001:db8:1::" + host));
        // What a tunnel over IPv6 leaves of the 1,500 bytes of the lab.
        cloud.lab().server(name).withMtu(1_418);
        var made =
                tenant.machine(name, four, chassis, Map.of("security_groups", List.of(group), "fixed_ips", addresses));
        made.server().address(Ipv6.parse("2001:db8:1::" + host), 64);
        return made;
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static List<IpAddress> addresses(Machine machine) {
        return List.of(machine.address(), Ipv6.parse(machine.equals(bob) ? "2001:db8:1::b" : "2001:db8:1::c"));
    }

    @Test
    void aDatagramInPiecesIsLetInByARuleThatNamesItsPortAlsoWhileAgentsAreKilledAndStarted() {
        everyoneIsAnswered();
        try (var pinging = alice.server().pingContinuously(carol.address(), Restart.FAST)) {
            Restart.losesNothing(
                    List.of(cloud.agent("hv1"), cloud.agent("hv2")), FragmentsTest::everyoneIsAnswered, pinging);
        }
        everyoneIsAnswered();
    }

    private static void everyoneIsAnswered() {
        for (var server : List.of(bob, carol)) {
            try (var _ = server.server().listenUdp(OPEN)) {
                for (var address : addresses(server)) {
                    assertIsAnswered(address);
                }
            }
        }
    }

    /** In pieces and whole, whichever comes first. */
    private static void assertIsAnswered(IpAddress address) {
        Wait.until("an answer from " + address, SOON, () -> isAnswered(alice, address, IN_PIECES));
        for (int bytes : List.of(IN_PIECES, 1, IN_PIECES, 1)) {
            assertThat(isAnswered(alice, address, bytes)).isTrue();
        }
    }

    /** Nor may one piece bring another in, where another port is open. */
    @Test
    void aDatagramInPiecesForAnotherPortDoesNotArrive() {
        for (var server : List.of(bob, carol)) {
            try (var shut = server.server().listenUdp(SHUT);
                    var _ = server.server().listenUdp(OPEN)) {
                for (var address : addresses(server)) {
                    assertIsAnswered(address);
                    assertThat(isAnswered(alice, address, SHUT, IN_PIECES)).isFalse();
                    assertIsAnswered(address);
                }
                assertThat(shut.heard()).isZero();
            }
        }
    }

    /** Of a conversation that is known already, whose rule goes while another port stays open. */
    @Test
    void aDatagramInPiecesDoesNotArriveOnceItsRuleIsGone() {
        var rule = tenant.allow(open, Map.of("protocol", "udp", "port_range_min", SHUT, "port_range_max", SHUT));
        try (var atBob = bob.server().listenUdp(SHUT);
                var atCarol = carol.server().listenUdp(SHUT)) {
            for (var server : List.of(bob, carol)) {
                Wait.until("an answer", SOON, () -> goesOn(server, IN_PIECES));
                assertThat(goesOn(server, 1)).isTrue();
            }
            tenant.disallow(rule);
            for (var server : List.of(bob, carol)) {
                Wait.until("the rule to be gone", SOON, () -> !goesOn(server, IN_PIECES));
            }
            int heard = atBob.heard() + atCarol.heard();
            for (int bytes : List.of(IN_PIECES, 1, IN_PIECES)) {
                for (var server : List.of(bob, carol)) {
                    assertThat(goesOn(server, bytes)).isFalse();
                }
            }
            assertThat(atBob.heard() + atCarol.heard()).isEqualTo(heard);
        }
    }

    private static boolean goesOn(Machine server, int bytes) {
        return alice.server().udp(CLIENT, server.address(), SHUT, bytes, REACH) == Reach.CONNECTED;
    }

    @Test
    void aPingInPiecesIsLetInByARuleThatNamesItsType() {
        for (var server : List.of(bob, carol)) {
            for (var address : addresses(server)) {
                var ping = alice.server()
                        .command("ping", "-c", "3", "-i", "0.1", "-W", "2", "-s", "4000", address.toString())
                        .run();
                assertThat(ping.stdout()).contains("3 received");
            }
        }
    }

    /** One of the two is at the chassis that stands for the address that they share. */
    @Test
    void anAnswerInPiecesComesBackToASharedAddress() {
        try (var _ = world.listenUdp(OPEN)) {
            for (var machine : List.of(alice, carol)) {
                for (int bytes : List.of(IN_PIECES, WHOLE_OUTSIDE)) {
                    world.space().ip("route", "flush", "cache");
                    // The first is lost, by which the world learns what fits a tunnel, or inside.
                    Wait.until("an answer", SOON, () -> isAnswered(machine, PROVIDER, bytes));
                    for (int i = 0; i < 3; i++) {
                        assertThat(isAnswered(machine, PROVIDER, bytes)).isTrue();
                    }
                }
            }
        }
    }

    private static boolean isAnswered(Machine machine, IpAddress address, int bytes) {
        return isAnswered(machine, address, OPEN, bytes);
    }

    private static boolean isAnswered(Machine machine, IpAddress address, int port, int bytes) {
        return machine.server().udp(address, port, bytes, REACH) == Reach.CONNECTED;
    }
}

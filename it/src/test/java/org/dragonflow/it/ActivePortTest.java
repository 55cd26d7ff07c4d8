package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.it.Tenant.Machine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Addresses that move between bob on hv1 and carol on hv2, as keepalived has them move; alice on hv3 pings them through a router, and world from
 * outside.
 */
class ActivePortTest {
    private static final Duration PACE = Duration.ofMillis(100);
    private static final Duration ASKED = Duration.ofSeconds(40);
    private static final int MOST_LOST = 5;
    private static final IpAddress VIP = IpAddress.parse("10.2.0.100");
    private static final IpAddress VIP6 = IpAddress.parse("2001:db8:2::100");
    private static final IpAddress PROVIDER = IpAddress.parse("203.0.113.1");

    /** An address that moves together with the link-layer address that VRRP has for it (RFC 5798). */
    private static final IpAddress VRRP = IpAddress.parse("10.2.0.101");

    private static final Mac VRRP_MAC = Mac.parse("00:00:5e:00:01:65");
    private static final IpAddress VRRP6 = IpAddress.parse("2001:db8:2::101");
    private static final Mac VRRP6_MAC = Mac.parse("00:00:5e:00:02:65");

    /** Says to all, in one frame of ARP or of neighbour discovery, that the card has the address. */
    private static final String ANNOUNCE = """
            import socket, struct, sys
            address = sys.argv[1]
            card = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            card.bind(("eth0", 0))
            mac = card.getsockname()[4]
            if ":" in address:
                ip, all = (socket.inet_pton(socket.AF_INET6, a) for a in (address, "ff02::1"))
                said = struct.pack("!BBHI", 136, 0, 0, 0x20000000) + ip + b"\\x02\\x01" + mac
                whole = ip + all + struct.pack("!II", len(said), 58) + said
                total = sum(struct.unpack("!%dH" % (len(whole) // 2), whole))
                while total >> 16:
                    total = (total & 0xffff) + (total >> 16)
                said = said[:2] + struct.pack("!H", total ^ 0xffff) + said[4:]
                packet = struct.pack("!IHBB", 0x60000000, len(said), 58, 255) + ip + all + said
                card.send(b"\\x33\\x33\\0\\0\\0\\x01" + mac + b"\\x86\\xdd" + packet)
            else:
                ip = socket.inet_aton(address)
                arp = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + mac + ip + bytes(6) + ip
                card.send(b"\\xff" * 6 + mac + b"\\x08\\x06" + arp)
            """;

    private static Cloud cloud;
    private static Outsider world;
    private static String vip;
    private static String outside;
    private static Machine alice;
    private static Machine bob;
    private static Machine carol;
    private static Machine dave;
    private static Shared vip4;
    private static Shared vip6;
    private static Shared vrrp4;
    private static Shared vrrp6;
    private static List<Shared> all;

    /** An address, and who has it when bob or when carol is to have it: they themselves, or cards of theirs. */
    private record Shared(IpAddress address, Machine bob, Machine carol) {}

    @BeforeAll
    static void start() {
        cloud = Cloud.open("active", Tenant.freePort());
        var tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.lab().chassis("hv1").wire("physnet1");
        cloud.lab().chassis("hv2").wire("physnet1");
        world = cloud.lab().outsider("world", "physnet1");
        world.address(world.untagged(), PROVIDER, 24);
        cloud.startChassis("hv1", "hv2", "hv3");
        var blue = tenant.network("blue", "10.1.0.0/24");
        var red = tenant.network("red", "10.2.0.0/24");
        var blue6 = tenant.subnet(blue.id(), "2001:db8:1::/64", Map.of());
        var red6 = tenant.subnet(red.id(), "2001:db8:2::/64", Map.of());
        outside = tenant.network("out", "203.0.113.0/24", Tenant.outside("physnet1"))
                .id();
        cloud.api()
                .update(
                        "routers",
                        "router",
                        tenant.router(blue, red, blue6, red6),
                        Map.of("external_gateway_info", Map.of("network_id", outside)));
        var free = tenant.openGroup();
        vip = standing(red, red6);
        var pairs = List.of(
                Map.of("ip_address", VIP.toString()),
                Map.of("ip_address", VIP6.toString()),
                Map.of("ip_address", VRRP.toString(), "mac_address", VRRP_MAC.toString()),
                Map.of("ip_address", VRRP6.toString(), "mac_address", VRRP6_MAC.toString()));
        alice = machine(tenant, blue, blue6, "alice", "hv3", free, List.of(), "2001:db8:1::a");
        bob = machine(tenant, red, red6, "bob", "hv1", free, pairs, "2001:db8:2::b");
        carol = machine(tenant, red, red6, "carol", "hv2", free, pairs, "2001:db8:2::c");
        dave = machine(tenant, blue, blue6, "dave", "hv1", free, List.of(), "2001:db8:1::d");
        tenant.awaitActive(alice, bob, carol, dave);
        Tenant.awaitPing(alice, bob.address());
        Tenant.awaitPing(alice, carol.address());
        vip4 = new Shared(VIP, bob, carol);
        vip6 = new Shared(VIP6, bob, carol);
        vrrp4 = new Shared(VRRP, virtual("vbob", bob, VRRP_MAC, 201), virtual("vcarol", carol, VRRP_MAC, 202));
        vrrp6 = new Shared(VRRP6, virtual("vbob6", bob, VRRP6_MAC, 203), virtual("vcarol6", carol, VRRP6_MAC, 204));
        all = List.of(vip4, vip6, vrrp4, vrrp6);
    }

    /** A port that nobody is plugged in for: its addresses are those that others share. */
    private static String standing(Tenant.Network red, Tenant.Network red6) {
        return Rest.id(cloud.api()
                .create(
                        "ports",
                        "port",
                        Map.of(
                                "network_id",
                                red.id(),
                                "fixed_ips",
                                List.of(
                                        Map.of("subnet_id", red.subnet(), "ip_address", VIP.toString()),
                                        Map.of("subnet_id", red6.subnet(), "ip_address", VIP6.toString())))));
    }

    private static Machine machine(
            Tenant tenant,
            Tenant.Network network,
            Tenant.Network six,
            String name,
            String chassis,
            String group,
            List<?> pairs,
            String address) {
        var addresses = List.of(
                Map.of("subnet_id", network.subnet()), Map.of("subnet_id", six.subnet(), "ip_address", address));
        var made = tenant.machine(
                name,
                network,
                chassis,
                Map.of("security_groups", List.of(group), "fixed_ips", addresses, "allowed_address_pairs", pairs));
        made.server().address(Ipv6.parse(address), 64);
        made.server().route(IpPrefix.parse("::/0"), six.gateway());
        return made;
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static void give(Machine to, IpAddress address) {
        to.server().address(address, address.version() == 4 ? 32 : 128);
    }

    private static void take(Machine from, IpAddress address) {
        from.server().space().ip("addr", "del", address + (address.version() == 4 ? "/32" : "/128"), "dev", "eth0");
    }

    private static void announce(Machine who, IpAddress address) {
        who.server()
                .command("/usr/bin/python3", "-c", ANNOUNCE, address.toString())
                .require();
    }

    private static void failsOver(Shared shared) {
        var address = shared.address;
        begin(shared);
        try (var pinging = alice.server().pingContinuously(address, PACE)) {
            pinging.awaitAnswers(10, SOON);
            move(address, shared.bob, shared.carol);
            pinging.awaitAnswers(10, SOON);
            move(address, shared.carol, shared.bob);
            assertFollow(pinging, 2);
        }
        take(shared.bob, address);
    }

    /** Bob has it. */
    private static void begin(Shared shared) {
        give(shared.bob, shared.address);
        announce(shared.bob, shared.address);
        Tenant.awaitPing(alice, shared.address);
    }

    /** The pings are answered again, and few were lost by so many moves. */
    private static void assertFollow(Pinging pinging, int moves) {
        pinging.awaitAnswers(10, SOON);
        var pings = pinging.stop();
        System.out.printf("moved %d times: %s lost, longest gap %s%n", moves, pings.lost(), pings.longestGap());
        assertThat(pings.lost()).isLessThanOrEqualTo(moves * MOST_LOST);
    }

    private static void move(IpAddress address, Machine from, Machine to) {
        take(from, address);
        give(to, address);
        announce(to, address);
    }

    @Test
    void pingsFollowAnAddressThatMoves() {
        failsOver(vip4);
    }

    @Test
    void pingsFollowAnIpv6AddressThatMoves() {
        failsOver(vip6);
    }

    @Test
    void pingsFollowAnAddressThatMovesWithItsLinkLayerAddress() {
        failsOver(vrrp4);
    }

    @Test
    void pingsFollowAnIpv6AddressThatMovesWithItsLinkLayerAddress() {
        failsOver(vrrp6);
    }

    /** The virtual router of a server: a card for shared addresses. It has two that it never uses, lest its routes go with those. */
    private static Machine virtual(String name, Machine host, Mac mac, int unused) {
        var card = cloud.lab().server(name).withMac(mac);
        card.plugBehind(host.server());
        card.address(IpAddress.parse("10.2.0." + unused), 24);
        card.address(IpAddress.parse("2001:db8:2::" + unused), 64);
        card.route(IpPrefix.parse("0.0.0.0/0"), IpAddress.parse("10.2.0.1"));
        card.route(IpPrefix.parse("::/0"), IpAddress.parse("2001:db8:2::1"));
        return new Machine(host.port(), card, host.address());
    }

    @Test
    void aFloatingIpLeadsToWhoHasTheAddressAlsoWhileAgentsAreKilledAndStarted() {
        var made = cloud.api()
                .create(
                        "floatingips",
                        "floatingip",
                        Map.of("floating_network_id", outside, "port_id", vip, "fixed_ip_address", VIP.toString()));
        var floating = IpAddress.parse(made.get("floating_ip_address").asString());
        give(bob, VIP);
        announce(bob, VIP);
        awaitReached(bob, floating);
        try (var pinging = world.pingContinuously(floating, PACE)) {
            pinging.awaitAnswers(10, SOON);
            move(VIP, bob, carol);
            // The address moves, and then what stands for it outside.
            assertFollow(pinging, 2);
        }
        awaitReached(carol, floating);
        for (var chassis : List.of("hv1", "hv2")) {
            try (var pinging = world.pingContinuously(floating, Restart.FAST)) {
                Restart.losesNothing(cloud.agent(chassis), pinging);
            }
        }
        awaitReached(carol, floating);
        take(carol, VIP);
        cloud.api().delete("floatingips", Rest.id(made));
    }

    /** The machine is met from outside at the floating IP, and is seen there as it. */
    private static void awaitReached(Machine machine, IpAddress floating) {
        Wait.until(
                "ping of " + floating,
                SOON,
                () -> world.ping(floating, 3, Restart.FAST).allAnswered());
        try (var there = machine.server().capture("icmp and dst " + VIP);
                var seen = world.capture("icmp and dst " + PROVIDER)) {
            assertThat(world.ping(floating, 3, Restart.FAST).allAnswered()).isTrue();
            there.await(3, SOON);
            machine.server()
                    .command("ping", "-c", "1", "-W", "2", "-I", VIP.toString(), PROVIDER.toString())
                    .require();
            Wait.until(
                    "a question of " + floating,
                    SOON,
                    () -> seen.lines().stream()
                            .anyMatch(line ->
                                    line.contains(floating + " > " + PROVIDER) && line.contains("echo request")));
        }
    }

    @Test
    void whatAnAgentMissedItFindsOutWhenItIsBack() {
        all.forEach(ActivePortTest::begin);
        try (var pinging = alice.server().pingContinuously(VIP, PACE)) {
            pinging.awaitAnswers(5, SOON);
            for (var chassis : List.of("hv1", "hv2", "hv3")) {
                cloud.agent(chassis).kill();
            }
            pinging.awaitAnswers(5, SOON);
            for (var chassis : List.of("hv1", "hv3")) {
                cloud.agent(chassis).start();
                cloud.agent(chassis).awaitSync();
            }
            assertThat(pinging.stop().lost()).isLessThanOrEqualTo(1);
        }
        all.forEach(ActivePortTest::moveToCarol);
        assertThat(all).noneMatch(shared -> alice.pings(shared.address));
        cloud.agent("hv2").start();
        for (var shared : all) {
            Wait.until("the new holder of " + shared.address, ASKED, () -> alice.pings(shared.address));
        }
        all.forEach(shared -> take(shared.carol, shared.address));
    }

    private static void moveToCarol(Shared shared) {
        move(shared.address, shared.bob, shared.carol);
    }

    @Test
    void anAddressThatLeavesAChassisWhileItsAgentIsAwayIsReachedThereAfterwardsAtItsNewHolder() {
        all.forEach(ActivePortTest::begin);
        all.forEach(shared -> Tenant.awaitPing(dave, shared.address));
        cloud.agent("hv1").kill();
        all.forEach(ActivePortTest::moveToCarol);
        all.forEach(shared -> Tenant.awaitPing(alice, shared.address));
        try (var pinging = alice.server().pingContinuously(VIP, PACE);
                var pinging6 = alice.server().pingContinuously(VIP6, PACE)) {
            cloud.agent("hv1").start();
            for (var shared : all) {
                Wait.until("the new holder of " + shared.address, ASKED, () -> dave.pings(shared.address));
            }
            for (var other : List.of(pinging, pinging6)) {
                other.awaitAnswers(10, SOON);
                assertThat(other.stop().lost()).isZero();
            }
        }
        all.forEach(shared -> take(shared.carol, shared.address));
    }
}

package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv6;
import org.dragonflow.it.Tenant.Machine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An address that moves between bob on hv1 and carol on hv2, as keepalived has it move; alice on hv3 pings it through a router. */
class ActivePortTest {
    private static final Duration PACE = Duration.ofMillis(100);
    private static final Duration ASKED = Duration.ofSeconds(40);
    private static final int MOST_LOST = 5;
    private static final IpAddress VIP = IpAddress.parse("10.2.0.100");
    private static final IpAddress VIP6 = IpAddress.parse("2001:db8:2::100");

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
    private static Machine alice;
    private static Machine bob;
    private static Machine carol;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("active", Tenant.freePort());
        var tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.startChassis("hv1", "hv2", "hv3");
        var blue = tenant.network("blue", "10.1.0.0/24");
        var red = tenant.network("red", "10.2.0.0/24");
        var blue6 = tenant.subnet(blue.id(), "2001:db8:1::/64", Map.of());
        var red6 = tenant.subnet(red.id(), "2001:db8:2::/64", Map.of());
        tenant.router(blue, red, blue6, red6);
        var free = tenant.openGroup();
        cloud.api()
                .create(
                        "ports",
                        "port",
                        Map.of(
                                "network_id",
                                red.id(),
                                "fixed_ips",
                                List.of(
                                        Map.of("subnet_id", red.subnet(), "ip_address", VIP.toString()),
                                        Map.of("subnet_id", red6.subnet(), "ip_address", VIP6.toString()))));
        var pairs = List.of(Map.of("ip_address", VIP.toString()), Map.of("ip_address", VIP6.toString()));
        alice = machine(tenant, blue, blue6, "alice", "hv3", free, List.of(), "2001:db8:1::a");
        bob = machine(tenant, red, red6, "bob", "hv1", free, pairs, "2001:db8:2::b");
        carol = machine(tenant, red, red6, "carol", "hv2", free, pairs, "2001:db8:2::c");
        tenant.awaitActive(alice, bob, carol);
        Tenant.awaitPing(alice, bob.address());
        Tenant.awaitPing(alice, carol.address());
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

    private static void failsOver(IpAddress address) {
        give(bob, address);
        announce(bob, address);
        Tenant.awaitPing(alice, address);
        try (var pinging = alice.server().pingContinuously(address, PACE)) {
            pinging.awaitAnswers(10, SOON);
            move(address, bob, carol);
            pinging.awaitAnswers(10, SOON);
            move(address, carol, bob);
            pinging.awaitAnswers(10, SOON);
            var pings = pinging.stop();
            System.out.printf("%s moved twice: %s lost, longest gap %s%n", address, pings.lost(), pings.longestGap());
            assertThat(pings.lost()).isLessThanOrEqualTo(2 * MOST_LOST);
        }
        take(bob, address);
    }

    private static void move(IpAddress address, Machine from, Machine to) {
        take(from, address);
        give(to, address);
        announce(to, address);
    }

    @Test
    void pingsFollowAnAddressThatMoves() {
        failsOver(VIP);
    }

    @Test
    void pingsFollowAnIpv6AddressThatMoves() {
        failsOver(VIP6);
    }

    @Test
    void whatAnAgentMissedItFindsOutWhenItIsBack() {
        give(bob, VIP);
        announce(bob, VIP);
        Tenant.awaitPing(alice, VIP);
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
        move(VIP, bob, carol);
        assertThat(alice.pings(VIP)).isFalse();
        cloud.agent("hv2").start();
        Wait.until("the new holder to be found out", ASKED, () -> alice.pings(VIP));
        take(carol, VIP);
    }
}

package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a tenant asks for in the API is what its machines see, with the clients of Debian: blue and red are joined by a router; alice and
 * carol are on blue, dave is on red; alice is on hv1, the others on hv2. All three may be pinged.
 */
class TenantTest {
    private static final Duration FAST = Duration.ofMillis(10);
    private static final int WEB = 80;

    private static Cloud cloud;
    private static Tenant tenant;
    private static Network blue;
    private static Network red;
    private static String pingable;
    private static Machine alice;
    private static Machine carol;
    private static Machine dave;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("tenants", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.startChassis("hv1", "hv2");
        blue = tenant.network("blue", "10.1.0.0/24");
        red = tenant.network("red", "10.2.0.0/24");
        tenant.router(blue, red);
        pingable = tenant.group("pingable");
        tenant.allow(pingable, Map.of("protocol", "icmp"));
        alice = tenant.machine("alice", blue, "hv1", in(pingable));
        carol = tenant.machine("carol", blue, "hv2", in(pingable));
        dave = tenant.machine("dave", red, "hv2", in(pingable));
        tenant.awaitActive(alice, carol, dave);
        Tenant.awaitPing(alice, carol.address());
        Tenant.awaitPing(alice, dave.address());
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static Map<String, ?> in(String group) {
        return Map.of("security_groups", List.of(group));
    }

    @Test
    void aLeaseIsTakenRenewedGivenBackAndTakenAgain() {
        var erin = tenant.unaddressed("erin", "hv1", tenant.port(blue, "hv1", in(pingable)));
        tenant.awaitActive(erin);
        try (var dhcp = erin.server().dhcp()) {
            dhcp.renewingAfter(Duration.ofSeconds(1));
            var lease = dhcp.start(SOON);
            assertThat(lease.address()).isEqualTo(erin.address());
            assertThat(lease.routers()).hasToString("[%s]".formatted(blue.gateway()));
            assertThat(dhcp.awaitRenewal(SOON).address()).isEqualTo(erin.address());
            assertThat(dhcp.events()).contains("RENEW");
            assertThat(erin.pings(dave.address())).isTrue();
            dhcp.release();
            assertThat(erin.server().space().ip("-4", "addr", "show", "eth0")).doesNotContain("inet ");
            assertThat(dhcp.start(SOON).address()).isEqualTo(erin.address());
        }
    }

    @Test
    void aLeaseOutlivesAnAgentThatIsKilledAndIsRenewedAndGivenWhenItIsStarted() {
        var oscar = tenant.unaddressed("oscar", "hv1", tenant.port(blue, "hv1", in(pingable)));
        var peggy = tenant.unaddressed("peggy", "hv1", tenant.port(blue, "hv1", in(pingable)));
        tenant.awaitActive(oscar, peggy);
        try (var early = oscar.server().dhcp().renewingAfter(Duration.ofSeconds(1));
                var late = peggy.server().dhcp()) {
            early.start(SOON);
            Tenant.awaitPing(oscar, carol.address());
            try (var pinging = oscar.server().pingContinuously(carol.address(), FAST)) {
                Restart.losesNothing(cloud.agent("hv1"), late::ask, pinging);
            }
            assertThat(early.awaitRenewal(SOON).address()).isEqualTo(oscar.address());
            assertThat(early.events()).doesNotContain("EXPIRE");
            assertThat(late.awaitLease(SOON).address()).isEqualTo(peggy.address());
            Tenant.awaitPing(peggy, carol.address());
        }
    }

    @Test
    void aDeclinedAddressIsOfferedAgainSinceItIsTheOneOfThePort() {
        var frank = tenant.unaddressed("frank", "hv2", tenant.port(blue, "hv2", in(pingable)));
        tenant.awaitActive(frank);
        try (var dhcp = frank.server().dhcp()) {
            dhcp.declineNext();
            assertThat(dhcp.start(Duration.ofSeconds(30)).address()).isEqualTo(frank.address());
            assertThat(dhcp.events()).startsWith("PREINIT", "DECLINE").contains("BOUND");
        }
    }

    @Test
    void theRouterShowsItselfToWhoTracesTheRouteAndIsOneHop() {
        assertThat(pingWithHops(1)).contains("From " + blue.gateway()).contains("Time to live exceeded");
        assertThat(pingWithHops(2)).contains("64 bytes from " + dave.address());
    }

    @Test
    void whatIsPluggedInAndOutWhileTheAgentIsAwayIsToldWhenItIsStarted() {
        var goes = tenant.machine("quentin", blue, "hv1", in(pingable));
        var moves = tenant.machine("rupert", blue, "hv1", in(pingable));
        var port = tenant.port(blue, "hv1", in(pingable));
        tenant.awaitActive(goes, moves);
        Tenant.awaitPing(carol, goes.address());
        var agent = cloud.agent("hv1");
        agent.kill();
        goes.server().unplug();
        moves.server().unplug();
        var comes = tenant.plug("sybil", blue, "hv1", port);
        var moved = tenant.plug("rupert", blue, "hv1", cloud.api().show("ports", "port", moves.port()));
        assertThat(tenant.status(comes.port())).isEqualTo("DOWN");
        agent.start();
        agent.awaitSync();
        Wait.until(
                "port of quentin to be DOWN",
                SOON,
                () -> tenant.status(goes.port()).equals("DOWN"));
        tenant.awaitActive(comes, moved);
        for (var machine : List.of(comes, moved)) {
            Tenant.awaitPing(machine, carol.address());
            assertThat(carol.pings(machine.address())).isTrue();
        }
        assertThat(carol.pings(goes.address())).isFalse();
    }

    private static String pingWithHops(int hops) {
        return alice.server()
                .command(
                        "ping",
                        "-n",
                        "-c",
                        "1",
                        "-W",
                        "2",
                        "-t",
                        Integer.toString(hops),
                        dave.address().toString())
                .run()
                .stdout();
    }

    @Test
    void membersOfTheDefaultGroupReachEachOtherAndNobodyElseReachesThem() {
        var grace = tenant.machine("grace", blue, "hv1", Map.of());
        var heidi = tenant.machine("heidi", red, "hv2", Map.of());
        tenant.awaitActive(grace, heidi);
        Tenant.awaitPing(grace, heidi.address());
        assertThat(heidi.pings(grace.address())).isTrue();
        assertThat(grace.pings(alice.address())).isTrue();
        assertThat(alice.pings(grace.address())).isFalse();
        assertThat(alice.pings(heidi.address())).isFalse();
    }

    @Test
    void aPortWithoutPortSecuritySpeaksForAnyAddressAndOneWithItDoesNot() {
        var any = IpAddress.parse("10.1.0.222");
        var ivan = tenant.machine("ivan", blue, "hv1", in(pingable));
        tenant.awaitActive(ivan);
        ivan.server().address(any, 24);
        Tenant.awaitPing(ivan, carol.address());
        assertThat(pingsAs(ivan, any)).isFalse();
        tenant.update(ivan, Map.of("port_security_enabled", false, "security_groups", List.of()));
        Wait.until("port security to be off", SOON, () -> pingsAs(ivan, any));
        assertThat(carol.pings(any)).isTrue();
        tenant.update(ivan, Map.of("port_security_enabled", true));
        Wait.until("port security to be on again", SOON, () -> !pingsAs(ivan, any));
    }

    private static boolean pingsAs(Machine machine, IpAddress source) {
        return machine.server()
                .command("ping", "-n", "-c", "2", "-i", "0.1", "-W", "1", "-I", source.toString())
                .and(carol.address().toString())
                .run()
                .succeeded();
    }

    @Test
    void anAllowedAddressPairLetsAPortHoldAFurtherAddress() {
        var shared = IpAddress.parse("10.1.0.210");
        var judy = tenant.machine("judy", blue, "hv1", in(pingable));
        judy.server().address(shared, 24);
        tenant.awaitActive(judy);
        Tenant.awaitPing(judy, carol.address());
        assertThat(carol.pings(shared)).isFalse();
        tenant.update(judy, Map.of("allowed_address_pairs", List.of(Map.of("ip_address", shared.toString()))));
        Tenant.awaitPing(carol, shared);
        tenant.update(judy, Map.of("allowed_address_pairs", List.of()));
        Wait.until("the address to be nobody's", SOON, () -> !carol.pings(shared));
    }

    @Test
    void aRuleThatNamesAnAddressGroupFollowsTheGroup() {
        var addresses = cloud.api().create("address-groups", "address_group", Map.of("addresses", List.of()));
        var id = addresses.get("id").asString();
        var web = tenant.group("web");
        tenant.allow(
                web,
                Map.of("protocol", "tcp", "port_range_min", WEB, "port_range_max", WEB, "remote_address_group_id", id));
        var mike = tenant.machine("mike", blue, "hv1", in(web));
        tenant.awaitActive(mike);
        try (var _ = mike.server().listenTcp(WEB)) {
            assertThat(carol.connects(mike.address(), WEB)).isFalse();
            var members = Map.of("addresses", List.of(carol.address() + "/32"));
            cloud.api().put("/v2.0/address-groups/%s/add_addresses".formatted(id), members);
            Wait.until("carol to be let in", SOON, () -> carol.connects(mike.address(), WEB));
            assertThat(dave.connects(mike.address(), WEB)).isFalse();
            cloud.api().put("/v2.0/address-groups/%s/remove_addresses".formatted(id), members);
            Wait.until("carol to be shut out", SOON, () -> !carol.connects(mike.address(), WEB));
        }
    }

    @Test
    void aTransferGoesOnAcrossTheRouterWhileRulesChangeAndEndsWhenItsOwnRuleGoes() {
        var open = tenant.group("open");
        var rule = tenant.allow(open, Map.of("protocol", "tcp"));
        var nina = tenant.machine("nina", red, "hv2", in(open));
        tenant.awaitActive(nina);
        Wait.until(
                "a way to nina",
                SOON,
                () -> alice.server().tcp(nina.address(), 9, FAST.multipliedBy(50)) == Reach.REFUSED);
        try (var _ = nina.server().listenTcp(WEB);
                var transfer = alice.server().converse(nina.address(), WEB, SOON)) {
            assertThat(transfer.echoes(1 << 18, SOON)).isTrue();
            var another = tenant.allow(open, Map.of("protocol", "udp"));
            tenant.disallow(another);
            assertThat(transfer.echoes(1 << 18, SOON)).isTrue();
            tenant.disallow(rule);
            Wait.until("the rule to be gone", SOON, () -> !alice.connects(nina.address(), WEB));
            assertThat(transfer.echoes(1, Duration.ofSeconds(2))).isFalse();
        }
    }
}

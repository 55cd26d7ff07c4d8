package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * IPv6 as hosts see it, whatever carries packets between chassis: on blue they form their addresses (SLAAC), on red too and ask for the rest
 * (stateless DHCPv6), on green they ask for all (stateful DHCPv6). A router joins the three; alice, carol and dave boot on them, and their
 * kernels do what Linux does.
 */
abstract class Ipv6Scenarios {
    private static final Duration OFTEN = Duration.ofMillis(20);

    /** Clients of DHCPv6 that are not answered wait twice as long each time before they ask again (RFC 8415, section 15). */
    private static final Duration ASKED_AGAIN = Duration.ofSeconds(60);

    private Cloud cloud;
    private Tenant tenant;
    private String router;
    private Network blue;
    private Network green;
    private Machine alice;
    private Machine carol;
    private Machine dave;

    abstract Cloud open();

    /** What a tunnel leaves of the 1,500 bytes of the lab. */
    abstract int mtu();

    @BeforeEach
    void start() {
        cloud = open();
        tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.startChassis("hv1", "hv2");
        blue = tenant.network("blue", "2001:db8:1::/64", "slaac");
        var red = tenant.network("red", "2001:db8:2::/64", "dhcpv6-stateless");
        green = tenant.network("green", "2001:db8:3::/64", "dhcpv6-stateful");
        router = tenant.router(blue, red, green);
        alice = boot("alice", blue, "hv1");
        carol = boot("carol", blue, "hv2");
        dave = boot("dave", red, "hv2");
        tenant.awaitActive(alice, carol, dave);
        for (var machine : List.of(alice, carol, dave)) {
            awaitAddress(machine);
        }
    }

    @AfterEach
    void end() {
        cloud.close();
    }

    private Machine boot(String name, Network network, String chassis) {
        cloud.lab().server(name).withRouterAdvertisements();
        return tenant.unaddressed(
                name, chassis, tenant.port(network, chassis, Map.of("security_groups", List.of(pingable()))));
    }

    private String pingable = "";

    private String pingable() {
        if (pingable.isEmpty()) {
            pingable = tenant.group("pingable");
            tenant.allow(pingable, Map.of("protocol", "ipv6-icmp", "ethertype", "IPv6"));
        }
        return pingable;
    }

    private static void awaitAddress(Machine machine) {
        Wait.until(
                "the address of %s".formatted(machine.server().name()),
                SOON,
                () -> machine.server().addresses6().contains(machine.address() + "/64"));
    }

    @Test
    void hostsFormTheirAddressesAndReachEachOtherAlsoWhileTheAgentsAreKilledAndStarted() {
        Tenant.awaitPing(alice, carol.address());
        Tenant.awaitPing(alice, dave.address());
        Tenant.awaitPing(alice, blue.gateway());
        assertThat(alice.server().defaultRoute6().orElseThrow().toString()).startsWith("fe80::");
        assertThat(pingsWhole(mtu())).isTrue();
        assertThat(pingsWhole(mtu() + 1)).isFalse();
        assertThat(pings(carol.server().mac().linkLocal() + "%eth0"))
                .as("on the link")
                .isTrue();
        var erin = netbooting();
        erin.server().heedRouterAdvertisements(true);
        try (var onLink = alice.server().pingContinuously(carol.server().mac().linkLocal(), OFTEN);
                var switched = alice.server().pingContinuously(carol.address(), OFTEN);
                var routed = alice.server().pingContinuously(dave.address(), OFTEN);
                var advertised = alice.server().capture("icmp6 and ip6[40] == 134");
                var client = erin.server().dhcp6()) {
            Restart.losesNothing(
                    List.of(cloud.agent("hv1"), cloud.agent("hv2")),
                    () -> {
                        assertThat(alice.server().solicitRouter()).doesNotContain("2001:db8:1::/64");
                        assertThat(advertised.lines()).isEmpty();
                        assertThat(alice.server().addresses6()).contains(alice.address() + "/64");
                        assertThat(alice.server().defaultRoute6()).isPresent();
                        client.ask();
                    },
                    onLink,
                    switched,
                    routed);
            assertThat(advertised.await(1, SOON)).as("unasked").isNotEmpty();
            isToldAll(client.awaitLease(ASKED_AGAIN), erin);
            Wait.until(
                    "a way out for erin",
                    SOON,
                    () -> erin.server().solicitRouter().contains("2001:db8:3::/64"));
            Tenant.awaitPing(erin, carol.address());
        }
        assertThat(alice.server().solicitRouter()).contains("2001:db8:1::/64");
        asksForTheRest();
    }

    private void asksForTheRest() {
        try (var client = dave.server().dhcp6()) {
            assertThat(client.startStateless(SOON))
                    .containsEntry("dhcp6_name_servers", "2001:db8::53")
                    .doesNotContainKey("ip6_address");
        }
    }

    /** Whether a packet of this length, in one piece, gets from alice to carol and back; of it 48 bytes are headers. */
    private boolean pingsWhole(int length) {
        return pings(
                "-M", "do", "-s", Integer.toString(length - 48), carol.address().toString());
    }

    /** Whether alice's pings, of this kind, are answered. */
    private boolean pings(String... words) {
        return alice.server()
                .command("ping", "-6", "-n", "-c", "2", "-i", "0.2", "-W", "2")
                .and(words)
                .run()
                .succeeded();
    }

    /** A server that is to ask for all, and to boot from the network. */
    private Machine netbooting() {
        var boot = Map.of("opt_name", "bootfile-url", "opt_value", "tftp://[2001:db8::1]/pxe", "ip_version", 6);
        var erin = tenant.unaddressed(
                "erin",
                "hv1",
                tenant.port(
                        green,
                        "hv1",
                        Map.of("security_groups", List.of(pingable()), "extra_dhcp_opts", List.of(boot))));
        tenant.awaitActive(erin);
        return erin;
    }

    private static void isToldAll(Map<String, String> lease, Machine machine) {
        assertThat(lease)
                .containsEntry("ip6_address", machine.address().toString())
                .containsEntry("dhcp6_name_servers", "2001:db8::53")
                .containsEntry("dhcp6_domain_search", "green.example.")
                .containsEntry("dhcp6_bootfile_url", "tftp://[2001:db8::1]/pxe");
    }

    @Test
    void routersSayWhatIsSoWhenItIsSo() {
        assertThat(alice.server().solicitRouter())
                .containsPattern("Stateful address conf\\. +: +No")
                .containsPattern("Stateful other conf\\. +: +No")
                .containsPattern("Router lifetime +: +65535")
                .containsPattern("Prefix +: 2001:db8:1::/64")
                .containsPattern("Autonomous address conf\\. ?: +Yes")
                .containsPattern("MTU +: +" + mtu())
                .containsPattern("Recursive DNS server +: 2001:db8::53")
                .containsPattern("DNS search list +: blue\\.example")
                .contains("from fe80::");
        assertThat(dave.server().solicitRouter()).containsPattern("Stateful other conf\\. +: +Yes");
        var more = tenant.subnet(
                blue.id(), "2001:db8:11::/64", Map.of("ipv6_ra_mode", "slaac", "ipv6_address_mode", "slaac"));
        var joint = Map.of("subnet_id", more.subnet());
        cloud.api().put("/v2.0/routers/%s/add_router_interface".formatted(router), joint);
        Wait.until(
                "a second address, unasked",
                SOON,
                () -> alice.server().addresses6().contains("2001:db8:11:"));
        cloud.api().put("/v2.0/routers/%s/remove_router_interface".formatted(router), joint);
        Wait.until(
                "the second address to go out of use, and only that",
                SOON,
                () -> alice.server()
                                .addresses6()
                                .lines()
                                .filter(line -> line.contains("deprecated"))
                                .allMatch(line -> line.contains("2001:db8:11:"))
                        && alice.server().addresses6().contains("deprecated"));
        var violet = delegated();
        var frank = aPrefixThatTheProviderChoseIsAnnouncedLikeAnyOther(violet);
        addressesStayWhileTheAgentIsKilledAndStarted(frank, violet);
    }

    /** A network whose hosts form their addresses from a prefix that the provider chooses. */
    private Network delegated() {
        var pool = Map.of(
                "name",
                "delegated",
                "prefixes",
                List.of("2001:db8:d000::/56"),
                "default_prefixlen",
                64,
                "is_default",
                true);
        cloud.api().create("subnetpools", "subnetpool", pool);
        var violet = Rest.id(cloud.api().create("networks", "network", Map.of("name", "violet")));
        var mode = Map.of("ipv6_ra_mode", "slaac", "ipv6_address_mode", "slaac");
        var subnet = new HashMap<String, Object>(mode);
        subnet.putAll(Map.of("network_id", violet, "ip_version", 6, "subnetpool_id", "prefix_delegation"));
        var made = cloud.api().create("subnets", "subnet", subnet);
        var network = new Network(
                violet, Rest.id(made), IpPrefix.parse(made.get("cidr").asString()));
        cloud.api()
                .put("/v2.0/routers/%s/add_router_interface".formatted(router), Map.of("subnet_id", network.subnet()));
        return network;
    }

    private Machine aPrefixThatTheProviderChoseIsAnnouncedLikeAnyOther(Network network) {
        var frank = booted("frank", network);
        assertThat(frank.server().addresses6()).contains("2001:db8:d0");
        return frank;
    }

    /** A machine on hv1 that has formed its address, and reaches carol. */
    private Machine booted(String name, Network network) {
        var machine = boot(name, network, "hv1");
        tenant.awaitActive(machine);
        awaitAddress(machine);
        Tenant.awaitPing(machine, carol.address());
        return machine;
    }

    /** Frank has formed his from the provider's prefix, grace has hers by DHCPv6, and asks to keep it while nobody is there to answer. */
    private void addressesStayWhileTheAgentIsKilledAndStarted(Machine frank, Network violet) {
        var grace = boot("grace", green, "hv1");
        tenant.awaitActive(grace);
        try (var client = grace.server().dhcp6()) {
            assertThat(client.start(SOON))
                    .containsEntry("ip6_address", grace.address().toString());
            Tenant.awaitPing(grace, carol.address());
            try (var formed = frank.server().pingContinuously(carol.address(), OFTEN);
                    var leased = grace.server().pingContinuously(carol.address(), OFTEN)) {
                Restart.losesNothing(cloud.agent("hv1"), client::askAnew, formed, leased);
            }
            Wait.until(
                    "the lease to be renewed",
                    ASKED_AGAIN,
                    () -> client.events().contains("RENEW6"));
            assertThat(client.awaitLease(SOON))
                    .containsEntry("ip6_address", grace.address().toString());
            assertThat(grace.server().addresses6()).contains(grace.address() + "/128");
            Tenant.awaitPing(grace, carol.address());
        }
        assertThat(frank.server().addresses6()).contains(frank.address() + "/64");
        assertThat(frank.server().solicitRouter()).contains(violet.block().toString());
        booted("henry", violet);
    }
}

package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** IPv6 addresses that a router answers for outside, to machines which take them to be on their own wire. Alice and bob are on hv1 alone. */
class NdpProxyTest {
    private static final Duration FAST = Duration.ofMillis(10);
    private static final IpAddress PROVIDER = IpAddress.parse("2001:db8:ff::1");
    private static final String INSIDE = "2001:db8:1::/64";

    private static Cloud cloud;
    private static Tenant tenant;
    private static Outsider world;

    /** Who asks anew who has an address: to forget its neighbours loses what the world sends meanwhile. */
    private static Outsider stranger;

    private static String router;
    private static Machine alice;
    private static Machine bob;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("ndpproxy", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.lab().chassis("hv1").wire("physnet1");
        cloud.lab().chassis("hv2").wire("physnet1");
        world = outsider("world", PROVIDER);
        stranger = outsider("stranger", IpAddress.parse("2001:db8:ff::5:1"));
        cloud.startChassis("hv1", "hv2");
        var open = tenant.group("open");
        tenant.allow(open, Map.of("protocol", "ipv6-icmp", "ethertype", "IPv6"));
        var scope = make("address-scopes", "address_scope", Map.of("name", "all", "ip_version", 6));
        var out = make("networks", "network", Tenant.outside("physnet1"));
        subnet(out, "2001:db8:ff::/64", scope, Map.of());
        var inside = subnet(
                make("networks", "network", Map.of()),
                INSIDE,
                scope,
                Map.of("ipv6_ra_mode", "slaac", "ipv6_address_mode", "slaac"));
        router = tenant.router(inside);
        cloud.api()
                .update(
                        "routers",
                        "router",
                        router,
                        Map.of("external_gateway_info", Map.of("network_id", out), "enable_ndp_proxy", true));
        alice = machine("alice", inside, open);
        bob = machine("bob", inside, open);
        tenant.awaitActive(alice, bob);
    }

    /** A machine on the wire, which takes those inside to be on it too. */
    private static Outsider outsider(String name, IpAddress address) {
        var outsider = cloud.lab().outsider(name, "physnet1");
        outsider.address(outsider.untagged(), address, 64);
        outsider.space().ip("-6", "route", "add", INSIDE, "dev", outsider.untagged());
        return outsider;
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static IpAddress gateway() {
        return IpAddress.parse(cloud.api()
                .show("routers", "router", router)
                .at("/external_gateway_info/external_fixed_ips/0/ip_address")
                .asString());
    }

    private static String make(String collection, String resource, Map<String, ?> body) {
        return cloud.api().create(collection, resource, body).get("id").asString();
    }

    private static Network subnet(String network, String block, String scope, Map<String, ?> more) {
        var pool = make(
                "subnetpools",
                "subnetpool",
                Map.of("name", block, "prefixes", List.of(block), "address_scope_id", scope, "default_prefixlen", 64));
        var attributes = new java.util.HashMap<String, Object>(more);
        attributes.put("subnetpool_id", pool);
        return tenant.subnet(network, block, attributes);
    }

    private static Machine machine(String name, Network network, String group) {
        cloud.lab().server(name).withRouterAdvertisements();
        return tenant.unaddressed(name, "hv1", tenant.port(network, "hv1", Map.of("security_groups", List.of(group))));
    }

    private static void awaitAnswersFor(Machine machine) {
        Wait.until(
                "ping of " + machine.server().name(),
                SOON,
                () -> world.ping(machine.address(), 3, FAST).allAnswered());
    }

    private static void remove(String proxy) {
        cloud.api().delete("ndp_proxies", proxy);
        Wait.until("nobody to answer for alice", SOON, () -> !isAnsweredForAnew());
    }

    @Test
    void whoIsAnsweredForIsReachedFromOutsideAndNobodyElse() {
        assertThat(world.ping(alice.address(), 1, FAST).allAnswered()).isFalse();
        var proxy = make("ndp_proxies", "ndp_proxy", Map.of("router_id", router, "port_id", alice.port()));
        awaitAnswersFor(alice);
        assertThat(alice.pings(PROVIDER)).isTrue();
        assertThat(world.ping(bob.address(), 1, FAST).allAnswered()).isFalse();
        assertNobodyElseIsLetInByWayOfTheRouter();
        remove(proxy);
    }

    private void assertNobodyElseIsLetInByWayOfTheRouter() {
        for (var machine : List.of(alice, bob)) {
            world.route(new IpPrefix(machine.address(), 128), gateway());
        }
        assertThat(world.ping(alice.address(), 3, FAST).allAnswered()).isTrue();
        assertThat(world.ping(bob.address(), 1, FAST).allAnswered()).isFalse();
        for (var machine : List.of(alice, bob)) {
            world.space().ip("-6", "route", "del", machine.address() + "/128");
        }
    }

    @Test
    void anAddressIsAnsweredForAlsoWhileAgentsAreKilledAndStarted() {
        var proxy = make("ndp_proxies", "ndp_proxy", Map.of("router_id", router, "port_id", alice.port()));
        awaitAnswersFor(alice);
        for (var chassis : List.of("hv1", "hv2")) {
            try (var in = world.pingContinuously(alice.address(), FAST);
                    var out = alice.server().pingContinuously(PROVIDER, FAST)) {
                Restart.losesNothing(
                        cloud.agent(chassis),
                        () -> assertThat(isAnsweredForAnew()).isTrue(),
                        in,
                        out);
            }
            assertThat(isAnsweredForAnew()).isTrue();
            assertThat(world.ping(bob.address(), 1, FAST).allAnswered()).isFalse();
        }
        remove(proxy);
    }

    private static boolean isAnsweredForAnew() {
        stranger.space().ip("-6", "neighbour", "flush", "dev", stranger.untagged());
        return stranger.ping(alice.address(), 3, FAST).allAnswered();
    }
}

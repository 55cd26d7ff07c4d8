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

/**
 * IPv6 to a provider's network, which is routed and never translated: servers of two chassis that form their addresses from advertisements, and
 * a provider's router with a route to them by the address that the tenant's router has on the wire.
 */
class Ipv6NorthSouthTest {
    private static final Duration FAST = Duration.ofMillis(10);
    private static final int WEB = 80;
    private static final int CLOSED = 33434;
    private static final int MANY_HOPS = 64;
    private static final IpAddress PROVIDER = IpAddress.parse("2001:db8:ff::1");
    private static final IpAddress FAR = IpAddress.parse("2001:db8:fa::9");
    private static final IpAddress NOBODY = IpAddress.parse("2001:db8:1::99");

    private static Cloud cloud;
    private static Tenant tenant;
    private static Outsider world;
    private static Link cable1;
    private static Link cable2;
    private static IpAddress router;
    private static Machine alice;
    private static Machine carol;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("northsouth6", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        cable1 = cloud.lab().chassis("hv1").wire("physnet1");
        cable2 = cloud.lab().chassis("hv2").wire("physnet1");
        world = cloud.lab().outsider("world", "physnet1");
        world.address(world.untagged(), PROVIDER, 64);
        world.address("lo", FAR, 128);
        cloud.startChassis("hv1", "hv2");
        var open = tenant.group("open");
        for (var protocol : List.of("ipv6-icmp", "tcp")) {
            tenant.allow(open, Map.of("protocol", protocol, "ethertype", "IPv6"));
        }
        var outside = tenant.network("out", "2001:db8:ff::/64", Tenant.outside("physnet1"));
        var inside = tenant.network("inside", "2001:db8:1::/64", "slaac");
        router = IpAddress.parse(cloud.api()
                .update(
                        "routers",
                        "router",
                        tenant.router(inside),
                        Map.of("external_gateway_info", Map.of("network_id", outside.id())))
                .at("/external_gateway_info/external_fixed_ips/0/ip_address")
                .asString());
        world.route(IpPrefix.parse("2001:db8:1::/64"), router);
        alice = machine("alice", inside, "hv1", open);
        carol = machine("carol", inside, "hv2", open);
        tenant.awaitActive(alice, carol);
        for (var machine : List.of(alice, carol)) {
            Wait.until("ping outside from " + machine.server().name(), SOON, () -> machine.pings(FAR));
        }
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static Machine machine(String name, Network network, String chassis, String group) {
        cloud.lab().server(name).withRouterAdvertisements();
        return tenant.unaddressed(
                name, chassis, tenant.port(network, chassis, Map.of("security_groups", List.of(group))));
    }

    @Test
    void serversOfBothChassisAreSeenOutsideAsThemselvesAndReachedFromThere() {
        for (var machine : List.of(alice, carol)) {
            try (var seen = world.capture("icmp6 and dst " + FAR)) {
                assertThat(machine.pings(FAR)).isTrue();
                assertThat(seen.await(3, SOON))
                        .allSatisfy(line -> assertThat(line).contains(machine.address() + " > " + FAR));
            }
            assertThat(world.ping(machine.address(), 3, FAST).allAnswered()).isTrue();
            assertThat(world.probe(machine.address(), 1)).contains("From " + router, "Hop limit");
            try (var _ = machine.server().listenTcp(WEB);
                    var conversation = world.converse(machine.address(), WEB, SOON)) {
                assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
            }
        }
        assertThat(world.ping(router, 3, FAST).allAnswered()).isTrue();
    }

    @Test
    void anAgentThatIsKilledAndStartedLosesNoPacketAndSaysAgainWhatCannotBeReached() {
        awaitErrors();
        try (var out = alice.server().pingContinuously(FAR, FAST);
                var of = carol.server().pingContinuously(FAR, FAST)) {
            Restart.losesNothing(cloud.agent(gatewayHost()), out, of);
        }
        awaitErrors();
    }

    /** Of a port of the router, which nobody listens at, and of an address that nobody has. */
    private static void awaitErrors() {
        Wait.until("a refusal", SOON, () -> world.udp(router, CLOSED, Duration.ofSeconds(2)) == Reach.REFUSED);
        Wait.until("word of nobody", SOON, () -> {
            var said = world.probe(NOBODY, MANY_HOPS);
            return said.contains("From " + router) && said.contains("Address unreachable");
        });
    }

    @Test
    void whoseChassisHasNoLinkIsMetByWayOfAnotherChassisAlsoWhileTheAgentsOfBothAreKilledAndStarted() {
        var host = gatewayHost();
        var cable = host.equals("hv1") ? cable1 : cable2;
        var cutOff = host.equals("hv1") ? alice : carol;
        try (var told = world.capture("icmp6 and ip6[40] == 136 and dst ff02::1")) {
            cable.cut();
            told.await(1, SOON);
            Wait.until(
                    "the router to be met by another chassis",
                    SOON,
                    () -> world.ping(router, 3, FAST).allAnswered());
            assertThat(gatewayHost()).isNotEqualTo(host);
            Wait.until("a way by the other chassis", SOON, () -> cutOff.pings(FAR));
            assertThat(world.ping(cutOff.address(), 3, FAST).allAnswered()).isTrue();
            for (var chassis : List.of("hv1", "hv2")) {
                try (var out = cutOff.server().pingContinuously(FAR, FAST);
                        var in = world.pingContinuously(cutOff.address(), FAST)) {
                    Restart.losesNothing(cloud.agent(chassis), out, in);
                }
            }
        } finally {
            cable.mend();
        }
        cloud.awaitDetours(host, 0);
        Wait.until("ping of both", SOON, () -> alice.pings(FAR) && carol.pings(FAR));
    }

    private static String gatewayHost() {
        return cloud.api()
                .get("/v2.0/ports?device_owner=network:router_gateway")
                .at("/ports/0/binding:host_id")
                .asString();
    }
}

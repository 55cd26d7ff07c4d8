package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.it.Tenant.Machine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A chassis without a link to the external network: alice has a floating IP there, bob shares the router's address, and hv1 lends its wire. */
class LentWireTest {
    private static final IpAddress PROVIDER = IpAddress.parse("203.0.113.1");
    private static final Duration FAST = Duration.ofMillis(10);
    private static final int WEB = 8080;

    private static Cloud cloud;
    private static Outsider world;
    private static Machine alice;
    private static Machine bob;
    private static IpAddress floating;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("lentwire", Tenant.freePort());
        var tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.lab().chassis("hv1").wire("physnet1");
        world = cloud.lab().outsider("world", "physnet1");
        world.address(world.untagged(), PROVIDER, 24);
        cloud.startChassis("hv1", "hv2");
        var blue = tenant.network("blue", "10.1.0.0/24");
        var out = tenant.network("out", "203.0.113.0/24", Tenant.outside("physnet1"))
                .id();
        var router = tenant.router(blue);
        cloud.api().update("routers", "router", router, Map.of("external_gateway_info", Map.of("network_id", out)));
        var free = Map.of("security_groups", List.of(tenant.openGroup()));
        alice = tenant.machine("alice", blue, "hv2", free);
        bob = tenant.machine("bob", blue, "hv2", free);
        tenant.awaitActive(alice, bob);
        floating = IpAddress.parse(cloud.api()
                .create("floatingips", "floatingip", Map.of("floating_network_id", out, "port_id", alice.port()))
                .get("floating_ip_address")
                .asString());
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    @Test
    void itsServersGoOutAndAreReachedByAnotherChassisAlsoAfterRestarts() {
        Tenant.awaitPing(alice, PROVIDER);
        Tenant.awaitPing(bob, PROVIDER);
        Wait.until(
                "ping of " + floating, SOON, () -> world.ping(floating, 3, FAST).allAnswered());
        try (var _ = alice.server().listenTcp(WEB);
                var conversation = world.converse(floating, WEB, SOON)) {
            assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
            for (var agent : List.of(cloud.agent("hv1"), cloud.agent("hv2"))) {
                try (var floats = alice.server().pingContinuously(PROVIDER, FAST);
                        var shares = bob.server().pingContinuously(PROVIDER, FAST)) {
                    Restart.losesNothing(agent, floats, shares);
                }
                assertThat(agent.flowMods()).isZero();
                assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
            }
        }
    }
}

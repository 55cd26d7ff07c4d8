package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Writes that wait for the switches: what they answer is so when they answer it. Real agents on real switches, hv1 and hv2. */
class RealisedTest {
    private static final Duration FAST = Duration.ofMillis(10);
    private static final String WAIT = "?wait=realised&wait_seconds=15";

    private static Cloud cloud;
    private static Tenant tenant;
    private static Network blue;
    private static String pingable;
    private static Machine alice;
    private static Machine bob;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("realised", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.startChassis("hv1", "hv2");
        blue = tenant.network("blue", "10.1.0.0/24");
        pingable = tenant.group("pingable");
        tenant.allow(pingable, Map.of("protocol", "icmp"));
        alice = tenant.machine("alice", blue, "hv1", Map.of("security_groups", List.of(pingable)));
        bob = tenant.machine("bob", blue, "hv2", Map.of("security_groups", List.of(pingable)));
        tenant.awaitActive(alice, bob);
        // The first packets between two chassis wait for ARP between the tunnel's ends.
        Tenant.awaitPing(alice, bob.address());
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static JsonNode realised(String port) {
        return cloud.api().get("/v2.0/ports/%s/realised".formatted(port)).path("realised");
    }

    private static JsonNode port(String chassis, String parameters) {
        var attributes =
                Map.of("network_id", blue.id(), "binding:host_id", chassis, "security_groups", List.of(pingable));
        return cloud.api().create("ports" + parameters, "port", attributes);
    }

    private static Set<String> flows(String chassis) {
        return cloud.lab().chassis(chassis).dumpFlows(Chassis.INTEGRATION_BRIDGE).stream()
                .filter(flow -> flow.contains("cookie=0xd7a6"))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Test
    void theFirstPingWorksOnceTheBindingOfAPortIsAnsweredAndNoFlowIsLeftOnceItsEndIs() {
        var before = Map.of("hv1", flows("hv1"), "hv2", flows("hv2"));
        var port = tenant.port(blue, "nowhere", Map.of("security_groups", List.of(pingable)));
        var carol = tenant.plug("carol", blue, "hv2", port);
        cloud.api().update("ports", "port", carol.port() + WAIT, Map.of("binding:host_id", "hv2"));
        assertThat(realised(carol.port()).path("done").asInt(0)).isEqualTo(2);
        assertThat(carol.server().ping(alice.address(), 1, FAST)).returns(0, Pings::lost);
        assertThat(alice.server().ping(carol.address(), 1, FAST)).returns(0, Pings::lost);
        cloud.api().delete("ports", carol.port() + WAIT);
        assertThat(Map.of("hv1", flows("hv1"), "hv2", flows("hv2"))).isEqualTo(before);
        carol.server().unplug();
    }

    @Test
    void anAgentThatIsStoppedIsListedAndDoneOnceItIsBack() {
        cloud.agent("hv2").kill();
        var port = port("hv2", "?wait=realised&wait_seconds=1").path("id").asString("");
        var realised = realised(port);
        assertThat(realised.path("complete").asBoolean(true)).isFalse();
        assertThat(realised.path("chassis").path(1).path("name").asString("")).isEqualTo("hv2");
        assertThat(realised.path("chassis").path(1).path("state").asString("")).isNotEqualTo("done");
        assertThat(realised.path("done").asInt(-1)).as("hv1 knows of it").isEqualTo(1);
        cloud.agent("hv2").start();
        cloud.agent("hv2").awaitSync();
        Wait.until(
                "hv2 to have the port",
                SOON,
                () -> realised(port).path("complete").asBoolean(false));
        cloud.api().delete("ports", port + WAIT);
    }

    @Test
    void aWriteIsAnsweredOnceAChassisThatWasCutOffIsBack() throws Exception {
        cloud.lab().chassis("hv2").control().cut();
        try {
            var made = CompletableFuture.supplyAsync(() -> port("hv2", WAIT));
            Wait.until(
                    "hv1 to have the port",
                    SOON,
                    () -> onHv2().anyMatch(port -> realised(port).path("done").asInt(0) == 1));
            assertThat(made).isNotDone();
            cloud.lab().chassis("hv2").control().mend();
            var port = made.get(SOON.toSeconds(), TimeUnit.SECONDS).path("id").asString("");
            assertThat(realised(port).path("complete").asBoolean(false)).isTrue();
            cloud.api().delete("ports", port + WAIT);
        } finally {
            cloud.lab().chassis("hv2").control().mend();
        }
    }

    private static Stream<String> onHv2() {
        return cloud.api()
                .get("/v2.0/ports?binding:host_id=hv2&device_owner=")
                .path("ports")
                .valueStream()
                .map(port -> port.path("id").asString(""))
                .filter(id -> !id.equals(bob.port()));
    }
}

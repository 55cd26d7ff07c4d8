package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.dragonflow.address.IpAddress;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.ovsdb.Effect;
import org.dragonflow.ovsdb.Endpoint;
import org.dragonflow.ovsdb.Options;
import org.dragonflow.ovsdb.Ovsdb;
import org.dragonflow.ovsdb.QueueSpec;
import org.dragonflow.ovsdb.Queues;
import org.dragonflow.ovsdb.Vswitch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Minimum bandwidth on a wire, in the two halves that can be tried without the kernel's datapath: what flows ask of it, and the queues that the kernel
 * has for what is sent with their priority.
 */
class MinimumBandwidthTest {
    private static final Duration FAST = Duration.ofMillis(10);
    private static final IpAddress STRANGER = IpAddress.parse("198.51.100.200");
    private static final String WIRE = "to-physnet1";

    private static Cloud cloud;
    private static Machine alice;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("guarantee", Tenant.freePort());
        var tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.lab().chassis("hv1").wire("physnet1");
        var world = cloud.lab().outsider("world", "physnet1");
        world.address(world.untagged(), STRANGER, 24);
        cloud.startChassis("hv1");
        var wired = tenant.network(
                "wired",
                "198.51.100.0/24",
                Map.of("provider:network_type", "flat", "provider:physical_network", "physnet1"));
        alice = tenant.machine("alice", wired, "hv1", Map.of("security_groups", List.of(tenant.openGroup())));
        tenant.awaitActive(alice);
        Tenant.awaitPing(alice, STRANGER);
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static void carry(@org.jspecify.annotations.Nullable String policy) {
        var change = new HashMap<String, Object>();
        change.put("qos_policy_id", policy);
        cloud.api().update("ports", "port", alice.port(), change);
    }

    private static List<String> queued() {
        return cloud.lab().chassis("hv1").dumpFlows("br-int").stream()
                .filter(flow -> flow.contains("set_queue:"))
                .toList();
    }

    @Test
    void whatIsPromisedIsAskedOfTheDatapathAndWhereThatHasNoQueuesTheAgentSaysSo() {
        var policy = Rest.id(cloud.api().create("qos/policies", "policy", Map.of("name", "gold")));
        cloud.api()
                .create(
                        "qos/policies/%s/minimum_bandwidth_rules".formatted(policy),
                        "minimum_bandwidth_rule",
                        Map.of("min_kbps", 5000));
        carry(policy);
        Wait.until("a queue", SOON, () -> queued().size() == 1);
        var agent = cloud.agent("hv1");
        Wait.until(
                "a word of it",
                SOON,
                () -> agent.said()
                        .contains(
                                "what ports were promised on physnet1 is not held free: the datapath netdev has no queues"));
        assertThat(classes()).as("of a wire that nothing would put into queues").isEmpty();
        var before = queued();
        try (var pinging = alice.server().pingContinuously(STRANGER, FAST)) {
            Restart.losesNothing(agent, pinging);
        }
        assertThat(agent.flowMods()).isZero();
        assertThat(queued()).isEqualTo(before);
        carry(null);
        Wait.until("no queue", SOON, () -> queued().isEmpty());
    }

    private static String classes() {
        return tc("class", "show", "dev", WIRE);
    }

    private static String tc(String... words) {
        return cloud.lab()
                .chassis("hv1")
                .space()
                .command(Command.of("tc").and(words))
                .require();
    }

    @Test
    void theKernelSendsWhatHasThePriorityOfAQueueByItsClassAndAllElseByOneForOthers() throws Exception {
        var socket = new Endpoint.Unix(cloud.lab().chassis("hv1").databaseSocket());
        try (var database = Ovsdb.connect(socket, Vswitch.DATABASE, Options.standard())) {
            var queues = new Queues(database, "the lab");
            assertThat(queues.ensure(new QueueSpec(WIRE, 100_000_000, Map.of(7, 30_000_000L))))
                    .isEqualTo(new Effect.Changed());
            Wait.until("classes", SOON, () -> classes().contains("class htb 1:8"));
            assertThat(classes())
                    .containsPattern("htb 1:8 parent 1:fffe prio 0 rate 30Mbit ceil 100Mbit")
                    .containsPattern("htb 1:1 parent 1:fffe prio 0 rate 70Mbit ceil 100Mbit");
            long others = sent("1:1");
            // As the kernel's datapath has it, for set_queue:7 (TC_H_MAKE(1 << 16, 7 + 1)).
            send(0x10008, 20);
            assertThat(sent("1:8")).isEqualTo(20);
            send(0, 30);
            assertThat(sent("1:1") - others).isGreaterThanOrEqualTo(30);
            assertThat(sent("1:8")).isEqualTo(20);

            assertThat(queues.retain(Set.of())).isEqualTo(new Effect.Changed());
            Wait.until("no classes", SOON, () -> classes().isEmpty());
        }
    }

    /** Frames out of the wire's device, with a priority. */
    private static void send(int priority, int frames) {
        var program = ("import socket; s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('%s', 0x88b5));"
                        + " s.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, %d);"
                        + " [s.send(bytes.fromhex('ffffffffffff02000000000188b5') + bytes(50)) for _ in range(%d)]")
                .formatted(WIRE, priority, frames);
        cloud.lab().chassis("hv1").space().command("python3", "-c", program).require();
    }

    private static long sent(String htbClass) {
        return Pattern.compile("class htb %s .*\\n\\s+Sent \\d+ bytes (\\d+) pkt".formatted(htbClass))
                .matcher(tc("-s", "class", "show", "dev", WIRE))
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .findFirst()
                .orElseThrow();
    }
}

package org.dragonflow.agent;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.feed.PortState;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.MinimumBandwidthRule;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Segment;
import org.dragonflow.model.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a rule to the queues of a wire, with a real Open vSwitch whose datapath stands in for the kernel's. */
class MinimumBandwidthTest {
    private static final Id<QosPolicy> GOLD = Id.of(QosPolicy.class, "gold");
    private static final Id<Network> OFFICE = Id.of(Network.class, "office");

    @TempDir
    private Path directory;

    private OpenVswitch ovs;
    private Config config;

    @BeforeEach
    void startSwitch() throws Exception {
        ovs = new OpenVswitch(directory);
        config = Config.standard("hv1", IpAddress.parse("192.0.2.1"), directory, directory.resolve("state"))
                .withDatapathType("system")
                .withBridgeMappings(BridgeMappings.parse("physnet1:br-ex"));
        ovs.vsctl("add-br", "br-ex");
        ovs.vsctl("add-port", "br-ex", "eth1");
    }

    @AfterEach
    void stopSwitch() throws Exception {
        ovs.close();
    }

    private static MinimumBandwidthRule rule(int kbps) {
        return new MinimumBandwidthRule(Id.of(MinimumBandwidthRule.class, "least"), GOLD, "p1", kbps, "egress");
    }

    /** Port 10 is on a network of the wire, and carries the policy. */
    private static LocalServer promising(int kbps) {
        var network = Blue.made(
                Network.class,
                entry("id", OFFICE),
                entry("name", "office"),
                entry("project_id", "p1"),
                entry("status", Status.ACTIVE),
                entry("mtu", 1500),
                entry("key", 9));
        var segment = Blue.made(
                Segment.class,
                entry("id", Id.of(Segment.class, "office")),
                entry("project_id", "p1"),
                entry("network_id", OFFICE),
                entry("network_type", Segment.FLAT),
                entry("physical_network", Optional.of("physnet1")),
                entry("carrier", "flat physnet1"),
                entry("place", 0));
        var policy = Blue.made(QosPolicy.class, entry("id", GOLD), entry("name", "gold"), entry("project_id", "p1"));
        var port = Blue.port(10, Blue.HV1);
        var carrying = Schema.of(port)
                .with(port, Map.of("network_id", OFFICE, "fixed_ips", List.of(), "qos_policy_id", Optional.of(GOLD)));
        return new LocalServer(41, Blue.with(network, segment, policy, rule(kbps), (Entity) carrying));
    }

    private void plugIn(LocalServer server) throws Exception {
        await().until(() -> server.acknowledged() == 41);
        ovs.plug("tap10", "port-10");
        untilUp(server);
    }

    private static void untilUp(LocalServer server) {
        await().untilAsserted(
                        () -> assertThat(server.states()).containsEntry(Id.of(Port.class, "port-10"), PortState.UP));
    }

    /** What the flows put into queues. */
    private List<String> queued() throws Exception {
        return ovs.flows().stream().filter(flow -> flow.contains("set_queue:")).toList();
    }

    private Stream<String> guaranteed() throws Exception {
        return ovs.vsctl("--bare", "--columns=other_config", "list", "Queue")
                .lines()
                .filter(line -> !line.isEmpty());
    }

    private void untilGuaranteed(String... rates) {
        await().untilAsserted(() -> assertThat(guaranteed()).containsExactlyInAnyOrder(rates));
    }

    @Test
    void whatAPortIsPromisedIsHeldFreeOnTheWireUntilNobodyIsPromisedAnything() throws Exception {
        var server = promising(500);
        try (var _ = Agent.start(config, server)) {
            plugIn(server);
            await().untilAsserted(() -> assertThat(status()).contains("nobody says how fast the link of eth1 is"));
            ovs.vsctl("set", "Interface", "eth1", "external_ids:dragonflow-link-kbps=1000");
            untilGuaranteed("min-rate=500000", "min-rate=500000");
            assertThat(ovs.vsctl("get", "QoS", qosOf("eth1"), "type", "other_config"))
                    .contains("linux-htb", "max-rate=\"1000000\"");
            var queue = queued().getFirst().replaceAll(".*set_queue:(\\d+).*", "$1");
            assertThat(ovs.vsctl("get", "QoS", qosOf("eth1"), "queues")).contains(queue + "=");
            var trace = ovs.appctl(
                    "ofproto/trace",
                    "br-int",
                    "in_port=tap10,dl_src=%1$s,dl_dst=ff:ff:ff:ff:ff:ff,arp,arp_op=1,arp_sha=%1$s"
                            .formatted(Blue.mac(10)));
            assertThat(trace).contains("set(skb_priority(0x%x))".formatted(Integer.parseInt(queue)));

            server.change(42, Delta.create(rule(900)));
            untilGuaranteed("min-rate=900000", "min-rate=100000");
            server.change(43, Delta.delete(rule(900)));
            untilGuaranteed();
            assertThat(ovs.vsctl("get", "Port", "eth1", "qos")).contains("[]");
            await().untilAsserted(() -> assertThat(queued()).isEmpty());
        }
    }

    @Test
    void ofManyPromisesTheLastIsKept() throws Exception {
        ovs.vsctl("set", "Interface", "eth1", "external_ids:dragonflow-link-kbps=1000");
        var server = promising(500);
        try (var _ = Agent.start(config, server)) {
            plugIn(server);
            for (int i = 1; i <= 50; i++) {
                server.change(41 + i, Delta.create(rule(i)));
            }
            // Long before an audit would put it right.
            untilGuaranteed("min-rate=50000", "min-rate=950000");
            await().during(Duration.ofSeconds(1))
                    .untilAsserted(() ->
                            assertThat(guaranteed()).containsExactlyInAnyOrder("min-rate=50000", "min-rate=950000"));
        }
    }

    private String status() throws Exception {
        return AgentTest.get(config, "/status");
    }

    private String qosOf(String port) throws Exception {
        return ovs.vsctl("get", "Port", port, "qos").strip();
    }

    @Test
    void aRestartLeavesTheQueuesAsTheyAreAndOneWithoutPromisesTakesThemAway() throws Exception {
        ovs.vsctl("set", "Interface", "eth1", "external_ids:dragonflow-link-kbps=1000");
        var server = promising(500);
        try (var _ = Agent.start(config, server)) {
            plugIn(server);
            untilGuaranteed("min-rate=500000", "min-rate=500000");
        }
        var qos = qosOf("eth1");
        var away = new LocalServer();
        try (var agent = Agent.start(config, away)) {
            await().until(() -> away.acknowledged() == 41);
            untilUp(away);
            assertThat(agent.metrics().flowMods()).isZero();
            assertThat(qosOf("eth1")).isEqualTo(qos);
            assertThat(guaranteed()).hasSize(2);
        }
        var changed = new LocalServer(42, Blue.with());
        try (var _ = Agent.start(config, changed)) {
            untilGuaranteed();
        }
    }

    @Test
    void aQosThatOthersGaveAWireStaysAndIsSpokenOf() throws Exception {
        ovs.vsctl("set", "Interface", "eth1", "external_ids:dragonflow-link-kbps=1000");
        ovs.vsctl("set", "Port", "eth1", "qos=@theirs", "--", "--id=@theirs", "create", "QoS", "type=linux-noop");
        var theirs = qosOf("eth1");
        var server = promising(500);
        try (var _ = Agent.start(config, server)) {
            plugIn(server);
            await().untilAsserted(() -> assertThat(status()).contains("QoS of port eth1 is not ours"));
            assertThat(qosOf("eth1")).isEqualTo(theirs);
            assertThat(guaranteed()).isEmpty();
        }
    }
}

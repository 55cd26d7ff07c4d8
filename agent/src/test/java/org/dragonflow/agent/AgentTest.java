package org.dragonflow.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Delta;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent with a real Open vSwitch. */
class AgentTest {
    private static final String OURS = "cookie=0xd7a6";

    @TempDir
    private Path directory;

    private OpenVswitch ovs;
    private Config config;

    @BeforeEach
    void startSwitch() throws Exception {
        assumeTrue(OpenVswitch.isInstalled(), "Open vSwitch is not installed");
        ovs = new OpenVswitch(directory);
        config = Config.standard("hv1", IpAddress.parse("192.0.2.1"), directory, directory.resolve("state"))
                .withDatapathType("netdev");
    }

    @AfterEach
    void stopSwitch() throws Exception {
        ovs.close();
    }

    private List<String> ours() throws Exception {
        return ovs.flows().stream().filter(flow -> flow.contains(OURS)).sorted().toList();
    }

    private static void untilUp(LocalServer server, int... ports) {
        await().untilAsserted(() -> {
            for (int port : ports) {
                assertThat(server.states()).containsEntry(Blue.id(port), PortState.UP);
            }
        });
    }

    @Test
    void flowsAppearForAPortThatIsPluggedInAndGoWithIt() throws Exception {
        var server = new LocalServer(41, Blue.with(Blue.port(10, Blue.HV1), Blue.port(20, Blue.HV2)));
        try (var _ = Agent.start(config, server)) {
            await().until(() -> server.acknowledged() == 41);
            assertThat(server.states()).containsEntry(Blue.id(10), PortState.DOWN);
            ovs.plug("tap10", "port-10");
            untilUp(server, 10);
            int ofport = ovs.ofport("tap10");
            assertThat(ours()).anyMatch(flow -> flow.contains("in_port=%d,".formatted(ofport)));
            assertThat(ours()).anyMatch(flow -> flow.contains("192.0.2.2"));

            server.change(42, Delta.create(Blue.port(11, Blue.HV1)));
            await().until(() -> server.acknowledged() == 42);
            ovs.unplug("tap10");
            await().untilAsserted(() -> assertThat(server.states()).containsEntry(Blue.id(10), PortState.DOWN));
            assertThat(ours()).noneMatch(flow -> flow.contains("in_port=%d,".formatted(ofport)));
        }
    }

    @Test
    void aRestartWithNothingChangedSendsNoFlowModsEvenIfTheServerIsAway() throws Exception {
        var server = new LocalServer(41, Blue.with(Blue.port(10, Blue.HV1), Blue.port(20, Blue.HV2)));
        try (var _ = Agent.start(config, server)) {
            await().until(() -> server.acknowledged() == 41);
            ovs.plug("tap10", "port-10");
            untilUp(server, 10);
        }
        var before = ours();
        assertThat(before).isNotEmpty();
        var away = new LocalServer();
        try (var agent = Agent.start(config, away)) {
            await().until(() -> away.acknowledged() == 41);
            untilUp(away, 10);
            assertThat(away.asked()).contains(new Position("line", 41));
            assertThat(agent.metrics().flowMods()).isZero();
        }
        assertThat(ours()).isEqualTo(before);
    }

    @Test
    void allFlowsAreBackAfterTheSwitchWasKilled() throws Exception {
        var server = new LocalServer(41, Blue.with(Blue.port(10, Blue.HV1), Blue.port(20, Blue.HV2)));
        try (var _ = Agent.start(config, server)) {
            await().until(() -> server.acknowledged() == 41);
            ovs.plug("tap10", "port-10");
            untilUp(server, 10);
            var before = ours();
            ovs.killDaemon();
            ovs.startDaemon();
            await().atMost(Duration.ofSeconds(10))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(ours()).isEqualTo(before));
        }
    }
}

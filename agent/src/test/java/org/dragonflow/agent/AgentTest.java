package org.dragonflow.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Mac;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Delta;
import org.dragonflow.packet.Dhcpv4;
import org.dragonflow.packet.Dhcpv4MessageType;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Udp;
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

    @Test
    void anAuditPutsRightWhatWasDoneByHandAndLeavesOthersFlowsAlone() throws Exception {
        var server = new LocalServer(41, Blue.with(Blue.port(10, Blue.HV1), Blue.port(20, Blue.HV2)));
        try (var agent = Agent.start(config.withAuditInterval(Duration.ofSeconds(1)), server)) {
            await().until(() -> server.acknowledged() == 41);
            ovs.plug("tap10", "port-10");
            untilUp(server, 10);
            var before = ours();
            // The first table goes without saying.
            var tabled = before.stream().filter(flow -> flow.contains("table=")).toList();
            ovs.ofctl("add-flow", "table=0,priority=9,in_port=77,actions=drop");
            ovs.ofctl("add-flow", "cookie=0xd7a6000000000001,table=0,priority=9,in_port=78,actions=drop");
            ovs.ofctl("mod-flows", strictly(tabled.getFirst()) + ",actions=drop", "--strict");
            ovs.ofctl("del-flows", strictly(tabled.getLast()), "--strict");
            await().untilAsserted(() -> {
                assertThat(ours()).isEqualTo(before);
                assertThat(agent.metrics().differences())
                        .containsEntry("missing", 1L)
                        .containsEntry("changed", 1L)
                        .containsEntry("extra", 1L);
            });
            assertThat(ovs.flows()).anyMatch(flow -> flow.contains("in_port=77"));
        }
    }

    /** What names a flow as dump-flows prints it: table, priority and match. */
    private static String strictly(String flow) {
        return flow.substring(flow.indexOf("table="), flow.indexOf(" actions="))
                .replace(", ", ",")
                .replace(" ", "");
    }

    @Test
    void aDatabaseThatWasKilledAndComesBackIsFollowedAgain() throws Exception {
        var server = new LocalServer(41, Blue.with(Blue.port(10, Blue.HV1), Blue.port(11, Blue.HV1)));
        try (var agent = Agent.start(config, server)) {
            await().until(() -> server.acknowledged() == 41);
            ovs.plug("tap10", "port-10");
            untilUp(server, 10);
            long mods = agent.metrics().flowMods();
            ovs.killDatabase();
            ovs.startDatabase();
            ovs.plug("tap11", "port-11");
            untilUp(server, 11);
            assertThat(agent.metrics().faults()).isZero();
            assertThat(agent.metrics().flowMods()).isLessThan(mods * 2);
        }
    }

    private String near(String network) {
        return new Way("hv1", network, "").near();
    }

    /** Starts on these mappings, with a server that knows of nothing. */
    private Agent mapped(LocalServer server, String mappings) throws IOException {
        return Agent.start(config.withBridgeMappings(BridgeMappings.parse(mappings)), server);
    }

    private static LocalServer emptyServer() {
        return new LocalServer(41, Blue.with());
    }

    private static void untilUplinks(LocalServer server, Uplink... uplinks) {
        await().untilAsserted(() -> assertThat(server.uplinks()).containsExactly(uplinks));
    }

    @Test
    void aBridgeThatLeadsOntoAPhysicalNetworkIsJoinedByACableAndItsLinkIsTold() throws Exception {
        ovs.vsctl("add-br", "br-ex", "--", "set", "Bridge", "br-ex", "datapath_type=netdev");
        ovs.vsctl("add-port", "br-ex", "eth1", "--", "set", "Interface", "eth1", "type=dummy");
        var server = emptyServer();
        try (var _ = Agent.start(config, server)) {
            await().until(() -> server.acknowledged() == 41);
            assertThat(server.uplinks()).isEmpty();
            ovs.vsctl("set", "Open_vSwitch", ".", "external_ids:ovn-bridge-mappings=physnet1:br-ex");
            untilUplinks(server, new Uplink("physnet1", true));
            var near = near("physnet1");
            assertThat(ovs.vsctl("port-to-br", near)).contains("br-int");
            assertThat(ovs.vsctl("port-to-br", near + "-int")).contains("br-ex");
            assertThat(ovs.vsctl("get", "Interface", near, "options")).contains("peer=" + near + "-int");

            ovs.appctl("netdev-dummy/set-admin-state", "eth1", "down");
            untilUplinks(server, new Uplink("physnet1", false));
            await().untilAsserted(() -> {
                assertThat(get("/status")).contains("eth1: it is switched off");
                assertThat(get("/metrics")).contains("dragonflow_agent_uplink_up{physical_network=\"physnet1\"} 0.0");
            });
            ovs.appctl("netdev-dummy/set-admin-state", "eth1", "up");
            untilUplinks(server, new Uplink("physnet1", true));

            ovs.vsctl("del-port", near);
            await().untilAsserted(() ->
                    assertThat(ovs.vsctl("list-ports", "br-int").lines()).contains(near));
            ovs.vsctl("remove", "Open_vSwitch", ".", "external_ids", "ovn-bridge-mappings");
            untilUplinks(server);
            await().untilAsserted(() ->
                    assertThat(ovs.vsctl("list-ports", "br-ex").lines()).containsExactly("eth1"));
            assertThat(ovs.vsctl("list-ports", "br-int")).doesNotContain(near);
        }
    }

    @Test
    void aRestartFindsItsWayOntoThePhysicalNetworkAndChangesNothing() throws Exception {
        ovs.vsctl("add-br", "br-ex", "--", "set", "Bridge", "br-ex", "datapath_type=netdev");
        var server = emptyServer();
        try (var _ = mapped(server, "physnet1:br-ex")) {
            untilUplinks(server, new Uplink("physnet1", true));
            await().until(() -> server.acknowledged() == 41);
        }
        int ofport = ovs.ofport(near("physnet1"));
        var away = new LocalServer();
        try (var agent = mapped(away, "physnet1:br-ex")) {
            await().until(() -> away.acknowledged() == 41);
            assertThat(away.uplinks()).containsExactly(new Uplink("physnet1", true));
            assertThat(agent.metrics().flowMods()).isZero();
        }
        assertThat(ovs.ofport(near("physnet1"))).isEqualTo(ofport);
        var unmapped = emptyServer();
        try (var _ = Agent.start(config, unmapped)) {
            await().untilAsserted(
                            () -> assertThat(ovs.vsctl("list-ports", "br-int")).doesNotContain(near("physnet1")));
        }
    }

    @Test
    void aDeviceThatLeadsOntoAPhysicalNetworkIsPutOnTheIntegrationBridge() throws Exception {
        var server = emptyServer();
        try (var _ = mapped(server, "physnet1:lo")) {
            untilUplinks(server, new Uplink("physnet1", true));
            assertThat(ovs.vsctl("port-to-br", "lo")).contains("br-int");
            assertThat(ovs.vsctl("get", "Interface", "lo", "external_ids"))
                    .contains("dragonflow=hv1", "dragonflow-physical-network=physnet1");
        }
    }

    @Test
    void whereThereIsNoSuchBridgeTheOperatorIsToldWhatToDoAndItIsJoinedOnceItIsThere() throws Exception {
        var server = emptyServer();
        try (var _ = mapped(server, "physnet1:br-ex")) {
            await().untilAsserted(() ->
                    assertThat(get("/status")).contains("there is no bridge br-ex: ovs-vsctl add-br br-ex"));
            ovs.vsctl("add-br", "br-ex", "--", "set", "Bridge", "br-ex", "datapath_type=netdev");
            untilUplinks(server, new Uplink("physnet1", true));
            await().untilAsserted(() -> assertThat(get("/status")).doesNotContain("there is no bridge"));
        }
    }

    @Test
    void aPortOfOthersIsLeftWhereItIs() throws Exception {
        ovs.vsctl("add-br", "br-other", "--", "set", "Bridge", "br-other", "datapath_type=netdev");
        ovs.vsctl("add-port", "br-other", "lo");
        var server = emptyServer();
        try (var _ = mapped(server, "physnet1:lo")) {
            await().untilAsserted(() ->
                    assertThat(get("/status")).contains("cannot go by lo, which is a port of Open vSwitch"));
            assertThat(ovs.vsctl("port-to-br", "lo")).contains("br-other");
            assertThat(server.uplinks()).isEmpty();
        }
    }

    @Test
    void aClientIsOfferedItsAddress() throws Exception {
        var server = new LocalServer(41, Blue.with(Blue.port(10, Blue.HV1)));
        var sent = directory.resolve("tap10.pcap");
        try (var _ = Agent.start(config, server)) {
            await().until(() -> server.acknowledged() == 41);
            ovs.plug("tap10", "port-10");
            ovs.vsctl("set", "Interface", "tap10", "options:tx_pcap=" + sent);
            untilUp(server, 10);
            var question = Dhcpv4.request(Dhcpv4MessageType.DISCOVER, 7, Blue.mac(10));
            var frame = Ethernet.of(
                    Blue.mac(10),
                    Mac.BROADCAST,
                    Ipv4Packet.of(
                            Ipv4.ANY,
                            Ipv4.BROADCAST,
                            new Udp(Dhcpv4.CLIENT_PORT, Dhcpv4.SERVER_PORT, question.encode())));
            ovs.appctl("netdev-dummy/receive", "tap10", HexFormat.of().formatHex(frame.encode()));
            await().untilAsserted(() -> assertThat(offers(sent)).contains("10.0.0.10"));
        }
    }

    /** The addresses in the DHCP messages of a capture. */
    private static List<String> offers(Path capture) throws IOException {
        var found = new ArrayList<String>();
        var bytes = ByteBuffer.wrap(Files.readAllBytes(capture)).order(ByteOrder.nativeOrder());
        bytes.position(Math.min(24, bytes.limit()));
        while (bytes.remaining() > 16) {
            var packet = new byte[bytes.getInt(bytes.position() + 8)];
            bytes.position(bytes.position() + 16).get(packet);
            if (Ethernet.decode(packet).orThrow().payload() instanceof Ipv4Packet ip && ip.peek() instanceof Udp udp) {
                found.add(Dhcpv4.decode(udp.payload()).orThrow().yiaddr().toString());
            }
        }
        return found;
    }

    @Test
    void theAgentSaysHowItIsAndWhereAFlowComesFrom() throws Exception {
        var server = new LocalServer(41, Blue.with(Blue.port(10, Blue.HV1)));
        try (var _ = Agent.start(config, server)) {
            await().until(() -> server.acknowledged() == 41);
            assertThat(get("/status")).contains("\"acknowledged\":41").contains("\"in_sync\":true");
            assertThat(get("/ports")).contains("port-10").contains("no interface of the bridge bears its id");
            ovs.plug("tap10", "port-10");
            untilUp(server, 10);
            int ofport = ovs.ofport("tap10");
            var flow = ours().stream()
                    .filter(f -> f.contains("in_port=%d,".formatted(ofport)))
                    .findFirst()
                    .orElseThrow();
            var cookie = flow.substring(flow.indexOf("0x"), flow.indexOf(','));
            assertThat(get("/explain?cookie=" + cookie)).contains("classifier").contains("port-10");
            assertThat(get("/explain?entity=port-10")).contains(cookie);
            assertThat(get("/metrics")).contains("dragonflow_agent_flow_mods_total{kind=\"put\"}");
            assertThat(get("/explain?cookie=0xzz")).contains("400");
            assertThat(get("/nothing")).contains("404");
        }
    }

    private String get(String target) throws IOException {
        return get(config, target);
    }

    /** What an agent answers who asks it. */
    static String get(Config config, String target) throws IOException {
        try (var socket = SocketChannel.open(UnixDomainSocketAddress.of(config.statusSocket()))) {
            socket.write(
                    ByteBuffer.wrap("GET %s HTTP/1.1\r\n\r\n".formatted(target).getBytes(StandardCharsets.UTF_8)));
            return new String(Channels.newInputStream(socket).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

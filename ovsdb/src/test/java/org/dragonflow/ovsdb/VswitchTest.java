package org.dragonflow.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VswitchTest {
    private static final BridgeSpec BR_INT = BridgeSpec.integration("br-int", "netdev");
    private static final PortSpec GENEVE =
            PortSpec.tunnel("df-geneve", PortSpec.Wrapping.GENEVE, Map.of("csum", "true", "dst_port", "6081"));
    private static final Effect CHANGED = new Effect.Changed();
    private static final Effect UNCHANGED = new Effect.Unchanged();

    @TempDir
    private Path directory;

    private OvsdbServer server;
    private Ovsdb connection;
    private Vswitch vswitch;

    @BeforeEach
    void startServer() throws Exception {
        server = OvsdbServer.start(directory);
        connection = Ovsdb.connect(server.endpoint(), Vswitch.DATABASE, Options.standard());
        vswitch = new Vswitch(connection, "hv1");
    }

    @AfterEach
    void stopServer() throws Exception {
        connection.close();
        server.kill();
    }

    private List<Row> rows(String table) throws Exception {
        return OvsdbServer.rows(connection, table);
    }

    private Row row(String table, String name) throws Exception {
        return rows(table).stream()
                .filter(row -> row.text("name").equals(Optional.of(name)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aBridgeIsMadeOnceInADatabaseThatIsStillEmpty() throws Exception {
        assertThat(vswitch.ensureBridge(BR_INT)).isEqualTo(CHANGED);
        assertThat(vswitch.ensureBridge(BR_INT)).isEqualTo(UNCHANGED);
        var bridge = BridgeRow.of(row("Bridge", "br-int"));
        assertThat(bridge.failMode()).contains("secure");
        assertThat(bridge.datapathType()).isEqualTo("netdev");
        assertThat(bridge.protocols()).containsExactlyInAnyOrder("OpenFlow10", "OpenFlow13", "OpenFlow15");
        assertThat(bridge.externalIds()).containsExactly(Map.entry("dragonflow", "hv1"));
        var device = InterfaceRow.of(row("Interface", "br-int"));
        assertThat(device.type()).isEqualTo("internal");
        assertThat(device.ofport()).isEqualTo(new InterfaceRow.Ofport.Unset());
    }

    @Test
    void aBridgeThatOthersMadeIsPutRightAndKeepsTheRest() throws Exception {
        server.vsctl("init");
        server.vsctl("add-br", "br-int", "--", "set", "Bridge", "br-int", "protocols=OpenFlow14", "external_ids:a=b");
        assertThat(vswitch.ensureBridge(BR_INT)).isEqualTo(CHANGED);
        assertThat(vswitch.ensureBridge(BR_INT)).isEqualTo(UNCHANGED);
        var bridge = BridgeRow.of(row("Bridge", "br-int"));
        assertThat(bridge.failMode()).contains("secure");
        assertThat(bridge.protocols()).contains("OpenFlow14", "OpenFlow15");
        assertThat(bridge.externalIds()).containsExactly(Map.entry("a", "b"));
    }

    @Test
    void aTunnelIsMadeOncePutRightAndRemoved() throws Exception {
        vswitch.ensureBridge(BR_INT);
        assertThat(vswitch.ensurePort("br-int", GENEVE)).isEqualTo(CHANGED);
        assertThat(vswitch.ensurePort("br-int", GENEVE)).isEqualTo(UNCHANGED);
        server.vsctl("set", "Interface", "df-geneve", "options:csum=false", "type=gre");
        assertThat(vswitch.ensurePort("br-int", GENEVE)).isEqualTo(CHANGED);

        var device = InterfaceRow.of(row("Interface", "df-geneve"));
        assertThat(device.type()).isEqualTo("geneve");
        assertThat(device.options())
                .isEqualTo(Map.of("remote_ip", "flow", "key", "flow", "csum", "true", "dst_port", "6081"));
        assertThat(BridgeRow.of(row("Bridge", "br-int")).ports())
                .contains(row("Port", "df-geneve").uuid());

        assertThat(vswitch.removePort("df-geneve")).isEqualTo(CHANGED);
        assertThat(vswitch.removePort("df-geneve")).isEqualTo(UNCHANGED);
        assertThat(rows("Interface")).extracting(row -> row.text("name")).containsExactly(Optional.of("br-int"));
    }

    @Test
    void aTunnelOfOursOnAnotherBridgeIsMoved() throws Exception {
        vswitch.ensureBridge(BR_INT);
        vswitch.ensureBridge(BridgeSpec.integration("br-old", "netdev"));
        vswitch.ensurePort("br-old", GENEVE);
        var port = row("Port", "df-geneve").uuid();
        assertThat(vswitch.ensurePort("br-int", GENEVE)).isEqualTo(CHANGED);
        assertThat(BridgeRow.of(row("Bridge", "br-int")).ports()).contains(port);
        assertThat(BridgeRow.of(row("Bridge", "br-old")).ports()).doesNotContain(port);
    }

    @Test
    void aTunnelWithoutOurMarkIsNeitherChangedNorRemoved() throws Exception {
        vswitch.ensureBridge(BR_INT);
        server.vsctl("add-port", "br-int", "df-geneve", "--", "set", "Interface", "df-geneve", "type=vxlan");
        var foreign = new Effect.Foreign("Port", "df-geneve");
        assertThat(vswitch.ensurePort("br-int", GENEVE)).isEqualTo(foreign);
        assertThat(vswitch.removePort("df-geneve")).isEqualTo(foreign);
        assertThat(InterfaceRow.of(row("Interface", "df-geneve")).type()).isEqualTo("vxlan");

        server.vsctl("set", "Port", "df-geneve", "external_ids:dragonflow=hv2");
        assertThat(vswitch.removePort("df-geneve")).isEqualTo(foreign);
    }

    @Test
    void anInternalPortIsMadeOnceWithItsPurposeAndOneWithoutOurMarkIsLeftAlone() throws Exception {
        vswitch.ensureBridge(BR_INT);
        var purpose = Map.of("purpose", "metadata");
        assertThat(vswitch.ensurePort("br-int", PortSpec.internal("df-inside", purpose)))
                .isEqualTo(CHANGED);
        assertThat(vswitch.ensurePort("br-int", PortSpec.internal("df-inside", purpose)))
                .isEqualTo(UNCHANGED);
        assertThat(InterfaceRow.of(row("Interface", "df-inside")).externalIds()).containsAllEntriesOf(purpose);
        server.vsctl("add-port", "br-int", "theirs", "--", "set", "Interface", "theirs", "type=internal");
        assertThat(vswitch.ensurePort("br-int", PortSpec.internal("theirs", purpose)))
                .isEqualTo(new Effect.Foreign("Port", "theirs"));
    }

    @Test
    void aTunnelNeedsItsBridge() throws Exception {
        assertThat(vswitch.ensurePort("br-int", GENEVE)).isEqualTo(new Effect.Absent("Bridge", "br-int"));
    }

    private static PortSpec wire(String device, String network) {
        return PortSpec.device(device, Map.of("net", network));
    }

    @Test
    void aPatchIsTwoPortsThatNameEachOther() throws Exception {
        vswitch.ensureBridge(BR_INT);
        vswitch.ensureBridge(BridgeSpec.integration("br-ex", "netdev"));
        var ids = Map.of("net", "physnet1");
        assertThat(vswitch.ensurePort("br-int", PortSpec.patch("in", "out", ids)))
                .isEqualTo(CHANGED);
        assertThat(vswitch.ensurePort("br-ex", PortSpec.patch("out", "in", ids)))
                .isEqualTo(CHANGED);
        assertThat(vswitch.ensurePort("br-int", PortSpec.patch("in", "out", ids)))
                .isEqualTo(UNCHANGED);
        var device = InterfaceRow.of(row("Interface", "in"));
        assertThat(device.type()).isEqualTo("patch");
        assertThat(device.options()).isEqualTo(Map.of("peer", "out"));
        assertThat(device.externalIds()).isEqualTo(Map.of("net", "physnet1", "dragonflow", "hv1"));
        assertThat(row("Port", "in").map("external_ids")).isEqualTo(device.externalIds());
        assertThat(BridgeRow.of(row("Bridge", "br-ex")).ports())
                .contains(row("Port", "out").uuid());
    }

    @Test
    void aDeviceKeepsTheOptionsThatOthersGaveItAndGetsBackItsIds() throws Exception {
        vswitch.ensureBridge(BR_INT);
        assertThat(vswitch.ensurePort("br-int", wire("eth1", "physnet1"))).isEqualTo(CHANGED);
        server.vsctl("set", "Interface", "eth1", "options:n_rxq=2", "external_ids:net=other", "external_ids:a=b");
        assertThat(vswitch.ensurePort("br-int", wire("eth1", "physnet1"))).isEqualTo(CHANGED);
        assertThat(vswitch.ensurePort("br-int", wire("eth1", "physnet1"))).isEqualTo(UNCHANGED);
        var device = InterfaceRow.of(row("Interface", "eth1"));
        assertThat(device.type()).isEmpty();
        assertThat(device.options()).isEqualTo(Map.of("n_rxq", "2"));
        assertThat(device.externalIds()).isEqualTo(Map.of("net", "physnet1", "a", "b", "dragonflow", "hv1"));
    }

    @Test
    void ofOurPortsThatBearAKeyOnlyTheWantedStay() throws Exception {
        vswitch.ensureBridge(BR_INT);
        vswitch.ensurePort("br-int", GENEVE);
        vswitch.ensurePort("br-int", wire("eth1", "physnet1"));
        vswitch.ensurePort("br-int", wire("eth2", "physnet2"));
        new Vswitch(connection, "hv2").ensurePort("br-int", wire("eth3", "physnet3"));
        server.vsctl("add-port", "br-int", "eth4", "--", "set", "Port", "eth4", "external_ids:net=physnet4");
        assertThat(vswitch.retainPorts("net", Set.of("eth2"))).isEqualTo(CHANGED);
        assertThat(vswitch.retainPorts("net", Set.of("eth2"))).isEqualTo(UNCHANGED);
        assertThat(rows("Port"))
                .extracting(row -> row.text("name").orElseThrow())
                .containsExactlyInAnyOrder("br-int", "df-geneve", "eth2", "eth3", "eth4");
    }

    @Test
    void externalIdsAreMergedKeyByKey() throws Exception {
        assertThat(vswitch.mergeExternalIds(Map.of("a", "1"))).isInstanceOf(Effect.Absent.class);
        vswitch.ensureBridge(BR_INT);
        server.vsctl("set", "Open_vSwitch", ".", "external_ids:hostname=hv", "external_ids:a=0");
        assertThat(vswitch.mergeExternalIds(Map.of("a", "1", "b", "2"))).isEqualTo(CHANGED);
        assertThat(vswitch.mergeExternalIds(Map.of("a", "1", "b", "2"))).isEqualTo(UNCHANGED);
        assertThat(OpenVSwitchRow.of(rows("Open_vSwitch").getFirst()).externalIds())
                .isEqualTo(Map.of("hostname", "hv", "a", "1", "b", "2"));

        server.vsctl("add-port", "br-int", "tap1");
        assertThat(vswitch.mergeInterfaceExternalIds("tap1", Map.of("ovn", "no")))
                .isEqualTo(CHANGED);
        assertThat(InterfaceRow.of(row("Interface", "tap1")).externalIds()).containsExactly(Map.entry("ovn", "no"));
        assertThat(vswitch.mergeInterfaceExternalIds("tap2", Map.of("a", "b")))
                .isEqualTo(new Effect.Absent("Interface", "tap2"));
    }

    @Test
    void aSwitchThatHasASystemIdKeepsIt() throws Exception {
        assertThat(vswitch.ensureSystemId("one")).isInstanceOf(Effect.Absent.class);
        server.vsctl("init");
        assertThat(vswitch.ensureSystemId("one")).isEqualTo(CHANGED);
        assertThat(vswitch.ensureSystemId("two")).isEqualTo(UNCHANGED);
        assertThat(OpenVSwitchRow.of(rows("Open_vSwitch").getFirst()).externalIds())
                .containsExactly(Map.entry("system-id", "one"));
    }

    @Test
    void aRaceWithAnotherPartyIsDecidedAnew() throws Exception {
        vswitch.ensureBridge(BR_INT);
        var transactions = new ArrayList<List<Operation>>();
        Database raced = operations -> {
            // The other party comes between the first reading and the first writing.
            if (transactions.size() == 1) {
                connection.transact(List.of(new Operation.Mutate(
                        "Open_vSwitch",
                        List.of(),
                        List.of(Mutation.insert("external_ids", Value.map(Map.of("a", "theirs")))))));
            }
            transactions.add(operations);
            return connection.transact(operations);
        };
        assertThat(new Vswitch(raced, "hv1").mergeExternalIds(Map.of("a", "ours")))
                .isEqualTo(CHANGED);
        assertThat(transactions).hasSize(4);
        assertThat(OpenVSwitchRow.of(rows("Open_vSwitch").getFirst()).externalIds())
                .containsEntry("a", "ours");
    }

    @Test
    void aRefusalByTheServerIsHandedOn() throws Exception {
        var wrong = new BridgeSpec("br-int", "netdev", Set.of("OpenFlow99"));
        assertThat(vswitch.ensureBridge(wrong))
                .isInstanceOfSatisfying(
                        Effect.Failed.class,
                        failed -> assertThat(failed.refusal().operation().orElseThrow())
                                .isInstanceOfSatisfying(
                                        Operation.Insert.class,
                                        insert -> assertThat(insert.table()).isEqualTo("Bridge")));
        assertThat(rows("Bridge")).isEmpty();
    }
}

package org.dragonflow.openflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Frame;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Meter;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.Switch.Refused;
import org.dragonflow.flow.SwitchEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds between us and a real Open vSwitch. */
class LiveSwitchTest {
    private static final TlvMap KEYS = new TlvMap(0x102, 1, 8, 0);
    private static final Timing TIMING =
            new Timing(Duration.ofMillis(500), Duration.ofSeconds(3), Duration.ofSeconds(15), Duration.ofMillis(50));

    private static OpenVswitch ovs;
    private final ConcurrentLinkedQueue<SwitchEvent> events = new ConcurrentLinkedQueue<>();
    private OpenFlowSwitch device;

    @BeforeAll
    static void startSwitch() {
        ovs = OpenVswitch.start();
    }

    @AfterAll
    static void stopSwitch() {
        ovs.close();
    }

    @BeforeEach
    void connect() throws IOException {
        device = OpenFlowSwitch.connect(ovs.endpoint(), RandomFlows.PIPELINE, RandomFlows.OWNER, TIMING, events::add);
        await().until(() -> events.contains(new SwitchEvent.Connected()));
        device.ensureTlvMap(KEYS);
    }

    @AfterEach
    void emptySwitch() throws Exception {
        device.commit(FlowTable.EMPTY.since(device.installed()));
        device.close();
    }

    private static List<Entry> everyKind(long seed, int flows) {
        var entries = new ArrayList<Entry>(new RandomFlows(seed).take(flows));
        entries.add(new Group(
                RandomFlows.GROUP,
                Group.Type.ALL,
                List.of(
                        new Group.Bucket(0, 0, List.of(Action.output(1))),
                        new Group.Bucket(
                                7,
                                0,
                                List.of(
                                        new Action.Set(RandomFlows.SLICE, Bits.of(3)),
                                        Action.resubmit(RandomFlows.THIRD))))));
        entries.add(new Group(78, Group.Type.SELECT, List.of(new Group.Bucket(1, 30, List.of(Action.output(2))))));
        entries.add(new Group(79, Group.Type.INDIRECT, List.of(new Group.Bucket(0, 0, List.of(Action.output(2))))));
        entries.add(Meter.ofPackets(RandomFlows.METER, 100, 10));
        entries.add(Meter.ofKilobits(0x1000_0001, 1000, 800));
        entries.add(Meter.ofKilobits(0xffff_0000L, Meter.LARGEST, Meter.LARGEST));
        return entries;
    }

    @Test
    void whatIsReadBackIsWhatWasAskedFor() throws Exception {
        for (long seed = 1; seed <= 5; seed++) {
            var desired = FlowTable.of(everyKind(seed, 400));
            device.commit(desired.since(device.installed()));
            var installed = device.installed();
            assertThat(installed.size()).isEqualTo(desired.size());
            assertThat(desired.since(installed).mods())
                    .as("seed %d, missing", seed)
                    .isEmpty();
            assertThat(installed.since(desired).mods())
                    .as("seed %d, too many", seed)
                    .isEmpty();
        }
    }

    @Test
    void oneBadFlowOfAHundredIsNamedAndNothingIsInstalled() throws Exception {
        var flows = new ArrayList<Entry>();
        for (int i = 0; i < 100; i++) {
            flows.add(Flow.in(RandomFlows.FIRST, i, Match.ANY, Action.output(1)).signed(RandomFlows.OWNER.cookie()));
        }
        flows.add(Meter.ofPackets(99, 10, 1));
        var bad = Flow.in(RandomFlows.FIRST, 200, Match.ANY, new Action.ToGroup(4242))
                .signed(RandomFlows.OWNER.cookie());
        flows.add(50, bad);

        var refused = catchThrowableOfType(
                Refused.class, () -> device.commit(FlowTable.of(flows).since(FlowTable.EMPTY)));

        assertThat(refused.culprit()).isEqualTo(new Bundle.Put(bad));
        assertThat(refused.reason()).isEqualTo("OFPBAC_BAD_OUT_GROUP");
        assertThat(device.installed()).isEqualTo(FlowTable.EMPTY);
    }

    // Open vSwitch refuses it when it is added, and would commit the rest of the bundle.
    @Test
    void aFlowThatCannotBeReadIsNamedAndNothingIsInstalled() throws Exception {
        var bad = Flow.in(RandomFlows.FIRST, 2, Match.on(Field.TCP_DST, 80)).signed(RandomFlows.OWNER.cookie());
        var desired = FlowTable.of(List.of(mine(1, Action.output(1)), bad, mine(3, Action.output(1))));

        var refused = catchThrowableOfType(Refused.class, () -> device.commit(desired.since(FlowTable.EMPTY)));

        assertThat(refused.culprit()).isEqualTo(new Bundle.Put(bad));
        assertThat(refused.reason()).isEqualTo("OFPBMC_BAD_PREREQ");
        assertThat(device.installed()).isEqualTo(FlowTable.EMPTY);
    }

    @Test
    void aRefusedBundleLeavesMetersAsTheyWere() throws Exception {
        var before = FlowTable.of(List.of(Meter.ofPackets(98, 50, 5)));
        device.commit(before.since(FlowTable.EMPTY));
        var bad = mine(1, new Action.Metered(4242));
        var after = FlowTable.of(List.of(Meter.ofPackets(98, 60, 6), Meter.ofPackets(99, 10, 1), bad));

        var refused = catchThrowableOfType(Refused.class, () -> device.commit(after.since(before)));

        assertThat(refused.culprit()).isEqualTo(new Bundle.Put(bad));
        assertThat(device.installed()).isEqualTo(before);
    }

    @Test
    void groupsAndMetersChangeInPlaceAndGoWithTheirFlows() throws Exception {
        var first = FlowTable.of(
                List.of(group(2), Meter.ofPackets(98, 50, 5), mine(1, new Action.Metered(98), new Action.ToGroup(80))));
        device.commit(first.since(FlowTable.EMPTY));
        var second = FlowTable.of(
                List.of(group(1), Meter.ofPackets(98, 60, 6), mine(1, new Action.Metered(98), new Action.ToGroup(80))));
        device.commit(second.since(device.installed()));
        assertThat(device.installed()).isEqualTo(second);
        var third = FlowTable.of(List.of(mine(1, Action.output(1))));
        device.commit(third.since(second));
        assertThat(device.installed()).isEqualTo(third);
    }

    @Test
    void aMeterThatStaysKeepsItsCountWhileAnotherIsChanged() throws Exception {
        var passing = mine(1, new Action.Metered(98), Action.output(1));
        var first = FlowTable.of(List.of(Meter.ofKilobits(98, 1000, 800), Meter.ofKilobits(99, 10, 10), passing));
        device.commit(first.since(FlowTable.EMPTY));
        device.send(new PacketOut(
                Frame.ofHex("ffffffffffff0200000000010806" + "00".repeat(50)),
                PacketOut.CONTROLLER,
                Match.ANY,
                List.of(new Action.Metered(98))));
        await().until(() -> ovs.ofctl("meter-stats", "meter=98").contains("packet_in_count:1"));
        var second = FlowTable.of(List.of(Meter.ofKilobits(98, 1000, 800), Meter.ofKilobits(99, 20, 20), passing));
        device.commit(second.since(device.installed()));
        assertThat(device.installed()).isEqualTo(second);
        assertThat(ovs.ofctl("meter-stats", "meter=98")).contains("packet_in_count:1");
    }

    @Test
    void whatOthersPutThereIsNeitherListedNorTouched() throws Exception {
        ovs.ofctl("add-group", "group_id=501,type=all,bucket=output:2");
        ovs.ofctl("add-group", "group_id=500,type=all,bucket=output:1,bucket=group:501");
        ovs.ofctl("add-flow", "table=1,priority=7,cookie=0x1234,actions=group:500");
        ovs.ofctl("add-flow", "table=200,cookie=0x1234,actions=note:01.02.03,learn(table=9,NXM_OF_ETH_DST[])");
        var mine = FlowTable.of(List.of(mine(7, Action.output(1))));
        device.commit(mine.since(device.installed()));
        assertThat(device.installed()).isEqualTo(mine);

        var sameKey = new Flow.Key(RandomFlows.SECOND, 7, Match.ANY);
        device.commit(new Bundle(List.of(new Bundle.Delete(sameKey))));
        device.commit(FlowTable.EMPTY.since(device.installed()));

        assertThat(ovs.ofctl("dump-flows"))
                .contains("priority=7 actions=group:500")
                .contains("table=200");
        assertThat(ovs.ofctl("dump-groups")).contains("group_id=500", "group_id=501");
        ovs.ofctl("del-flows", "cookie=0x1234/-1");
        ovs.ofctl("del-groups");
    }

    @Test
    void aFlowOfAnotherTagIsNotOursToPut() {
        var foreign = Flow.in(RandomFlows.FIRST, 1, Match.ANY).signed(0x1234);
        var bundle = new Bundle(List.of(new Bundle.Put(foreign)));
        var refused = catchThrowableOfType(Refused.class, () -> device.commit(bundle));
        assertThat(refused.reason()).contains("0x1234");
    }

    @Test
    void aPuntedPacketComesWithItsRegistersAndUserdata() throws Exception {
        var mark = Field.reg("mark", 9, 0, 32);
        var punt = Flow.in(RandomFlows.FIRST, 5, Match.on(mark, 77), new Action.Punt("09080706"))
                .signed(RandomFlows.OWNER.cookie() | 3);
        device.commit(FlowTable.of(List.of(punt)).since(FlowTable.EMPTY));
        var frame = Frame.ofHex(
                "ffffffffffff0200000000010806" + "00010800060400010200000000010a0000010000000000000a000002");

        device.send(new PacketOut(frame, 1, Match.on(mark, 77), List.of(Action.output(PacketOut.TABLE))));

        await().until(() -> packetIn().isPresent());
        var heard = packetIn().orElseThrow();
        assertThat(heard.frame()).isEqualTo(frame);
        assertThat(heard.userdata()).isEqualTo("09080706");
        assertThat(heard.table()).isEqualTo(RandomFlows.FIRST);
        assertThat(heard.cookie()).isEqualTo(RandomFlows.OWNER.cookie() | 3);
        assertThat(heard.metadata().requires(Header.REG9, 77)).isTrue();
        assertThat(heard.metadata().requires(Header.IN_PORT, 1)).isTrue();
        await().untilAsserted(() -> assertThat(device.counters())
                .containsExactly(new FlowCounters(punt.key(), punt.cookie(), 1, frame.length())));
    }

    private Optional<SwitchEvent.PacketIn> packetIn() {
        return events.stream()
                .filter(SwitchEvent.PacketIn.class::isInstance)
                .map(SwitchEvent.PacketIn.class::cast)
                .findFirst();
    }

    @Test
    void portsAreListedAndTheirChangesHeard() throws Exception {
        assertThat(device.ports()).extracting(SwitchEvent.Port::name).contains("p1", "p2");
        ovs.vsctl("add-port", "br0", "p3", "--", "set", "interface", "p3", "type=dummy", "ofport_request=3");
        await().until(() -> events.stream()
                .anyMatch(e -> e instanceof SwitchEvent.PortStatus(var change, var port)
                        && change == SwitchEvent.PortStatus.Change.ADDED
                        && port.name().equals("p3")
                        && port.number() == 3));
        ovs.vsctl("del-port", "br0", "p3");
        await().until(() -> events.stream()
                .anyMatch(e -> e instanceof SwitchEvent.PortStatus(var change, var port)
                        && change == SwitchEvent.PortStatus.Change.DELETED
                        && port.name().equals("p3")));
    }

    @Test
    void aTunnelOptionIsMappedOnceAndAZoneFlushed() throws Exception {
        device.ensureTlvMap(KEYS);
        assertThat(ovs.ofctl("dump-tlv-map")).containsPattern("0x102\\s+0x1\\s+8\\s+tun_metadata0");
        assertThatThrownBy(() -> device.ensureTlvMap(new TlvMap(0x103, 1, 8, 0)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("NXTTMFC_ALREADY_MAPPED");
        device.flushZone(9);
    }

    @Test
    void fiftyThousandFlowsFitInOneBundle() throws Exception {
        var flows = IntStream.range(0, 50_000)
                .mapToObj(i -> Flow.in(
                                RandomFlows.FIRST,
                                9,
                                Match.on(Field.ETH_DST, i),
                                Action.set(RandomFlows.SLICE, 7),
                                Action.output(2))
                        .signed(RandomFlows.OWNER.cookie() | i))
                .toList();
        var desired = FlowTable.of(flows);
        device.commit(desired.since(FlowTable.EMPTY));
        assertThat(device.installed()).isEqualTo(desired);
    }

    @Test
    void aKilledSwitchIsNoticedAndMetAgain() throws Exception {
        device.commit(FlowTable.of(List.of(mine(1, Action.output(1)))).since(FlowTable.EMPTY));
        events.clear();
        ovs.kill();
        await().until(() -> events.stream().anyMatch(SwitchEvent.Disconnected.class::isInstance));
        assertThatThrownBy(() -> device.installed()).isInstanceOf(IOException.class);
        ovs.restart();
        await().until(() -> events.contains(new SwitchEvent.Connected()));
        assertThat(device.installed()).isEqualTo(FlowTable.EMPTY);
    }

    @Test
    void aSilentSwitchIsTakenForGone() throws Exception {
        events.clear();
        ovs.signal("STOP");
        try {
            await().until(() -> events.stream().anyMatch(SwitchEvent.Disconnected.class::isInstance));
        } finally {
            ovs.signal("CONT");
        }
        await().until(() -> events.contains(new SwitchEvent.Connected()));
    }

    private static Flow mine(int priority, Action... actions) {
        return Flow.in(RandomFlows.FIRST, priority, Match.ANY, actions).signed(RandomFlows.OWNER.cookie());
    }

    private static Group group(long port) {
        return new Group(80, Group.Type.ALL, List.of(new Group.Bucket(0, 0, List.of(Action.output(port)))));
    }
}

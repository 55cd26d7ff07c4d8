package org.dragonflow.openflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Meter;
import org.dragonflow.flow.Switch.Refused;
import org.dragonflow.flow.SwitchEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What holds between us and a real Open vSwitch. */
@EnabledIf("isInstalled")
class LiveSwitchTest {
    private static final TlvMap KEYS = new TlvMap(0x102, 1, 8, 0);
    private static final Timing TIMING =
            new Timing(Duration.ofMillis(500), Duration.ofSeconds(3), Duration.ofSeconds(15), Duration.ofMillis(50));

    private static OpenVswitch ovs;
    private final ConcurrentLinkedQueue<SwitchEvent> events = new ConcurrentLinkedQueue<>();
    private OpenFlowSwitch device;

    static boolean isInstalled() {
        return OpenVswitch.isInstalled();
    }

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
                                        new Action.Set(RandomFlows.SLICE, org.dragonflow.flow.Bits.of(3)),
                                        Action.resubmit(RandomFlows.THIRD))))));
        entries.add(new Group(78, Group.Type.SELECT, List.of(new Group.Bucket(1, 30, List.of(Action.output(2))))));
        entries.add(new Group(79, Group.Type.INDIRECT, List.of(new Group.Bucket(0, 0, List.of(Action.output(2))))));
        entries.add(new Meter(RandomFlows.METER, 100, 10));
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
        var flows = new ArrayList<Entry>(new RandomFlows(9).take(0));
        for (int i = 0; i < 100; i++) {
            flows.add(Flow.in(RandomFlows.FIRST, i, Match.ANY, Action.output(1)).signed(RandomFlows.OWNER.cookie()));
        }
        flows.add(new Meter(99, 10, 1));
        var bad = Flow.in(RandomFlows.FIRST, 200, Match.ANY, new Action.ToGroup(4242))
                .signed(RandomFlows.OWNER.cookie());
        flows.add(50, bad);

        var refused = catchThrowableOfType(
                Refused.class, () -> device.commit(FlowTable.of(flows).since(FlowTable.EMPTY)));

        assertThat(refused.culprit()).isEqualTo(new Bundle.Put(bad));
        assertThat(refused.reason()).isEqualTo("OFPBAC_BAD_OUT_GROUP");
        assertThat(device.installed()).isEqualTo(FlowTable.EMPTY);
    }
}

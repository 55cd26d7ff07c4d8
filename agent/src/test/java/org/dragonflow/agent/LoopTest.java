package org.dragonflow.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.feed.PortState;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Table;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop, with a switch in memory and a clock that the test turns. */
class LoopTest {
    private static final Table ONE = Table.of("one", "test", "").matching(Field.IN_PORT, Field.ETH_SRC);
    private static final Features ONE_FLOW_A_PORT = new Features(
            Pipeline.of(ONE),
            List.of(App.named("test")
                    .forEach(
                            "plugged",
                            Port.class,
                            (port, view) -> view.find(Interface.of(port.id()))
                                    .map(own -> Flow.in(
                                            ONE,
                                            Flow.NORMAL,
                                            Match.on(Field.IN_PORT, own.ofport())
                                                    .and(Field.ETH_SRC, port.macAddress()),
                                            Action.output(port.key()))))),
            Field.reg("reason", 0, 0, 8));

    @TempDir
    private Path directory;

    private Bench bench() throws Exception {
        return new Bench(directory, ONE_FLOW_A_PORT).start();
    }

    private static List<Entry> flows(Bench bench) {
        return List.copyOf(bench.installed().entries());
    }

    @Test
    void theSwitchIsLeftAloneUntilBothTopologyAndInterfacesAreKnown() throws Exception {
        var bench = bench().plug("tap10", 1, Blue.id(10));
        bench.meddle(FlowTable.of(List.of(Flow.in(ONE, 7, Match.ANY).signed(0xd7a6L << 48))));
        bench.connect().wait(Duration.ofMinutes(5));
        assertThat(bench.deeds()).isEmpty();
        assertThat(bench.loop().complaints().all()).anyMatch(c -> c.text().contains("the switch is left as it is"));
        bench.snapshot(1, Blue.port(10, Blue.HV1));
        assertThat(bench.deeds()).isEmpty();
        bench.database();
        assertThat(bench.deeds()).containsExactly("commit 2");
        assertThat(bench.acknowledged()).isEqualTo(1);
    }

    @Test
    void aRevisionIsAcknowledgedOnlyOnceTheSwitchHoldsIt() throws Exception {
        var bench = bench().snapshot(1, Blue.port(10, Blue.HV1))
                .plug("tap10", 1, Blue.id(10))
                .database();
        assertThat(bench.acknowledged()).isEqualTo(-1);
        bench.connect();
        assertThat(bench.acknowledged()).isEqualTo(1);
        assertThat(bench.states()).containsEntry(Blue.id(10), PortState.UP);
        bench.disconnect().change(2, Blue.port(11, Blue.HV1));
        assertThat(bench.acknowledged()).isEqualTo(1);
        bench.connect();
        assertThat(bench.acknowledged()).isEqualTo(2);
        assertThat(bench.states()).containsEntry(Blue.id(11), PortState.DOWN);
    }

    @Test
    void aPortThatMayComeIsUpOnceItIsPluggedIn() throws Exception {
        var bench = bench().snapshot(1, Blue.awaited(Blue.port(10, Blue.HV2), Blue.HV1))
                .database()
                .connect();
        assertThat(bench.states()).containsEntry(Blue.id(10), PortState.DOWN);
        bench.plug("tap10", 1, Blue.id(10));
        assertThat(bench.states()).containsEntry(Blue.id(10), PortState.UP);
    }

    @Test
    void aPortThatMayComeIsNotCountedUntilItHas() throws Exception {
        var bench = bench().snapshot(1, Blue.awaited(Blue.port(10, Blue.HV2), Blue.HV1))
                .database()
                .connect();
        assertThat(bench.upAndDown()).containsExactly(0, 0);
        bench.plug("tap10", 1, Blue.id(10));
        assertThat(bench.upAndDown()).containsExactly(0, 0);
        bench.snapshot(2, Blue.port(10, Blue.HV1));
        assertThat(bench.upAndDown()).containsExactly(1, 0);
    }

    @Test
    void aSubportIsUpWhileTheCardThatCarriesItIsPluggedIn() throws Exception {
        var bench = bench().snapshot(1, Blue.port(10, Blue.HV1), Blue.port(11, Blue.HV1), Blue.trunk(10, 11))
                .database()
                .connect();
        assertThat(bench.states()).containsEntry(Blue.id(11), PortState.DOWN);
        bench.plug("tap10", 1, Blue.id(10));
        assertThat(bench.states()).containsEntry(Blue.id(11), PortState.UP);
        bench.change(2, Blue.trunk(10));
        assertThat(bench.states()).containsEntry(Blue.id(11), PortState.DOWN).containsEntry(Blue.id(10), PortState.UP);
        bench.change(3, Blue.trunk(10, 11));
        assertThat(bench.states()).containsEntry(Blue.id(11), PortState.UP);
        bench.unplug("tap10");
        assertThat(bench.states()).containsEntry(Blue.id(11), PortState.DOWN);
    }

    @Test
    void aRestartWithNothingChangedDoesNothing() throws Exception {
        var bench = bench().snapshot(1, Blue.port(10, Blue.HV1))
                .plug("tap10", 1, Blue.id(10))
                .database()
                .connect();
        bench.start().connect().database();
        assertThat(bench.deeds()).isEmpty();
        assertThat(bench.acknowledged()).isEqualTo(1);
    }

    @Test
    void anEntryThatTheSwitchRefusesCostsItsPortAloneAndHealsWhenItIsTaken() throws Exception {
        var bench = bench();
        bench.refuse("port=66");
        bench.snapshot(1, Blue.port(10, Blue.HV1), Blue.port(66, Blue.HV1))
                .plug("tap10", 1, Blue.id(10))
                .plug("tap66", 2, Blue.id(66))
                .database()
                .connect();
        assertThat(flows(bench)).hasSize(1);
        assertThat(bench.acknowledged()).isEqualTo(1);
        assertThat(bench.states())
                .containsEntry(Blue.id(10), PortState.UP)
                .containsEntry(Blue.id(66), PortState.DEGRADED);
        assertThat(bench.loop().complaints().all())
                .singleElement()
                .satisfies(c -> assertThat(c.text())
                        .contains("test/plugged for Port port-66")
                        .contains("OFPBAC_BAD_OUT_PORT"));

        bench.change(2, Blue.port(10, Blue.HV1));
        assertThat(bench.acknowledged()).isEqualTo(2);
        bench.refuseNothing();
        bench.wait(Config.AUDIT_INTERVAL.plus(Bench.SECOND));
        assertThat(flows(bench)).hasSize(2);
        assertThat(bench.states()).containsEntry(Blue.id(66), PortState.UP);
        assertThat(bench.loop().complaints().all()).isEmpty();
    }

    /** One flow of the network, and one of the bridge. */
    private static final Features FLOWS_OF_ALL = new Features(
            Pipeline.of(ONE),
            List.of(App.named("test")
                    .forEach("network", Network.class, (_, _) -> Stream.of(shared(77)))
                    .forEach("bridge", Bridge.class, (_, _) -> Stream.of(shared(88)))),
            Field.reg("reason", 0, 0, 8));

    private static Flow shared(int port) {
        return Flow.in(ONE, Flow.NORMAL, Match.on(Field.IN_PORT, port), Action.output(port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"port=77", "port=88"})
    void aRefusedEntryOfTheNetworkOrOfTheBridgeCostsEveryPortThatNeedsIt(String refused) throws Exception {
        var bench = new Bench(directory, FLOWS_OF_ALL).start();
        bench.snapshot(1, Blue.port(10, Blue.HV1), Blue.port(11, Blue.HV1))
                .plug("tap10", 1, Blue.id(10))
                .plug("tap11", 2, Blue.id(11))
                .database();
        bench.refuse(refused);
        bench.connect();
        assertThat(bench.states())
                .containsEntry(Blue.id(10), PortState.DEGRADED)
                .containsEntry(Blue.id(11), PortState.DEGRADED);
        bench.refuseNothing();
        bench.wait(Config.AUDIT_INTERVAL.plus(Bench.SECOND));
        assertThat(bench.states()).containsEntry(Blue.id(10), PortState.UP).containsEntry(Blue.id(11), PortState.UP);
    }

    @Test
    void anAuditRepairsWhatIsMissingChangedAndExtraInOneBundleAndCountsThem() throws Exception {
        var bench = bench().snapshot(1, Blue.port(10, Blue.HV1), Blue.port(11, Blue.HV1))
                .plug("tap10", 1, Blue.id(10))
                .plug("tap11", 2, Blue.id(11))
                .database()
                .connect();
        var right = bench.installed();
        var entries = new ArrayList<>(right.flows().toList());
        entries.removeFirst();
        var changed = entries.removeFirst();
        entries.add(Flow.drop(ONE, changed.priority(), changed.match()).signed(changed.cookie()));
        entries.add(Flow.drop(ONE, 5, Match.ANY).signed(changed.cookie()));
        bench.meddle(FlowTable.of(entries));
        bench.deeds().clear();

        bench.wait(Config.AUDIT_INTERVAL.minus(Bench.SECOND));
        assertThat(bench.deeds()).isEmpty();
        bench.wait(Bench.SECOND);
        assertThat(bench.deeds()).containsExactly("commit 3");
        assertThat(bench.installed()).isEqualTo(right);
        assertThat(bench.metrics().differences())
                .containsEntry("missing", 1L)
                .containsEntry("changed", 1L)
                .containsEntry("extra", 1L);
    }

    @Test
    void anInterfaceOfNoPortHereIsMentionedAfterAWhileAndForgottenWhenItsPortComes() throws Exception {
        var bench = bench().snapshot(1).plug("tap10", 1, Blue.id(10)).database().connect();
        bench.wait(Duration.ofSeconds(3));
        assertThat(bench.loop().complaints().all()).isEmpty();
        bench.wait(Duration.ofSeconds(5));
        assertThat(bench.loop().complaints().all())
                .singleElement()
                .satisfies(c -> assertThat(c.text()).contains("tap10").contains("port-10"));
        bench.change(2, Blue.port(10, Blue.HV1)).wait(Bench.SECOND);
        assertThat(bench.loop().complaints().all()).isEmpty();
        assertThat(bench.states()).containsEntry(Blue.id(10), PortState.UP);
    }

    @Test
    void twoInterfacesOfOnePortAreBothNamed() throws Exception {
        var bench = bench().snapshot(1, Blue.port(10, Blue.HV1))
                .plug("tap10", 1, Blue.id(10))
                .plug("tap10b", 2, Blue.id(10))
                .database()
                .connect()
                .wait(Bench.SECOND);
        assertThat(bench.loop().complaints().all())
                .singleElement()
                .satisfies(c -> assertThat(c.text()).contains("tap10 and tap10b"));
        bench.unplug("tap10b").wait(Bench.SECOND);
        assertThat(bench.loop().complaints().all()).isEmpty();
    }

    @Test
    void withACorruptCacheAndNoServerTheSwitchIsLeftAsItIs() throws Exception {
        var bench = bench().snapshot(1, Blue.port(10, Blue.HV1))
                .plug("tap10", 1, Blue.id(10))
                .database()
                .connect();
        var before = bench.installed();
        var bytes = Files.readAllBytes(bench.cacheFile());
        bytes[40] ^= 1;
        Files.write(bench.cacheFile(), bytes);
        bench.start().connect().database().wait(Bench.SECOND);
        assertThat(bench.deeds()).isEmpty();
        assertThat(bench.installed()).isEqualTo(before);
        bench.snapshot(1, Blue.port(10, Blue.HV1));
        assertThat(bench.deeds()).isEmpty();
        assertThat(bench.acknowledged()).isEqualTo(1);
    }

    @Test
    void manyChangesOfOnePortInATurnAreOne() throws Exception {
        var bench = bench().snapshot(1, Blue.port(10, Blue.HV1))
                .plug("tap10", 1, Blue.id(10))
                .database()
                .connect();
        bench.deeds().clear();
        bench.unplug("tap10");
        bench.deeds().clear();
        bench.plug("tap10", 3, Blue.id(10));
        assertThat(bench.deeds()).containsExactly("commit 1");
    }
}

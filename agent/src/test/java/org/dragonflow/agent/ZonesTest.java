package org.dragonflow.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.App;
import org.dragonflow.compile.ZoneWanted;
import org.dragonflow.feed.PortState;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Table;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Port;
import org.dragonflow.model.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody inherits connections, and nobody loses theirs; the loop with a switch in memory. */
class ZonesTest {
    private static final Table ONE = Table.of("one", "test", "").matching(Field.IN_PORT, Field.ETH_TYPE, Field.ETH_SRC);

    /** A port that is plugged in has one flow, which tracks connections in the port's zone. */
    private static final Features ONE_ZONE_A_PORT = new Features(
            Pipeline.of(ONE),
            List.of(App.named("test")
                    .derive(
                            "zone",
                            Port.class,
                            (port, view) -> view.find(Interface.of(port.id()))
                                    .limit(1)
                                    .map(_ -> wish(port).idle(!port.isBoundTo(Blue.HV1))))
                    .forEach(
                            "plugged",
                            Port.class,
                            (port, view) ->
                                    view.find(Interface.of(port.id())).flatMap(own -> flow(port, own, view).stream()))),
            Field.reg("reason", 0, 0, 8));

    @TempDir
    private Path directory;

    private static ZoneWanted wish(Port port) {
        return ZoneWanted.by(port.id().value(), port.id());
    }

    private static Optional<Flow> flow(Port port, Interface own, View view) {
        return view.get(wish(port).zone())
                .map(zone -> Flow.in(
                        ONE,
                        Flow.NORMAL,
                        Match.IPV4.and(Field.IN_PORT, own.ofport()).and(Field.ETH_SRC, port.macAddress()),
                        Action.commit(new Action.Zone.Fixed(zone.number()))));
    }

    private Bench bench() throws Exception {
        return new Bench(directory, ONE_ZONE_A_PORT)
                .start()
                .snapshot(1, Blue.port(10, Blue.HV1), Blue.port(11, Blue.HV1), Blue.port(12, Blue.HV1))
                .plug("tap10", 1, Blue.id(10))
                .database()
                .connect();
    }

    @Test
    void aZoneIsFlushedBeforeTheFirstFlowUsesIt() throws Exception {
        var bench = bench();
        assertThat(bench.deeds()).containsExactly("flush 1", "commit 1");
        assertThat(bench.states()).containsEntry(Blue.id(10), PortState.UP);
        assertThat(bench.acknowledged()).isEqualTo(1);
    }

    @Test
    void theNextPortAtAnOpenFlowPortTracksElsewhereAndTheZoneOfTheLastIsFlushedWhenItsFlowsAreGone() throws Exception {
        var bench = bench();
        bench.deeds().clear();
        bench.plug("tap10", 1, Blue.id(11));
        assertThat(bench.deeds()).containsExactly("flush 2", "commit 2", "flush 1");
        assertThat(bench.states()).containsEntry(Blue.id(10), PortState.DOWN).containsEntry(Blue.id(11), PortState.UP);
        bench.deeds().clear();
        bench.plug("tap12", 2, Blue.id(12));
        assertThat(bench.deeds()).as("zone 1 is known to be empty").containsExactly("commit 1");
    }

    @Test
    void aPortThatIsPluggedInElsewhereKeepsItsConnections() throws Exception {
        var bench = bench();
        bench.deeds().clear();
        bench.plug("tap10", 5, Blue.id(10));
        assertThat(bench.deeds()).containsExactly("commit 2");
        bench.plug("tap10b", 4, Blue.id(10)).unplug("tap10");
        assertThat(bench.deeds()).doesNotContain("flush 1");
    }

    @Test
    void aPortThatGoesAndMayComeBackKeepsItsZoneButNoConnections() throws Exception {
        var bench = bench();
        bench.deeds().clear();
        bench.change(2, Blue.awaited(Blue.port(10, Blue.HV2), Blue.HV1));
        assertThat(bench.deeds()).containsExactly("flush 1");
        bench.deeds().clear();
        bench.change(3, Blue.awaited(Blue.port(10, Blue.HV1), Blue.HV2));
        bench.change(4, Blue.port(10, Blue.HV1));
        assertThat(bench.deeds()).isEmpty();
    }

    @Test
    void aPortThatWentWhileTheAgentWasDownFindsNoConnectionsEither() throws Exception {
        var bench = bench();
        bench.start().snapshot(2, Blue.awaited(Blue.port(10, Blue.HV2), Blue.HV1));
        bench.connect().database();
        assertThat(bench.deeds()).containsExactly("flush 1");
    }

    @Test
    void aRestartWithNothingChangedDoesNothing() throws Exception {
        var bench = bench();
        bench.start().connect().database();
        assertThat(bench.deeds()).isEmpty();
        assertThat(bench.states()).containsEntry(Blue.id(10), PortState.UP);
    }

    @Test
    void aPortThatWasExchangedWhileTheAgentWasDownLeavesNothingToTheNext() throws Exception {
        var bench = bench();
        bench.start();
        bench.plug("tap11", 1, Blue.id(11)).unplug("tap10");
        bench.connect().database();
        assertThat(bench.deeds()).containsExactly("commit 1", "flush 1", "commit 1");
    }

    @Test
    void withItsCacheLostTheAgentTakesTheFlowsAwayAndFlushesBeforeItGivesZonesAnew() throws Exception {
        var bench = bench();
        bench.startForgetful().plug("tap11", 2, Blue.id(11)).connect().database();
        assertThat(bench.deeds()).isEmpty();
        bench.snapshot(1, Blue.port(10, Blue.HV1), Blue.port(11, Blue.HV1));
        assertThat(bench.deeds()).containsExactly("commit 1", "flush 1", "flush 2", "commit 2");
    }

    @Test
    void aPortWhoseZoneCannotBeFlushedIsNotUpUntilItCan() throws Exception {
        var bench = bench();
        bench.outOfOrder(true);
        bench.plug("tap11", 2, Blue.id(11));
        assertThat(bench.states()).containsEntry(Blue.id(11), PortState.DEGRADED);
        assertThat(bench.loop().complaints().all())
                .anyMatch(complaint -> complaint.text().contains("out of order"));
        bench.outOfOrder(false);
        bench.wait(Bench.SECOND);
        assertThat(bench.states()).containsEntry(Blue.id(11), PortState.UP);
        assertThat(bench.loop().complaints().all()).isEmpty();
    }

    /** Watches who may leave connections in which zone, and that nobody else comes to use it before it is flushed. */
    private static final class Heirs implements Bench.Witness {
        private final Map<Integer, Mac> owners = new HashMap<>();

        @Override
        public void saw(FlowTable installed, Optional<Integer> flushed) {
            flushed.ifPresent(owners::remove);
            installed.flows().forEach(flow -> {
                int zone = zone(flow);
                var owner = owner(flow);
                assertThat(owners.getOrDefault(zone, owner)).as("zone %d", zone).isEqualTo(owner);
                owners.put(zone, owner);
            });
        }

        private static Mac owner(Flow flow) {
            return flow.match().tests().stream()
                    .filter(test -> test.header() == Header.ETH_SRC)
                    .map(test -> new Mac(test.value().low()))
                    .findFirst()
                    .orElseThrow();
        }

        private static int zone(Flow flow) {
            return flow.actions().getFirst() instanceof Action.Ct ct && ct.zone() instanceof Action.Zone.Fixed(int zone)
                    ? zone
                    : 0;
        }
    }

    @Test
    void nobodyInheritsConnectionsWhateverHappens() throws Exception {
        var ports = IntStream.range(10, 16)
                .mapToObj(number -> Blue.port(number, Blue.HV1))
                .toArray(Port[]::new);
        for (int seed = 0; seed < 20; seed++) {
            var random = new Random(seed);
            var bench = new Bench(Files.createDirectory(directory.resolve("seed" + seed)), ONE_ZONE_A_PORT);
            bench.watchedBy(new Heirs());
            bench.start().snapshot(1, ports).database().connect();
            for (int step = 0; step < 80; step++) {
                happen(bench, random, ports);
            }
            bench.outOfOrder(false);
            bench.connect().database();
            assertThat(bench.installed()).as("seed %d", seed).isEqualTo(bench.desired());
            assertThat(bench.states()).as("seed %d", seed).doesNotContainValue(PortState.DEGRADED);
            bench.close();
        }
    }

    private static void happen(Bench bench, Random random, Port[] ports) throws Exception {
        int ofport = 1 + random.nextInt(4);
        var port = ports[random.nextInt(ports.length)].id();
        switch (random.nextInt(12)) {
            case 0 -> bench.start().connect().database();
            case 1 -> bench.startForgetful().connect().database().snapshot(1, ports);
            case 2 -> bench.disconnect();
            case 3 -> bench.connect();
            case 4 -> bench.outOfOrder(random.nextBoolean());
            case 5, 6 -> {
                if (bench.isPlugged("tap" + ofport)) {
                    bench.unplug("tap" + ofport);
                }
            }
            case 7 -> bench.wait(Bench.SECOND.multipliedBy(2));
            default -> bench.plug("tap" + ofport, ofport, port);
        }
    }
}

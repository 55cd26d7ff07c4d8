package org.dragonflow.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaTest {
    private static final Options OPTIONS = Options.standard()
            .withBackoff(new Backoff(Duration.ofMillis(20), Duration.ofMillis(200)))
            .withTimeout(Duration.ofSeconds(5));

    @TempDir
    private Path directory;

    private OvsdbServer server;
    private final Recorder recorder = new Recorder();

    @BeforeEach
    void startServer() throws Exception {
        server = OvsdbServer.start(directory);
        server.vsctl("init");
    }

    @AfterEach
    void stopServer() throws Exception {
        server.kill();
    }

    private Replica replica(Options options) {
        return Replica.start(server.endpoint(), Monitored.vswitch(), options, new Random(1), recorder);
    }

    @Test
    void theInitialContentsComeWithTheConnection() throws Exception {
        server.vsctl("add-br", "br0", "--", "add-port", "br0", "tap1", "tag=7");
        try (var _ = replica(OPTIONS)) {
            recorder.awaitConnected(0);
            assertThat(recorder.changesSince(0, BridgeRow.TABLE))
                    .singleElement()
                    .satisfies(change -> assertThat(change.before()).isEmpty())
                    .satisfies(change -> assertThat(BridgeRow.of(change.after().orElseThrow()))
                            .satisfies(bridge -> assertThat(bridge.name()).isEqualTo("br0"))
                            .satisfies(bridge -> assertThat(bridge.ports()).hasSize(2)));
            assertThat(recorder.changesSince(0, PortRow.TABLE))
                    .extracting(
                            change -> PortRow.of(change.after().orElseThrow()).tag())
                    .containsExactlyInAnyOrder(Optional.empty(), Optional.of(7));
        }
    }

    @Test
    void aChangeByAnotherPartyIsToldWithTheRowBeforeAndAfter() throws Exception {
        server.vsctl("add-br", "br0", "--", "add-port", "br0", "tap1");
        try (var _ = replica(OPTIONS)) {
            int mark = recorder.awaitConnected(0);
            server.vsctl("set", "Interface", "tap1", "external_ids:iface-id=p1", "external_ids:vm=v1");
            mark = recorder.awaitInterface(
                    mark, row -> "p1".equals(row.externalIds().get("iface-id")));
            server.vsctl("set", "Interface", "tap1", "external_ids:iface-id=p2");
            server.vsctl("remove", "Interface", "tap1", "external_ids", "vm");
            mark = recorder.awaitInterface(mark, row -> row.externalIds().equals(Map.of("iface-id", "p2")));
            var last = recorder.changesSince(mark - 1, InterfaceRow.TABLE).getFirst();
            assertThat(InterfaceRow.of(last.before().orElseThrow()).externalIds())
                    .containsOnly(Map.entry("iface-id", "p2"), Map.entry("vm", "v1"));
            server.vsctl("del-port", "tap1");
            recorder.awaitSince(
                    mark,
                    event -> event.changes().stream()
                            .anyMatch(change -> change.uuid().equals(last.uuid())
                                    && change.after().isEmpty()));
        }
    }

    @Test
    void afterAManyChangesTheRowsEqualThoseOfAFreshReplica() throws Exception {
        var fresh = new Recorder();
        try (var _ = replica(OPTIONS)) {
            recorder.awaitConnected(0);
            server.vsctl("add-br", "br0", "--", "set", "Bridge", "br0", "protocols=OpenFlow10,OpenFlow13");
            server.vsctl("set", "Bridge", "br0", "protocols=OpenFlow13,OpenFlow15", "fail_mode=secure");
            server.vsctl("add-port", "br0", "tap1", "--", "add-port", "br0", "tap2", "tag=3");
            server.vsctl("clear", "Port", "tap2", "tag", "--", "clear", "Bridge", "br0", "fail_mode");
            server.vsctl("del-port", "tap1", "--", "set", "Interface", "tap2", "type=dummy", "ofport=9");
            server.vsctl("clear", "Bridge", "br0", "protocols", "--", "set", "Open_vSwitch", ".", "external_ids:a=b");
            try (var _ = Replica.start(server.endpoint(), Monitored.vswitch(), OPTIONS, new Random(1), fresh)) {
                fresh.awaitConnected(0);
                await().atMost(Duration.ofSeconds(5))
                        .untilAsserted(() -> assertThat(recorder.rows()).isEqualTo(fresh.rows()));
                assertThat(recorder.rows()).hasSize(6);
            }
        }
    }

    @Test
    void afterTheServerWasKilledOnlyWhatChangedMeanwhileIsTold() throws Exception {
        server.vsctl("add-br", "br0", "--", "add-port", "br0", "tap1", "--", "add-port", "br0", "tap2");
        try (var replica = replica(OPTIONS)) {
            int mark = recorder.awaitConnected(0);
            server.vsctl(
                    "set", "Interface", "tap1", "external_ids:x=1", "--", "set", "Bridge", "br0", "fail_mode=secure");
            mark = recorder.awaitInterface(mark, row -> row.externalIds().containsKey("x"));
            server.vsctl("clear", "Bridge", "br0", "fail_mode", "--", "set", "Interface", "tap1", "external_ids:x=2");
            mark = recorder.awaitInterface(
                    mark, row -> "2".equals(row.externalIds().get("x")));

            server.kill();
            mark = recorder.awaitSince(mark, Event.Disconnected.class::isInstance);
            assertThat(failure(replica)).isEqualTo(new Fault.NotConnected());
            server.restart();
            int reconnected = recorder.awaitConnected(mark);
            assertThat(recorder.events().subList(mark, reconnected)).containsExactly(new Event.Connected(List.of()));

            assertThat(replica.transact(List.of(new Operation.Comment("back")))).isInstanceOf(Outcome.Committed.class);
        }
    }

    @Test
    void whatChangedDuringAnOutageComesAsDifference() throws Exception {
        server.vsctl("add-br", "br0", "--", "add-port", "br0", "tap1", "--", "add-port", "br0", "tap2");
        var gate = new CountDownLatch(1);
        try (var _ = Replica.start(
                server.endpoint(), Monitored.vswitch(), OPTIONS, new Random(1), _ -> gate.await(), recorder)) {
            recorder.awaitConnected(0);
            server.kill();
            int mark = recorder.awaitSince(0, Event.Disconnected.class::isInstance);
            server.restart();
            server.vsctl("del-port", "tap1", "--", "set", "Interface", "tap2", "external_ids:x=1");
            gate.countDown();
            recorder.awaitConnected(mark);
            assertThat(recorder.events()).hasSize(mark + 1);
            assertThat(recorder.changesSince(mark, InterfaceRow.TABLE)).hasSize(2);
            assertThat(recorder.changesSince(mark, PortRow.TABLE)).hasSize(1);
            assertThat(recorder.changesSince(mark, BridgeRow.TABLE)).hasSize(1);
            assertThat(recorder.changesSince(mark, OpenVSwitchRow.TABLE)).isEmpty();
        }
    }

    @Test
    void anOutageIsToldOnceAndTheWaitsGrow() throws Exception {
        server.kill();
        var waits = new CopyOnWriteArrayList<Duration>();
        var enough = new CountDownLatch(6);
        Replica.Pause pause = wait -> {
            waits.add(wait);
            enough.countDown();
            Thread.sleep(enough.getCount() == 0 ? 60_000 : 0);
        };
        try (var _ = Replica.start(server.endpoint(), Monitored.vswitch(), OPTIONS, new Random(1), pause, recorder)) {
            assertThat(enough.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(recorder.events()).singleElement().isInstanceOf(Event.Disconnected.class);
        for (int i = 0; i < waits.size(); i++) {
            var full = Duration.ofMillis(Math.min(200, 20L << i));
            assertThat(waits.get(i)).isBetween(full.dividedBy(2), full);
        }
    }

    @Test
    void aConsumerThatCannotKeepUpHearsTheSumAfterANewConnection() throws Exception {
        overrun(server.endpoint());
    }

    @Test
    void aServerThatKeepsAHistoryIsAskedForTheRestOfItOnly(@TempDir Path other) throws Exception {
        var cluster = OvsdbServer.startCluster(other);
        try {
            cluster.vsctl("init");
            cluster.vsctl("add-br", "br0");
            // The server forgets history that is longer than the contents.
            for (int i = 0; i < 60; i += 20) {
                cluster.vsctl(IntStream.range(i, i + 20)
                        .boxed()
                        .flatMap(n -> Stream.of("--", "add-port", "br0", "tap" + n))
                        .toArray(String[]::new));
            }
            try (var ovsdb = Ovsdb.connect(cluster.endpoint(), Vswitch.DATABASE, OPTIONS);
                    var again = Ovsdb.connect(cluster.endpoint(), Vswitch.DATABASE, OPTIONS)) {
                var known = ovsdb.monitor(Monitored.vswitch(), Replica.NO_TRANSACTION)
                        .transaction();
                new Vswitch(ovsdb, "test").mergeExternalIds(Map.of("a", "b"));
                assertThat(again.monitor(Monitored.vswitch(), known).found()).isTrue();
            }
            overrun(cluster.endpoint());
        } finally {
            cluster.kill();
        }
    }

    private void overrun(Endpoint endpoint) throws Exception {
        var gate = new CountDownLatch(1);
        var options = OPTIONS.withMaxQueued(5);
        try (var _ = Replica.start(endpoint, Monitored.vswitch(), options, new Random(1), event -> {
                    recorder.accept(event);
                    awaitOpen(gate);
                });
                var other = Ovsdb.connect(endpoint, Vswitch.DATABASE, OPTIONS)) {
            int mark = recorder.awaitConnected(0);
            for (int i = 0; i < 50; i++) {
                assertThat(new Vswitch(other, "test").mergeExternalIds(Map.of("n", Integer.toString(i))))
                        .isEqualTo(new Effect.Changed());
            }
            gate.countDown();
            mark = recorder.awaitSince(mark, new Event.Disconnected(new Fault.Overrun("notifications", 5))::equals);
            recorder.awaitConnected(mark);
            assertThat(recorder.rows().values())
                    .filteredOn(row -> row.columns().containsKey("ovs_version"))
                    .singleElement()
                    .satisfies(row -> assertThat(row.map("external_ids")).containsEntry("n", "49"));
            assertThat(recorder.events()).hasSizeLessThan(12);
        }
    }

    @Test
    void aMonitoredColumnThatTheDatabaseLacksIsNamed() throws Exception {
        var wrong = new Monitored(Vswitch.DATABASE, Map.of("Bridge", Set.of("colour")));
        try (var _ = Replica.start(server.endpoint(), wrong, OPTIONS, new Random(1), recorder)) {
            recorder.awaitSince(
                    0,
                    event -> event instanceof Event.Disconnected(Fault.Malformed(var detail))
                            && detail.equals("no column 'colour' in table 'Bridge'"));
        }
    }

    private static Fault failure(Replica replica) throws InterruptedException {
        try {
            replica.transact(List.of());
            throw new AssertionError("the transaction went through");
        } catch (OvsdbException e) {
            return e.fault();
        }
    }

    private static void awaitOpen(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

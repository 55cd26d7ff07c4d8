package org.dragonflow.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueuesTest {
    private static final Effect CHANGED = new Effect.Changed();
    private static final Effect UNCHANGED = new Effect.Unchanged();

    @TempDir
    private Path directory;

    private OvsdbServer server;
    private Ovsdb connection;
    private Queues queues;

    @BeforeEach
    void startServer() throws Exception {
        server = OvsdbServer.start(directory);
        connection = Ovsdb.connect(server.endpoint(), Vswitch.DATABASE, Options.standard());
        queues = new Queues(connection, "hv1");
        server.vsctl("init");
        server.vsctl("add-br", "br-ex", "--", "add-port", "br-ex", "eth1", "--", "add-port", "br-ex", "eth2");
    }

    @AfterEach
    void stopServer() throws Exception {
        connection.close();
        server.kill();
    }

    private List<Row> rows(String table) throws Exception {
        return OvsdbServer.rows(connection, table);
    }

    /** What each queue of the port can always send, by number. */
    private Map<Long, String> shares(String port) throws Exception {
        var used = rows("Port").stream()
                .filter(row -> row.text("name").equals(Optional.of(port)))
                .flatMap(row -> row.refs("qos").stream())
                .toList();
        var shares = new TreeMap<Long, String>();
        for (var qos : rows("QoS")) {
            if (used.contains(qos.uuid()) && qos.value("queues") instanceof Value.MapOf(var entries)) {
                for (var queue : rows("Queue")) {
                    entries.forEach((number, reference) -> {
                        if (reference.equals(Value.ref(queue.uuid())) && number instanceof Value.Whole(long whole)) {
                            shares.put(whole, queue.map("other_config").getOrDefault("min-rate", "none"));
                        }
                    });
                }
            }
        }
        return shares;
    }

    private static QueueSpec eth1(Map<Integer, Long> guaranteed) {
        return new QueueSpec("eth1", 1_000_000, guaranteed);
    }

    @Test
    void aPortGetsItsQueuesAndOneForAllOthersOnce() throws Exception {
        assertThat(queues.ensure(eth1(Map.of(7, 300_000L, 9, 100_000L)))).isEqualTo(CHANGED);
        assertThat(queues.ensure(eth1(Map.of(7, 300_000L, 9, 100_000L)))).isEqualTo(UNCHANGED);
        assertThat(shares("eth1")).isEqualTo(Map.of(0L, "600000", 7L, "300000", 9L, "100000"));
        var qos = rows("QoS").getFirst();
        assertThat(qos.text("type")).contains("linux-htb");
        assertThat(qos.map("other_config")).isEqualTo(Map.of("max-rate", "1000000"));
        assertThat(shares("eth2")).isEmpty();
    }

    @Test
    void whatStaysOfTheQueuesKeepsItsRows() throws Exception {
        queues.ensure(eth1(Map.of(7, 300_000L, 9, 100_000L)));
        var before = rows("Queue").stream().map(Row::uuid).toList();
        var qos = rows("QoS").getFirst().uuid();
        assertThat(queues.ensure(eth1(Map.of(7, 400_000L, 8, 50_000L)))).isEqualTo(CHANGED);
        assertThat(shares("eth1")).isEqualTo(Map.of(0L, "550000", 7L, "400000", 8L, "50000"));
        assertThat(rows("Queue").stream().map(Row::uuid).filter(before::contains))
                .hasSize(2);
        assertThat(rows("QoS")).extracting(Row::uuid).containsExactly(qos);
        assertThat(queues.ensure(new QueueSpec("eth1", 2_000_000, Map.of(7, 400_000L))))
                .isEqualTo(CHANGED);
        assertThat(shares("eth1")).isEqualTo(Map.of(0L, "1600000", 7L, "400000"));
        assertThat(rows("Queue")).hasSize(2);
    }

    @Test
    void theOthersKeepAPartWhateverIsPromised() throws Exception {
        queues.ensure(eth1(Map.of(7, 2_000_000L)));
        assertThat(shares("eth1")).containsEntry(0L, "10000");
    }

    @Test
    void ofOurQueuesOnlyTheWantedStay() throws Exception {
        queues.ensure(eth1(Map.of(7, 1L)));
        queues.ensure(new QueueSpec("eth2", 1_000_000, Map.of(8, 1L)));
        server.vsctl("add-port", "br-ex", "eth3");
        new Queues(connection, "hv2").ensure(new QueueSpec("eth3", 1_000_000, Map.of(9, 1L)));
        assertThat(queues.retain(Set.of("eth2"))).isEqualTo(CHANGED);
        assertThat(queues.retain(Set.of("eth2"))).isEqualTo(UNCHANGED);
        assertThat(shares("eth1")).isEmpty();
        assertThat(shares("eth2")).containsOnlyKeys(0L, 8L);
        assertThat(shares("eth3")).containsOnlyKeys(0L, 9L);
        assertThat(rows("QoS")).hasSize(2);
        assertThat(rows("Queue")).hasSize(4);
    }

    @Test
    void theQueuesOfAPortThatIsGoneAreTakenAway() throws Exception {
        queues.ensure(eth1(Map.of(7, 1L)));
        server.vsctl("del-port", "eth1");
        assertThat(queues.ensure(eth1(Map.of(7, 1L)))).isEqualTo(new Effect.Absent("Port", "eth1"));
        assertThat(queues.retain(Set.of())).isEqualTo(CHANGED);
        assertThat(rows("QoS")).isEmpty();
        assertThat(rows("Queue")).isEmpty();
    }

    @Test
    void aQosOfOthersIsLeftAlone() throws Exception {
        server.vsctl("set", "Port", "eth1", "qos=@theirs", "--", "--id=@theirs", "create", "QoS", "type=linux-noop");
        assertThat(queues.ensure(eth1(Map.of(7, 1L)))).isEqualTo(new Effect.Foreign("QoS of port", "eth1"));
        queues.retain(Set.of());
        assertThat(rows("QoS")).hasSize(1);
        assertThat(rows("Queue")).isEmpty();
    }

    @Test
    void ofTwoOfOurOwnTheOneInUseStays() throws Exception {
        queues.ensure(eth1(Map.of(7, 1L)));
        var used = rows("QoS").getFirst().uuid();
        server.vsctl(
                "create", "QoS", "type=linux-htb", "external_ids:dragonflow=hv1", "external_ids:dragonflow-port=eth1");
        assertThat(queues.ensure(eth1(Map.of(7, 1L)))).isEqualTo(CHANGED);
        assertThat(rows("QoS")).extracting(Row::uuid).containsExactly(used);
        assertThat(shares("eth1")).containsOnlyKeys(0L, 7L);
    }

    @Test
    void twoWritersLeaveOneSetOfQueues() throws Exception {
        var transactions = new ArrayList<List<Operation>>();
        Database raced = operations -> {
            if (transactions.size() == 1) {
                queues.ensure(eth1(Map.of(7, 5L)));
            }
            transactions.add(operations);
            return connection.transact(operations);
        };
        assertThat(new Queues(raced, "hv1").ensure(eth1(Map.of(7, 6L)))).isEqualTo(CHANGED);
        assertThat(shares("eth1")).containsEntry(7L, "6");
        assertThat(rows("Queue")).hasSize(2);
    }

    @Test
    void aQueueThatNoDeviceHasAndALinkWithoutSpeedAreRefused() {
        assertThatThrownBy(() -> eth1(Map.of(0, 1L))).hasMessageContaining("no device of Linux has a queue 0");
        assertThatThrownBy(() -> eth1(Map.of(0xf000, 1L))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new QueueSpec("eth1", 0, Map.of())).hasMessageContaining("eth1");
    }
}

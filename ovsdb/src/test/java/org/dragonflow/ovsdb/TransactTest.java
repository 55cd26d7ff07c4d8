package org.dragonflow.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactTest {
    @TempDir
    private Path directory;

    private OvsdbServer server;
    private Ovsdb ovsdb;

    @BeforeEach
    void startServer() throws Exception {
        server = OvsdbServer.start(directory);
        server.vsctl("init");
        server.vsctl("add-br", "br0");
        ovsdb = Ovsdb.connect(server.endpoint(), Vswitch.DATABASE, Options.standard());
    }

    @AfterEach
    void stopServer() throws Exception {
        ovsdb.close();
        server.kill();
    }

    private static List<Condition> br0() {
        return List.of(Condition.equal("name", Value.text("br0")));
    }

    private Row bridge() throws Exception {
        var outcome = ovsdb.transact(List.of(new Operation.Select("Bridge", br0(), Set.of())));
        return ((Outcome.Result.Selected)
                        ((Outcome.Committed) outcome).results().getFirst())
                .rows()
                .getFirst();
    }

    @Test
    void theDatabasesAreListed() throws Exception {
        assertThat(ovsdb.databases()).contains("Open_vSwitch");
    }

    @Test
    void everyKindOfOperationHasItsResult() throws Exception {
        var mark = Map.of("external_ids", Value.map(Map.of("k", "v")));
        var outcome = ovsdb.transact(List.of(
                new Operation.Comment("a test"),
                new Operation.Wait(
                        "Bridge",
                        br0(),
                        Set.of("fail_mode"),
                        Operation.Until.EQUAL,
                        List.of(Map.of("fail_mode", Value.SetOf.EMPTY)),
                        Duration.ZERO),
                new Operation.Insert(
                        "Mirror", "m", Map.of("name", Value.text("m1"), "external_ids", mark.get("external_ids"))),
                new Operation.Mutate("Bridge", br0(), List.of(Mutation.insert("mirrors", new Value.NamedRef("m")))),
                new Operation.Update(
                        "Bridge",
                        br0(),
                        Map.of(
                                "stp_enable",
                                new Value.Truth(true),
                                "flood_vlans",
                                Value.set(List.of(new Value.Whole(3), new Value.Whole(5))))),
                new Operation.Select("Bridge", br0(), Set.of("stp_enable")),
                new Operation.Delete("Queue", List.of())));
        assertThat(outcome).isInstanceOf(Outcome.Committed.class);
        var results = ((Outcome.Committed) outcome).results();
        assertThat(results.get(0)).isEqualTo(new Outcome.Result.Done());
        assertThat(results.get(1)).isEqualTo(new Outcome.Result.Done());
        assertThat(results.get(2)).isInstanceOf(Outcome.Result.Inserted.class);
        assertThat(results.get(3)).isEqualTo(new Outcome.Result.Counted(1));
        assertThat(results.get(4)).isEqualTo(new Outcome.Result.Counted(1));
        assertThat(results.get(5))
                .isInstanceOfSatisfying(
                        Outcome.Result.Selected.class,
                        selected -> assertThat(selected.rows().getFirst().columns())
                                .isEqualTo(Map.of("stp_enable", new Value.Truth(true))));
        assertThat(results.get(6)).isEqualTo(new Outcome.Result.Counted(0));

        var mirror = ((Outcome.Result.Inserted) results.get(2)).uuid();
        assertThat(bridge().value("mirrors")).isEqualTo(Value.ref(mirror));
        assertThat(bridge().value("flood_vlans").atoms())
                .containsExactlyInAnyOrder(new Value.Whole(3), new Value.Whole(5));
    }

    @Test
    void aRefusedOperationIsNamedAndTheOthersAreUndone() throws Exception {
        var bad = new Operation.Update("Bridge", br0(), Map.of("fail_mode", Value.text("careless")));
        var outcome = ovsdb.transact(List.of(
                new Operation.Update("Bridge", br0(), Map.of("datapath_type", Value.text("netdev"))),
                bad,
                new Operation.Comment("never reached")));
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.index()).isEqualTo(1);
            assertThat(refused.operation()).contains(bad);
            assertThat(refused.error()).isEqualTo("constraint violation");
            assertThat(refused.details()).contains("careless");
        });
        assertThat(bridge().text("datapath_type")).contains("");
    }

    @Test
    void aCommitThatFailsNamesNoOperation() throws Exception {
        var insert = new Operation.Insert("Open_vSwitch", Map.of());
        var outcome = ovsdb.transact(List.of(insert));
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.index()).isEqualTo(1);
            assertThat(refused.operation()).isEqualTo(Optional.empty());
            assertThat(refused.error()).isEqualTo("constraint violation");
        });
    }

    @Test
    void anUnknownDatabaseIsARefusalAndTheConnectionStays() throws Exception {
        try (var other = Ovsdb.connect(server.endpoint(), "Nowhere", Options.standard())) {
            assertThatThrownBy(() -> other.transact(List.of()))
                    .isInstanceOfSatisfying(
                            OvsdbException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Refused.class));
            assertThat(other.databases()).contains("Open_vSwitch");
        }
    }

    @Test
    void aTransactionThatWaitsTooLongTimesOutAndTheConnectionStays() throws Exception {
        var impatient = Options.standard().withTimeout(Duration.ofMillis(300));
        try (var other = Ovsdb.connect(server.endpoint(), Vswitch.DATABASE, impatient)) {
            var wait = new Operation.Wait(
                    "Bridge",
                    br0(),
                    Set.of("name"),
                    Operation.Until.NOT_EQUAL,
                    List.of(Map.of("name", Value.text("br0"))),
                    Duration.ofSeconds(2));
            assertThatThrownBy(() -> other.transact(List.of(wait)))
                    .isInstanceOfSatisfying(
                            OvsdbException.class,
                            e -> assertThat(e.fault())
                                    .isEqualTo(new Fault.TimedOut("transact", Duration.ofMillis(300))));
            assertThat(other.ended()).isEmpty();
        }
    }

    @Test
    void noServerIsABrokenConnection() {
        assertThatThrownBy(() -> Ovsdb.connect(
                        new Endpoint.Unix(directory.resolve("nobody")), Vswitch.DATABASE, Options.standard()))
                .isInstanceOfSatisfying(
                        OvsdbException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Broken.class));
    }
}

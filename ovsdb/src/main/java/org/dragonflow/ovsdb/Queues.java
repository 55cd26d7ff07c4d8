package org.dragonflow.ovsdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Has ports share their link by queues (ovs-vswitchd.conf.db(5), tables QoS and Queue, type linux-htb).
 *
 * <p>Its rows carry our mark and the port that they are for, and outlive the port if nobody takes them away. A port that others gave a QoS
 * keeps it.
 */
public final class Queues {
    private static final String QOS = "QoS";
    private static final String QUEUE = "Queue";
    private static final String OF_PORT = "dragonflow-port";
    private static final String NUMBER = "dragonflow-queue";
    private static final String EXTERNAL_IDS = "external_ids";
    private static final String CONFIG = "other_config";
    private static final String GUARANTEED = "min-rate";
    private static final String RATE = "max-rate";

    private final Database database;
    private final String owner;

    public Queues(Database database, String owner) {
        this.database = database;
        this.owner = owner;
    }

    /** Makes the queues of a port, or puts right those that we made. */
    public Effect ensure(QueueSpec spec) throws OvsdbException, InterruptedException {
        var ours = List.of(Condition.includes(EXTERNAL_IDS, Value.map(ids(spec))));
        var reads = List.of(
                new Operation.Select(
                        PortRow.TABLE, List.of(Condition.equal("name", Value.text(spec.port()))), Set.of("qos")),
                new Operation.Select(QOS, ours, Set.of("type", "queues", CONFIG)),
                new Operation.Select(QUEUE, ours, Set.of(CONFIG, EXTERNAL_IDS)));
        return new Edit(database, reads, rows -> plan(rows.get(0), rows.get(1), rows.get(2), spec)).run();
    }

    /** Takes our queues away from all ports but these. */
    public Effect retain(Set<String> ports) throws OvsdbException, InterruptedException {
        var ours = List.of(Condition.includes(EXTERNAL_IDS, Value.map(Map.of(Vswitch.MARK, owner))));
        var reads = List.of(
                new Operation.Select(QOS, ours, Set.of(EXTERNAL_IDS)),
                new Operation.Select(QUEUE, ours, Set.of(EXTERNAL_IDS)));
        return new Edit(
                        database,
                        reads,
                        rows -> new Edit.Plan.Write(Stream.concat(
                                        unwanted(rows.get(0), ports).flatMap(Queues::withdrawal),
                                        unwanted(rows.get(1), ports).map(row -> deletion(QUEUE, row)))
                                .toList()))
                .run();
    }

    private static Stream<Row> unwanted(List<Row> rows, Set<String> ports) {
        return rows.stream().filter(row -> !ports.contains(row.map(EXTERNAL_IDS).getOrDefault(OF_PORT, "")));
    }

    private static Stream<Operation> withdrawal(Row qos) {
        var users = List.of(Condition.includes("qos", Value.ref(qos.uuid())));
        return Stream.of(
                new Operation.Update(PortRow.TABLE, users, Map.of("qos", Value.SetOf.EMPTY)), deletion(QOS, qos));
    }

    private static Operation deletion(String table, Row row) {
        return new Operation.Delete(table, List.of(Vswitch.isRow(row.uuid())));
    }

    private Map<String, String> ids(QueueSpec spec) {
        return Map.of(Vswitch.MARK, owner, OF_PORT, spec.port());
    }

    private Edit.Plan plan(List<Row> ports, List<Row> ours, List<Row> queues, QueueSpec spec) {
        if (ports.isEmpty()) {
            return new Edit.Plan.Settled(new Effect.Absent(PortRow.TABLE, spec.port()));
        }
        var port = ports.getFirst();
        var used = port.refs("qos");
        var qos = ours.stream()
                .filter(row -> used.isEmpty() || used.contains(row.uuid()))
                .findFirst();
        if (!used.isEmpty() && qos.isEmpty()) {
            return new Edit.Plan.Settled(new Effect.Foreign("QoS of port", spec.port()));
        }
        var operations = new ArrayList<Operation>();
        var shared = new Value.MapOf(share(queues, spec, operations));
        var columns = Map.of(
                "type",
                Value.text("linux-htb"),
                "queues",
                shared,
                CONFIG,
                Value.map(Map.of(RATE, Long.toString(spec.rate()))));
        var reference = set(QOS, qos, "qos", columns, ids(spec), operations);
        if (used.isEmpty()) {
            operations.add(
                    new Operation.Update(PortRow.TABLE, List.of(Vswitch.isRow(port.uuid())), Map.of("qos", reference)));
        }
        ours.stream().filter(row -> !qos.equals(Optional.of(row))).forEach(row -> operations.add(deletion(QOS, row)));
        return new Edit.Plan.Write(operations);
    }

    /** Adds what makes the queues as they should be; gives them by number. */
    private Map<Value.Atom, Value.Atom> share(List<Row> found, QueueSpec spec, List<Operation> operations) {
        var rates = new TreeMap<>(spec.guaranteed());
        rates.put(QueueSpec.FOR_ALL_OTHERS, spec.forOthers());
        var byNumber = found.stream()
                .collect(Collectors.toMap(
                        row -> row.map(EXTERNAL_IDS).getOrDefault(NUMBER, ""), Function.identity(), (one, _) -> one));
        var queues = new HashMap<Value.Atom, Value.Atom>();
        var kept = new ArrayList<UUID>();
        rates.forEach((number, rate) -> {
            var word = Integer.toString(number);
            var row = Optional.ofNullable(byNumber.get(word));
            row.map(Row::uuid).ifPresent(kept::add);
            var ids = new HashMap<>(ids(spec));
            ids.put(NUMBER, word);
            var columns = Map.of(CONFIG, Value.map(Map.of(GUARANTEED, Long.toString(rate))));
            queues.put(new Value.Whole(number), set(QUEUE, row, "queue" + word, columns, ids, operations));
        });
        found.stream().filter(row -> !kept.contains(row.uuid())).forEach(row -> operations.add(deletion(QUEUE, row)));
        return queues;
    }

    /** Adds what makes the row, or puts it right; gives what refers to it. */
    private static Value.Atom set(
            String table,
            Optional<Row> row,
            String name,
            Map<String, Value> columns,
            Map<String, String> ids,
            List<Operation> operations) {
        if (row.isEmpty()) {
            var all = new HashMap<>(columns);
            all.put(EXTERNAL_IDS, Value.map(ids));
            operations.add(new Operation.Insert(table, name, all));
            return new Value.NamedRef(name);
        }
        var found = row.get();
        boolean isSo = columns.entrySet().stream()
                .allMatch(column -> Objects.equals(found.value(column.getKey()), column.getValue()));
        if (!isSo) {
            operations.add(new Operation.Update(table, List.of(Vswitch.isRow(found.uuid())), columns));
        }
        return new Value.Ref(found.uuid());
    }
}

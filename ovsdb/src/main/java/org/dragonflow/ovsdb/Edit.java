package org.dragonflow.ovsdb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads rows, decides, and writes only if the rows are still as they were read; if not, begins again. */
final class Edit {
    static final String ROW_ID = "_uuid";
    private static final int ATTEMPTS = 10;

    /** What to do about the rows that were read. */
    sealed interface Plan {
        /** Nothing is to be written. */
        record Settled(Effect effect) implements Plan {}

        /** These operations are; none of them means that all is well already. */
        record Write(List<Operation> operations) implements Plan {}
    }

    /** Decides, given the rows of each select, in order. */
    interface Planner {
        Plan plan(List<List<Row>> rows);
    }

    private final Database database;
    private final List<Operation.Select> reads;
    private final Planner planner;

    Edit(Database database, List<Operation.Select> reads, Planner planner) {
        this.database = database;
        this.reads = List.copyOf(reads);
        this.planner = planner;
    }

    Effect run() throws OvsdbException, InterruptedException {
        Effect effect = attempt();
        for (int i = 1; i < ATTEMPTS && isRace(effect); i++) {
            effect = attempt();
        }
        return effect;
    }

    private static boolean isRace(Effect effect) {
        return effect instanceof Effect.Failed(var refusal)
                && refusal.operation().filter(Operation.Wait.class::isInstance).isPresent();
    }

    private Effect attempt() throws OvsdbException, InterruptedException {
        return switch (database.transact(List.copyOf(reads))) {
            case Outcome.Refused refused -> new Effect.Failed(refused);
            case Outcome.Committed(var results) -> {
                var rows = results.stream().map(Edit::selected).toList();
                yield switch (planner.plan(rows)) {
                    case Plan.Settled(var effect) -> effect;
                    case Plan.Write(var operations) -> write(rows, operations);
                };
            }
        };
    }

    private static List<Row> selected(Outcome.Result result) {
        return result instanceof Outcome.Result.Selected(var rows) ? rows : List.of();
    }

    private Effect write(List<List<Row>> rows, List<Operation> operations) throws OvsdbException, InterruptedException {
        if (operations.isEmpty()) {
            return new Effect.Unchanged();
        }
        var guarded = new ArrayList<Operation>();
        for (int i = 0; i < reads.size(); i++) {
            guarded.add(unchanged(reads.get(i), rows.get(i)));
        }
        guarded.addAll(operations);
        return switch (database.transact(guarded)) {
            case Outcome.Refused refused -> new Effect.Failed(refused);
            case Outcome.Committed _ -> new Effect.Changed();
        };
    }

    private static Operation unchanged(Operation.Select read, List<Row> rows) {
        return new Operation.Wait(
                read.table(),
                read.where(),
                withId(read.columns()),
                Operation.Until.EQUAL,
                rows.stream().map(Edit::withId).toList(),
                Duration.ZERO);
    }

    private static Set<String> withId(Set<String> columns) {
        var all = new HashSet<>(columns);
        all.add(ROW_ID);
        return all;
    }

    private static Map<String, Value> withId(Row row) {
        var all = new HashMap<>(row.columns());
        all.put(ROW_ID, Value.ref(row.uuid()));
        return all;
    }
}

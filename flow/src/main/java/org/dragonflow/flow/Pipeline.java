package org.dragonflow.flow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The ordered tables of the switch. Everything about order is checked here, once, at start. */
public final class Pipeline {
    private final List<Table> tables;
    private final Map<String, Integer> numbers;
    private final List<Contract> contracts;

    private Pipeline(List<Table> tables) {
        this.tables = List.copyOf(tables);
        this.numbers = new HashMap<>();
        this.contracts = tables.stream().map(Contract::new).toList();
        for (var table : tables) {
            if (numbers.put(table.name(), numbers.size()) != null) {
                throw new IllegalArgumentException("two tables are named " + table);
            }
        }
        // Tables 254 and 255 are kept by Open vSwitch and by OpenFlow (OFPTT_ALL).
        if (tables.size() > 254) {
            throw new IllegalArgumentException("a switch has 254 tables, not " + tables.size());
        }
        tables.forEach(Pipeline::checkOverlap);
    }

    public static Pipeline of(Table... tables) {
        return new Pipeline(List.of(tables));
    }

    /** The pipeline with one more table, behind {@code table}. */
    public Pipeline after(Table table, Table more) {
        var next = new ArrayList<>(tables);
        next.add(number(table) + 1, more);
        return new Pipeline(next);
    }

    private static void checkOverlap(Table table) {
        var fields = new ArrayList<>(table.matches());
        table.sets().stream().filter(f -> !fields.contains(f)).forEach(fields::add);
        for (int i = 0; i < fields.size(); i++) {
            for (int j = i + 1; j < fields.size(); j++) {
                if (overlap(fields.get(i), fields.get(j))) {
                    throw new IllegalArgumentException("%s and %s share bits and are both live in %s"
                            .formatted(fields.get(i), fields.get(j), table));
                }
            }
        }
    }

    private static boolean overlap(Field a, Field b) {
        if (a.header() == b.header()) {
            return !a.mask().and(b.mask()).isZero();
        }
        if (b.header().isWideRegister()) {
            return a.header().isRegister() && overlap(b, a);
        }
        for (int i = 0; a.header().isWideRegister() && i < 4; i++) {
            if (a.header().quarter(i) == b.header()) {
                return !Contract.quarter(a, i).and(b.mask()).isZero();
            }
        }
        return false;
    }

    public List<Table> tables() {
        return tables;
    }

    public int number(Table table) {
        var number = numbers.get(table.name());
        if (number == null) {
            throw new IllegalArgumentException(table + " is not in the pipeline");
        }
        return number;
    }

    /** The table of this number; empty where the pipeline has none, as a switch with others' flows may. */
    public Optional<Table> table(int number) {
        return number >= 0 && number < tables.size() ? Optional.of(tables.get(number)) : Optional.empty();
    }

    /** Every way in which the flow breaks its table's contract; empty when it keeps it. */
    public List<String> violations(String app, Flow flow) {
        var table = flow.table();
        int number = number(table);
        var contract = contracts.get(number);
        var found = new ArrayList<String>(0);
        if (!table.isWrittenBy(app)) {
            found.add("%s is not written by %s".formatted(table, app));
        }
        if (!contract.mayMatch(flow.match())) {
            found.addAll(contract.strangersIn(flow.match()));
        }
        if (!Prerequisites.areMet(flow.match())) {
            found.addAll(Prerequisites.missing(flow.match()));
        }
        for (var action : flow.actions()) {
            check(flow, contract, action, found);
        }
        return found;
    }

    private void check(Flow flow, Contract contract, Action action, List<String> found) {
        var table = flow.table();
        found.addAll(Prerequisites.missing(action, flow.match()));
        switch (action) {
            case Action.Set(var field, var _) -> checkSet(table, contract, field, found);
            case Action.Copy(var _, var to) -> checkSet(table, contract, to, found);
            case Action.CheckLarger(var _, var into) -> checkSet(table, contract, into, found);
            case Action.Goto(var next) -> checkForward(table, next, found);
            case Action.Resubmit(var next) -> checkNext(table, next, found);
            case Action.Ct ct -> {
                ct.next().ifPresent(next -> checkNext(table, next, found));
                ct.exec().forEach(inner -> check(flow, contract, inner, found));
            }
            case Action.Clone(var actions) -> actions.forEach(inner -> check(flow, contract, inner, found));
            case Action.Output _, Action.CtClear _, Action.DecrementTtl _, Action.Metered _, Action.Punt _ -> {}
            case Action.Conjunction _, Action.ToGroup _, Action.PushVlan _, Action.PopVlan _, Action.SetQueue _ -> {}
            case Action.Unknown _ -> found.add("%s has an action that nobody knows".formatted(table));
        }
    }

    private void checkNext(Table table, Table next, List<String> found) {
        if (!table.back().contains(next.name())) {
            checkForward(table, next, found);
        }
    }

    private static void checkSet(Table table, Contract contract, Field field, List<String> found) {
        if (!contract.maySet(field)) {
            found.add("%s may not set %s".formatted(table, field));
        }
    }

    private void checkForward(Table table, Table next, List<String> found) {
        if (number(next) <= number(table)) {
            found.add("%s may not go back to %s".formatted(table, next));
        }
    }

    /** The pipeline as a Markdown table; the page in {@code docs/reference} is this string. */
    public String toMarkdown() {
        return IntStream.range(0, tables.size())
                .mapToObj(i -> row(i, tables.get(i)))
                .collect(Collectors.joining(
                        "\n",
                        "| # | table | written by | matches | sets | what it does |\n|---|---|---|---|---|---|\n",
                        "\n"));
    }

    private static String row(int number, Table table) {
        var writers = new ArrayList<>(List.of(table.owner()));
        writers.addAll(table.contributors());
        return "| %d | `%s` | %s | %s | %s | %s |"
                .formatted(
                        number,
                        table,
                        String.join(", ", writers),
                        names(table.matches()),
                        names(table.sets()),
                        table.doc());
    }

    private static String names(Set<Field> fields) {
        return fields.stream().map(Field::name).collect(Collectors.joining(", "));
    }
}

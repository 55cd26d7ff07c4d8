package org.dragonflow.compile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Flow;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.Topology;
import org.dragonflow.model.View;

/** One rule or derivation applied to one entity: the grain of recomputation. */
final class Unit implements Comparable<Unit> {
    private final Key key;
    private Result result = Result.NOTHING;

    Unit(Key key) {
        this.key = key;
    }

    /**
     * A rule or a derivation of an app.
     *
     * @param order its place in the list of all; unique
     */
    record Work(int order, String app, String name, Function function) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Work work && order == work.order;
        }

        @Override
        public int hashCode() {
            return order;
        }
    }

    record Key(Work work, Id<?> subject) {
        // The orders are small numbers and the ids often alike: spread them, so that they do not meet.
        @Override
        public int hashCode() {
            return work.order * 0x9e37_79b9 ^ subject.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && work.order == key.work.order && subject.equals(key.subject);
        }
    }

    /** What a unit does: makes entries, or makes facts. */
    sealed interface Function {
        Result apply(Entity subject, View view);
    }

    private record Entries<E extends Entity>(Class<E> type, BiFunction<E, View, Stream<? extends Entry>> function)
            implements Function {
        @Override
        public Result apply(Entity subject, View view) {
            return new Result(
                    List.of(),
                    function.apply(type.cast(subject), view).<Entry>map(e -> e).toList(),
                    List.of(),
                    Optional.empty());
        }
    }

    private record Facts<E extends Entity>(Class<E> type, BiFunction<E, View, Stream<? extends Entity>> function)
            implements Function {
        @Override
        public Result apply(Entity subject, View view) {
            return new Result(
                    List.of(),
                    List.of(),
                    List.copyOf(
                            function.apply(type.cast(subject), view).distinct().toList()),
                    Optional.empty());
        }
    }

    static Function rule(App.Rule<?> rule) {
        return rule(rule.subject(), rule);
    }

    @SuppressWarnings("unchecked") // a rule's subject is its own type
    private static <E extends Entity> Function rule(Class<E> type, App.Rule<?> rule) {
        return new Entries<>(type, ((App.Rule<E>) rule).entries());
    }

    static Function derivation(App.Derivation<?> derivation) {
        return derivation(derivation.subject(), derivation);
    }

    @SuppressWarnings("unchecked") // a derivation's subject is its own type
    private static <E extends Entity> Function derivation(Class<E> type, App.Derivation<?> derivation) {
        return new Facts<>(type, ((App.Derivation<E>) derivation).facts());
    }

    /** What came of a run, its flows signed, and what was asked on the way; the subject itself is always asked for, and not listed. */
    record Result(List<Query<?>> asked, List<Entry> entries, List<Entity> facts, Optional<Problem> problem) {
        static final Result NOTHING = new Result(List.of(), List.of(), List.of(), Optional.empty());

        boolean isNothing() {
            return asked.isEmpty() && entries.isEmpty() && facts.isEmpty() && problem.isEmpty();
        }
    }

    /** Runs the function, and keeps a fault of it to this unit. */
    Result evaluate(Topology topology) {
        var view = new RecordingView(topology);
        var subject = topology.get(key.subject);
        if (subject.isEmpty()) {
            return Result.NOTHING;
        }
        try {
            var made = key.work.function.apply(subject.get(), view);
            return new Result(view.asked(), signed(made.entries()), made.facts(), Optional.empty());
        } catch (RuntimeException e) {
            var problem = new Problem(key.work.app, key.work.name, key.subject, e.toString());
            return new Result(view.asked(), List.of(), List.of(), Optional.of(problem));
        }
    }

    private List<Entry> signed(List<Entry> entries) {
        if (entries.isEmpty()) {
            return entries;
        }
        long cookie = cookie();
        return entries.stream()
                .map(entry -> entry instanceof Flow flow ? flow.signed(cookie) : entry)
                .toList();
    }

    Key key() {
        return key;
    }

    Result result() {
        return result;
    }

    void replace(Result next) {
        result = next;
    }

    List<Entry> entries() {
        return result.entries();
    }

    List<Entity> facts() {
        return result.facts();
    }

    Optional<Problem> problem() {
        return result.problem();
    }

    boolean isDerivation() {
        return key.work.function instanceof Facts;
    }

    Maker maker() {
        return new Maker(key.work.app, key.work.name, key.subject);
    }

    long cookie() {
        return Cookie.of(key.work.app, key.work.name, key.subject);
    }

    /** By app, rule and subject: an order that does not depend on the path. */
    @Override
    public int compareTo(Unit other) {
        int byWork = Integer.compare(key.work.order, other.key.work.order);
        return byWork != 0 ? byWork : key.subject.compareTo(other.key.subject);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Unit unit && key.equals(unit.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    /** Writes down every question, once. Most rules ask few, so a list does for a set until there are many. */
    private static final class RecordingView implements View {
        private static final int FEW = 16;

        private final Topology topology;
        private Collection<Query<?>> asked = new ArrayList<>(4);

        RecordingView(Topology topology) {
            this.topology = topology;
        }

        @Override
        public <E extends Entity> Stream<E> find(Query<E> query) {
            ask(query);
            return topology.find(query);
        }

        @Override
        public <E extends Entity> Optional<E> get(Id<E> id) {
            ask(Query.byId(id));
            return topology.get(id);
        }

        private void ask(Query<?> query) {
            if (!asked.contains(query)) {
                if (asked.size() == FEW) {
                    asked = new HashSet<>(asked);
                }
                asked.add(query);
            }
        }

        List<Query<?>> asked() {
            return List.copyOf(asked);
        }
    }
}

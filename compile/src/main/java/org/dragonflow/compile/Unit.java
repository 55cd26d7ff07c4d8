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
import org.dragonflow.flow.Pipeline;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.Topology;
import org.dragonflow.model.View;

/** One rule or derivation applied to one entity: the grain of recomputation. */
final class Unit implements Comparable<Unit> {
    private final Work work;
    private final Id<?> subject;
    private List<Readers.Question> asked = List.of();
    private List<Entry> entries = List.of();
    private List<Entity> facts = List.of();
    private boolean isStale;

    Unit(Work work, Id<?> subject) {
        this.work = work;
        this.subject = subject;
    }

    /**
     * A rule or a derivation of an app.
     *
     * @param order its place in the list of all; unique
     */
    record Work(int order, String app, String name, Function function) {}

    /** What a unit does: makes entries, or makes facts. */
    sealed interface Function {
        Made apply(Entity subject, View view);
    }

    /** What a function yields: the one or the other. */
    record Made(List<? extends Entry> entries, List<Entity> facts) {}

    private record Entries<E extends Entity>(Class<E> type, BiFunction<E, View, Stream<? extends Entry>> function)
            implements Function {
        @Override
        public Made apply(Entity subject, View view) {
            return new Made(function.apply(type.cast(subject), view).toList(), List.of());
        }
    }

    private record Facts<E extends Entity>(Class<E> type, BiFunction<E, View, Stream<? extends Entity>> function)
            implements Function {
        @Override
        public Made apply(Entity subject, View view) {
            return new Made(
                    List.of(),
                    List.copyOf(
                            function.apply(type.cast(subject), view).distinct().toList()));
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

    /**
     * What came of a run.
     *
     * @param asked what was asked on the way; the subject itself is always asked for, and not listed
     * @param entries signed, and true to their tables' contracts
     */
    record Result(Collection<Query<?>> asked, List<Entry> entries, List<Entity> facts, Optional<Problem> problem) {
        static final Result NOTHING = new Result(List.of(), List.of(), List.of(), Optional.empty());
    }

    /** Runs the function, and keeps a fault of it to this unit. */
    Result evaluate(Topology topology, Pipeline pipeline) {
        var found = topology.get(subject);
        if (found.isEmpty()) {
            return Result.NOTHING;
        }
        var view = new RecordingView(topology);
        try {
            var made = work.function.apply(found.get(), view);
            return held(made, view.asked, pipeline);
        } catch (RuntimeException e) {
            return new Result(view.asked, List.of(), List.of(), Optional.of(problem(e.toString())));
        }
    }

    /** Holds each entry to its table's contract; one that breaks it is left out. */
    private Result held(Made made, Collection<Query<?>> asked, Pipeline pipeline) {
        if (made.entries.isEmpty() && made.facts.isEmpty() && asked.isEmpty()) {
            return Result.NOTHING;
        }
        var problem = Optional.<Problem>empty();
        var kept = new ArrayList<Entry>(made.entries.size());
        long cookie = cookie();
        for (var entry : made.entries) {
            if (entry instanceof Flow flow) {
                var faults = pipeline.violations(work.app, flow);
                if (faults.isEmpty()) {
                    kept.add(flow.signed(cookie));
                } else {
                    problem = Optional.of(problem("%s: %s".formatted(String.join("; ", faults), flow.signed(cookie))));
                }
            } else {
                kept.add(entry);
            }
        }
        return new Result(asked, List.copyOf(kept), made.facts, problem);
    }

    /** Notes that this must be run again; says whether that is news. */
    boolean becomesStale() {
        boolean isNews = !isStale;
        isStale = true;
        return isNews;
    }

    /** Takes the place of what came of the last run. */
    void replace(Result next, Readers readers) {
        asked = readers.replace(this, asked, next.asked);
        entries = next.entries;
        facts = next.facts;
        isStale = false;
    }

    /** Whether the last run made nothing, and asked nothing that could change that. */
    boolean isIdle() {
        return asked.isEmpty() && entries.isEmpty() && facts.isEmpty();
    }

    Work work() {
        return work;
    }

    List<Entry> entries() {
        return entries;
    }

    List<Entity> facts() {
        return facts;
    }

    boolean isDerivation() {
        return work.function instanceof Facts;
    }

    Maker maker() {
        return new Maker(work.app, work.name, subject);
    }

    Problem problem(String text) {
        return new Problem(work.app, work.name, subject, text);
    }

    private long cookie() {
        return Cookie.of(work.app, work.name, subject);
    }

    /** By app, rule and subject: an order that does not depend on the path. */
    @Override
    public int compareTo(Unit other) {
        int byWork = Integer.compare(work.order, other.work.order);
        return byWork != 0 ? byWork : subject.compareTo(other.subject);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Unit unit && work.order == unit.work.order && subject.equals(unit.subject);
    }

    // The orders are small numbers and the ids often alike: spread them, so that they do not meet.
    @Override
    public int hashCode() {
        return work.order * 0x9e37_79b9 ^ subject.hashCode();
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
    }
}

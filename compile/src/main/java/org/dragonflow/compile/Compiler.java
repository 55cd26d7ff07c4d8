package org.dragonflow.compile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Topology;

/**
 * Turns a change of the topology into a change of the flows.
 *
 * <p>Apps are pure, so the flows depend on the topology alone. To be quick, the compiler remembers what each rule asked of the topology and,
 * on a change, runs again only the rules whose questions the change touched. Forgetting all of that and starting anew gives the same flows;
 * the tests hold it to that. One thread at a time.
 */
public final class Compiler {
    /** More rounds than this mean that derivations chase each other's tails. */
    private static final int MOST_ROUNDS = 64;

    /** From this many on, rules are run on all processors. */
    private static final int MANY = 2_000;

    /** So many rules are run before their results are entered. */
    private static final int PORTION = 16_384;

    private final Map<Class<?>, List<Unit.Work>> works = new HashMap<>();
    private final Readers readers = new Readers();
    private final Compact<Unit, Unit> units = new Compact<>(unit -> unit);
    private final Map<Unit, Problem> faults = new HashMap<>();
    private final Map<Id<?>, DerivedEntity> derived = new HashMap<>();
    private final Ledger ledger = new Ledger();
    private final Pipeline pipeline;
    private final Stale stale = new Stale(new ArrayList<>(), new ArrayList<>());
    private Topology topology = Topology.EMPTY;
    private boolean isNew = true;
    private long runs;

    public Compiler(Pipeline pipeline, List<App> apps) {
        this.pipeline = pipeline;
        int order = 0;
        for (var app : apps) {
            for (var derivation : app.derivations()) {
                add(
                        derivation.subject(),
                        new Unit.Work(order++, app.name(), derivation.name(), Unit.derivation(derivation)));
            }
            for (var rule : app.rules()) {
                add(rule.subject(), new Unit.Work(order++, app.name(), rule.name(), Unit.rule(rule)));
            }
        }
    }

    private void add(Class<?> subject, Unit.Work work) {
        works.computeIfAbsent(subject, _ -> new ArrayList<>()).add(work);
    }

    /** Takes the changes, and says what they change in the switch: the smallest bundle. */
    public Bundle update(Collection<Delta> deltas) {
        tell(deltas);
        return settle();
    }

    /** Takes the changes, and says how the facts change that follow from them; the flows stay as they are until {@link #settle}. */
    public List<Delta> tell(Collection<Delta> deltas) {
        var facts = new ArrayList<Delta>();
        var pending = isNew ? withBridge(deltas) : List.copyOf(deltas);
        isNew = false;
        for (int round = 0; !pending.isEmpty(); round++) {
            if (round == MOST_ROUNDS) {
                throw new IllegalStateException("derivations do not come to rest: " + pending);
            }
            topology = topology.apply(pending);
            pending.forEach(this::mark);
            pending = derive(stale.takeDerivations());
            facts.addAll(pending);
        }
        return facts;
    }

    /** What all that was told since the last time changes in the switch: the smallest bundle. */
    public Bundle settle() {
        evaluate(stale.takeRules());
        return ledger.settle();
    }

    private static List<Delta> withBridge(Collection<Delta> deltas) {
        var all = new ArrayList<>(deltas);
        all.add(Delta.create(Bridge.INTEGRATION));
        return all;
    }

    /** What must be run again, each once. */
    private record Stale(List<Unit> derivations, List<Unit> rules) {
        void add(Unit unit) {
            if (unit.becomesStale()) {
                (unit.isDerivation() ? derivations : rules).add(unit);
            }
        }

        List<Unit> takeDerivations() {
            var taken = List.copyOf(derivations);
            derivations.clear();
            return taken;
        }

        List<Unit> takeRules() {
            var taken = List.copyOf(rules);
            rules.clear();
            return taken;
        }
    }

    private void mark(Delta delta) {
        if (!readers.isEmpty()) {
            delta.touched().forEach(query -> readers.of(query).forEach(stale::add));
        }
        for (var work : works.getOrDefault(delta.id().type(), List.of())) {
            stale.add(unit(work, delta.id()));
        }
    }

    private Unit unit(Unit.Work work, Id<?> subject) {
        var unit = new Unit(work, subject);
        var known = units.find(unit);
        if (known != null) {
            return known;
        }
        units.put(unit);
        return unit;
    }

    /** Runs the derivations; gives the changes of the facts. */
    private List<Delta> derive(List<Unit> due) {
        var touched = new HashMap<Id<?>, Optional<Entity>>();
        for (var unit : due) {
            unit.facts().forEach(fact -> {
                touched.putIfAbsent(fact.id(), current(fact.id()));
                derived.computeIfAbsent(fact.id(), _ -> new DerivedEntity()).remove(unit);
            });
            replace(unit, unit.evaluate(topology, pipeline));
            unit.facts().forEach(fact -> {
                touched.putIfAbsent(fact.id(), current(fact.id()));
                derived.computeIfAbsent(fact.id(), _ -> new DerivedEntity()).add(unit, fact);
            });
        }
        var deltas = new ArrayList<Delta>();
        touched.forEach((id, before) -> {
            var delta = new Delta(id, before, current(id));
            if (delta.after().isEmpty()) {
                derived.remove(id);
            }
            if (delta.isChange()) {
                deltas.add(delta);
            }
        });
        return deltas;
    }

    private Optional<Entity> current(Id<?> id) {
        var entity = derived.get(id);
        return entity == null ? Optional.empty() : entity.current();
    }

    private void evaluate(List<Unit> due) {
        var snapshot = topology;
        // In portions, so that results are put to use while they are fresh, and not all alive at once.
        for (int from = 0; from < due.size(); from += PORTION) {
            var portion = due.subList(from, Math.min(from + PORTION, due.size()));
            Stream<Unit> stream = portion.size() >= MANY ? portion.parallelStream() : portion.stream();
            var results = stream.map(unit -> unit.evaluate(snapshot, pipeline)).toList();
            for (int i = 0; i < results.size(); i++) {
                var unit = portion.get(i);
                ledger.withdraw(unit);
                replace(unit, results.get(i));
                ledger.enter(unit);
            }
        }
    }

    private void replace(Unit unit, Unit.Result result) {
        runs++;
        unit.replace(result, readers);
        if (unit.isIdle()) {
            units.remove(unit);
        }
        result.problem().ifPresentOrElse(problem -> faults.put(unit, problem), () -> faults.remove(unit));
    }

    /** What the compiler was told, and what follows from it. */
    public Topology topology() {
        return topology;
    }

    /** All that the switch should hold. */
    public FlowTable flows() {
        return ledger.flows();
    }

    /** Who made the entry of this key; nobody, if it is none of ours. */
    public List<Maker> makersOf(Entry.Key key) {
        return ledger.makersOf(key);
    }

    /** The faults there are now. */
    public List<Problem> problems() {
        return Stream.concat(faults.values().stream(), ledger.conflicts()).toList();
    }

    /** How many times a rule or a derivation was run, since the beginning. */
    public long runs() {
        return runs;
    }
}

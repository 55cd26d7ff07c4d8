package org.dragonflow.compile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    private final Map<Class<?>, List<Unit.Work>> works = new HashMap<>();
    private final Readers readers = new Readers();
    private final Map<Unit.Key, Unit> units = new HashMap<>();
    private final Map<Id<?>, DerivedEntity> derived = new HashMap<>();
    private final Ledger ledger;
    private Topology topology = Topology.EMPTY;
    private boolean isNew = true;
    private long runs;

    public Compiler(Pipeline pipeline, List<App> apps) {
        this.ledger = new Ledger(pipeline);
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

    /** Takes the changes, and tells what they change in the switch: the smallest bundle. */
    public Bundle update(Collection<Delta> deltas) {
        var stale = new LinkedHashSet<Unit>();
        var pending = isNew ? withBridge(deltas) : List.copyOf(deltas);
        isNew = false;
        for (int round = 0; !pending.isEmpty(); round++) {
            if (round == MOST_ROUNDS) {
                throw new IllegalStateException("derivations do not come to rest: " + pending);
            }
            topology = topology.apply(pending);
            pending.forEach(delta -> markStale(delta, stale));
            pending = derive(stale);
        }
        evaluate(stale);
        return ledger.settle();
    }

    private static List<Delta> withBridge(Collection<Delta> deltas) {
        var all = new ArrayList<>(deltas);
        all.add(Delta.create(Bridge.INTEGRATION));
        return all;
    }

    private void markStale(Delta delta, Set<Unit> stale) {
        if (!readers.isEmpty()) {
            delta.touched().forEach(query -> stale.addAll(readers.of(query)));
        }
        for (var work : works.getOrDefault(delta.id().type(), List.of())) {
            stale.add(units.computeIfAbsent(new Unit.Key(work, delta.id()), Unit::new));
        }
    }

    /** Runs the derivations among the stale units and takes them out; gives the changes of the facts. */
    private List<Delta> derive(Set<Unit> stale) {
        var due = stale.stream().filter(Unit::isDerivation).toList();
        due.forEach(stale::remove);
        var touched = new HashMap<Id<?>, Optional<Entity>>();
        for (var unit : due) {
            unit.facts().forEach(fact -> {
                touched.putIfAbsent(fact.id(), current(fact.id()));
                derived.computeIfAbsent(fact.id(), _ -> new DerivedEntity()).remove(unit);
            });
            run(unit);
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

    private void run(Unit unit) {
        replace(unit, unit.evaluate(topology));
    }

    private void evaluate(Collection<Unit> stale) {
        var snapshot = topology;
        // A list, since it splits evenly.
        var due = List.copyOf(stale);
        Stream<Unit> stream = due.size() >= MANY ? due.parallelStream() : due.stream();
        var results =
                stream.map(unit -> Map.entry(unit, unit.evaluate(snapshot))).toList();
        results.forEach(result -> ledger.withdraw(result.getKey()));
        for (var result : results) {
            replace(result.getKey(), result.getValue());
            ledger.enter(result.getKey());
        }
    }

    private void replace(Unit unit, Unit.Result result) {
        runs++;
        unit.result().asked().forEach(query -> readers.remove(query, unit));
        unit.replace(result);
        result.asked().forEach(query -> readers.add(query, unit));
        if (result.isNothing()) {
            units.remove(unit.key());
        } else {
            units.put(unit.key(), unit);
        }
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
        return Stream.concat(units.values().stream().flatMap(unit -> unit.problem().stream()), ledger.problems())
                .toList();
    }

    /** How many times a rule or a derivation was run, since the beginning. */
    public long runs() {
        return runs;
    }
}

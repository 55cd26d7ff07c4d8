package org.dragonflow.compile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.Topology;

/**
 * What one chassis must know of the whole topology.
 *
 * <p>A set of questions, closed under what the apps say is reached from the answers. A change costs in proportion to itself, unless it takes
 * a reach away; then the set is found anew, which costs in proportion to what is reached, not to the whole.
 */
public final class Interest {
    private final List<App> apps;
    private final Id<Chassis> chassis;
    private Set<Query<?>> held = new HashSet<>();

    /** Interest of a chassis in a topology that is empty as yet. */
    public Interest(List<App> apps, Id<Chassis> chassis) {
        this.apps = List.copyOf(apps);
        this.chassis = chassis;
        roots().forEach(held::add);
    }

    private List<Query<?>> roots() {
        return apps.stream()
                .flatMap(app -> app.roots().stream())
                .<Query<?>>flatMap(root -> root.questions().apply(chassis))
                .toList();
    }

    /** Interest of a chassis in a topology, found without a look at what does not concern it. */
    public static Interest of(List<App> apps, Id<Chassis> chassis, Topology whole) {
        var interest = new Interest(apps, chassis);
        interest.held = interest.closure(whole);
        return interest;
    }

    /** The part of the topology that concerns the chassis. */
    public static Topology filter(List<App> apps, Id<Chassis> chassis, Topology whole) {
        var interest = new Interest(apps, chassis);
        return Topology.EMPTY.apply(
                interest.update(whole, whole.all().map(Delta::create).toList()));
    }

    /**
     * The changes as the chassis must hear of them: those that concern it, and what newly concerns it or no longer does because of them.
     *
     * @param after the whole topology with the changes in it
     * @param deltas at most one for each entity
     */
    public List<Delta> update(Topology after, Collection<Delta> deltas) {
        return deltas.stream().anyMatch(this::takesReachAway) ? anew(after, deltas) : grown(after, deltas);
    }

    private List<Delta> grown(Topology after, Collection<Delta> deltas) {
        var news = new LinkedHashMap<Id<?>, Delta>();
        var added = new HashSet<Query<?>>();
        var fresh = new ArrayDeque<Query<?>>();
        Predicate<Query<?>> before = query -> held.contains(query) && !added.contains(query);
        deltas.forEach(delta -> delta.after().filter(this::concerns).ifPresent(e -> reach(e, added, fresh)));
        while (!fresh.isEmpty()) {
            after.find(fresh.pop()).forEach(entity -> {
                if (!answersAny(entity, before)) {
                    news.put(entity.id(), Delta.create(entity));
                    reach(entity, added, fresh);
                }
            });
        }
        deltas.forEach(delta -> hear(delta, before, news));
        return List.copyOf(news.values());
    }

    private List<Delta> anew(Topology after, Collection<Delta> deltas) {
        var news = new LinkedHashMap<Id<?>, Delta>();
        var before = held;
        held = closure(after);
        difference(before, held)
                .forEach(query ->
                        after.find(query).filter(e -> !concerns(e)).forEach(e -> news.put(e.id(), Delta.delete(e))));
        difference(held, before)
                .forEach(query -> after.find(query)
                        .filter(e -> !answersAny(e, before::contains))
                        .forEach(e -> news.put(e.id(), Delta.create(e))));
        deltas.forEach(delta -> hear(delta, before::contains, news));
        return List.copyOf(news.values());
    }

    private static Set<Query<?>> difference(Set<Query<?>> all, Set<Query<?>> without) {
        var rest = new HashSet<>(all);
        rest.removeAll(without);
        return rest;
    }

    /** Adds what is reached from the entity to what is held, and puts what is new there in the queue. */
    private void reach(Entity entity, Set<Query<?>> added, ArrayDeque<Query<?>> fresh) {
        for (var query : reached(entity)) {
            if (held.add(query)) {
                added.add(query);
                fresh.add(query);
            }
        }
    }

    private void hear(Delta delta, Predicate<Query<?>> before, Map<Id<?>, Delta> news) {
        var heard = new Delta(
                delta.id(),
                delta.before().filter(e -> answersAny(e, before)),
                delta.after().filter(this::concerns));
        if (heard.isChange()) {
            news.put(delta.id(), heard);
        } else {
            news.remove(delta.id());
        }
    }

    private boolean takesReachAway(Delta delta) {
        var lost = new HashSet<Query<?>>(
                delta.before().filter(this::concerns).map(this::reached).orElse(List.of()));
        delta.after()
                .filter(this::concerns)
                .map(this::reached)
                .orElse(List.of())
                .forEach(lost::remove);
        return !lost.isEmpty();
    }

    private Set<Query<?>> closure(Topology topology) {
        var closed = new HashSet<Query<?>>();
        var queue = new ArrayDeque<Query<?>>();
        roots().forEach(query -> {
            if (closed.add(query)) {
                queue.add(query);
            }
        });
        while (!queue.isEmpty()) {
            var query = queue.pop();
            if (!mayReach(query.type())) {
                continue;
            }
            topology.find(query).forEach(entity -> {
                for (var next : reached(entity)) {
                    if (closed.add(next)) {
                        queue.add(next);
                    }
                }
            });
        }
        return closed;
    }

    private boolean mayReach(Class<?> type) {
        return apps.stream().flatMap(app -> app.reaches().stream()).anyMatch(reach -> reach.from() == type);
    }

    private List<Query<?>> reached(Entity entity) {
        var found = new ArrayList<Query<?>>();
        for (var app : apps) {
            for (var reach : app.reaches()) {
                if (reach.from() == entity.getClass()) {
                    found.addAll(reached(reach, entity));
                }
            }
        }
        return found;
    }

    private <E extends Entity> List<Query<?>> reached(App.Reach<E> reach, Entity entity) {
        return reach.questions().apply(reach.from().cast(entity), chassis).toList();
    }

    /** Whether the chassis must know of the entity, by all that was told here so far. */
    public boolean concerns(Entity entity) {
        return answersAny(entity, held::contains);
    }

    private static boolean answersAny(Entity entity, Predicate<Query<?>> questions) {
        return Query.answeredBy(entity).stream().anyMatch(questions);
    }
}

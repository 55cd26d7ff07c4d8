package org.dragonflow.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.model.PersistentMap.Leaf;

/**
 * An immutable picture of entities and the references between them. A change makes a new one and shares what did not change; equal contents
 * are equal.
 */
public final class Topology implements View {
    public static final Topology EMPTY = new Topology(PersistentMap.empty(), PersistentMap.empty());

    private final PersistentMap<Id<?>, Entity> entities;
    private final PersistentMap<Query<?>, PersistentMap<Id<?>, Entity>> answers;

    private Topology(
            PersistentMap<Id<?>, Entity> entities, PersistentMap<Query<?>, PersistentMap<Id<?>, Entity>> answers) {
        this.entities = entities;
        this.answers = answers;
    }

    public static Topology of(Entity... entities) {
        return of(List.of(entities));
    }

    public static Topology of(Collection<? extends Entity> entities) {
        var byId = LinkedHashMap.<Id<?>, Entity>newLinkedHashMap(entities.size());
        entities.forEach(entity -> byId.put(entity.id(), entity));
        return of(byId);
    }

    private static Topology of(Map<Id<?>, Entity> byId) {
        var leaves = new ArrayList<Leaf<Id<?>, Entity>>(byId.size());
        var answers = new HashMap<Query<?>, List<Leaf<Id<?>, Entity>>>();
        byId.forEach((id, entity) -> {
            var leaf = PersistentMap.<Id<?>, Entity>leaf(id, entity);
            leaves.add(leaf);
            for (var query : Indexes.answered(entity)) {
                answers.computeIfAbsent(query, _ -> new ArrayList<>(1)).add(leaf);
            }
        });
        var maps = new ArrayList<Leaf<Query<?>, PersistentMap<Id<?>, Entity>>>(answers.size());
        answers.forEach((query, answer) -> maps.add(PersistentMap.leaf(query, PersistentMap.of(answer))));
        return new Topology(PersistentMap.of(leaves), PersistentMap.of(maps));
    }

    @Override
    @SuppressWarnings("unchecked") // an answer holds entities of the query's type only
    public <E extends Entity> Stream<E> find(Query<E> query) {
        if (query.column().equals("id")) {
            return (Stream<E>) Stream.ofNullable(entities.find((Id<?>) query.value()));
        }
        var answer = answers.find(query);
        return answer == null ? Stream.empty() : (Stream<E>) answer.values();
    }

    @Override
    @SuppressWarnings("unchecked") // an id names an entity of its type
    public <E extends Entity> Optional<E> get(Id<E> id) {
        return Optional.ofNullable((E) entities.find(id));
    }

    /** How many entities answer. */
    public int count(Query<?> query) {
        var answer = answers.find(query);
        return answer == null ? 0 : answer.size();
    }

    public Stream<Entity> all() {
        return entities.values();
    }

    public int size() {
        return entities.size();
    }

    /** Adds the entity, or replaces the one of its id. */
    public Topology put(Entity entity) {
        var base = entities.find(entity.id()) == null ? this : remove(entity.id());
        var leaf = PersistentMap.<Id<?>, Entity>leaf(entity.id(), entity);
        var nextAnswers = base.answers;
        for (var query : Indexes.answered(entity)) {
            var answer = nextAnswers.find(query);
            nextAnswers =
                    nextAnswers.put(query, (answer == null ? PersistentMap.<Id<?>, Entity>empty() : answer).put(leaf));
        }
        return new Topology(base.entities.put(leaf), nextAnswers);
    }

    /** Removes the entity of this id, if there is one. */
    public Topology remove(Id<?> id) {
        var entity = entities.find(id);
        if (entity == null) {
            return this;
        }
        var nextAnswers = answers;
        for (var query : Indexes.answered(entity)) {
            var answer = nextAnswers.find(query);
            if (answer != null) {
                var less = answer.remove(id);
                nextAnswers = less.isEmpty() ? nextAnswers.remove(query) : nextAnswers.put(query, less);
            }
        }
        return new Topology(entities.remove(id), nextAnswers);
    }

    /** The picture after the change; what the delta says was there before is not looked at. */
    public Topology apply(Delta delta) {
        return delta.after().map(this::put).orElseGet(() -> remove(delta.id()));
    }

    public Topology apply(Collection<Delta> deltas) {
        if (entities.isEmpty()) {
            var byId = LinkedHashMap.<Id<?>, Entity>newLinkedHashMap(deltas.size());
            deltas.forEach(delta -> delta.after()
                    .ifPresentOrElse(entity -> byId.put(delta.id(), entity), () -> byId.remove(delta.id())));
            return of(byId);
        }
        var next = this;
        for (var delta : deltas) {
            next = next.apply(delta);
        }
        return next;
    }

    /** The changes that lead from {@code before} to this. */
    public Stream<Delta> since(Topology before) {
        var gone = before.all().filter(e -> entities.find(e.id()) == null).map(Delta::delete);
        var come = all().map(e -> new Delta(e.id(), Optional.ofNullable(before.entities.find(e.id())), Optional.of(e)))
                .filter(Delta::isChange);
        return Stream.concat(gone, come);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Topology topology && entities.equals(topology.entities);
    }

    @Override
    public int hashCode() {
        return entities.hashCode();
    }

    @Override
    public String toString() {
        return entities.toString();
    }
}

package org.dragonflow.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.model.Claim;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.Ref;
import org.dragonflow.model.Reference.Promise;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Topology;
import org.dragonflow.model.View;

/**
 * Changes of entities that are to take place together, put together on one state of a {@link Replica}, and seen at once by who makes them.
 *
 * <p>It adds what must hold for them, whoever else writes to the store: that nobody changed meanwhile what is replaced or deleted, that the
 * values of {@link org.dragonflow.model.Unique} attributes are nobody else's, and that what is referred to exists, and stays.
 */
public final class Edit implements View {
    private static final Bytes NOTHING = Bytes.utf8("{}");

    private final Replica.State base;
    private final Map<Key, Expectation> expectations = new LinkedHashMap<>();
    private final Map<Key, Write> writes = new LinkedHashMap<>();
    private final Map<Key, Made> made = new HashMap<>();
    private final Map<Key, Supplier<? extends RuntimeException>> refusals = new LinkedHashMap<>();
    private final Set<Key> claimed = new HashSet<>();
    private final Set<Key> freed = new HashSet<>();
    private final List<Runnable> ends = new ArrayList<>();
    private UnaryOperator<RuntimeException> form = UnaryOperator.identity();
    private Topology topology;

    /** An entity was to be deleted that others refer to, and that they do not let go. */
    public static final class StillReferred extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Id<?> target;

        StillReferred(Id<?> target, String by) {
            super("%s %s is referred to by %s".formatted(target.type().getSimpleName(), target, by));
            this.target = target;
        }

        public Id<?> target() {
            return target;
        }
    }

    /** More than a transaction can hold. */
    public static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLarge(int writes) {
            super("%d rows at once are more than %d".formatted(writes, Store.MAX_WRITES));
        }
    }

    /** Two entities of this edit want the same for themselves; it may go well with other random choices. */
    static final class Clash extends RuntimeException {
        private static final long serialVersionUID = 1;

        Clash(Key claim) {
            super("two entities claim " + claim);
        }
    }

    /** An entity, and the row that was made of it. */
    record Made(Bytes value, Entity entity) {}

    Edit(Replica.State base) {
        this.base = base;
        this.topology = base.topology();
    }

    /** The picture with the changes made so far. */
    public Topology topology() {
        return topology;
    }

    /** The picture without them. */
    public Topology before() {
        return base.topology();
    }

    /** Whether it changes anything. */
    public boolean isChange() {
        return !writes.isEmpty();
    }

    /** Whether it makes, replaces or deletes the entity. */
    public boolean isChanged(Id<?> id) {
        return writes.containsKey(Rows.key(id));
    }

    @Override
    public <E extends Entity> Stream<E> find(Query<E> query) {
        return topology.find(query);
    }

    @Override
    public <E extends Entity> Optional<E> get(Id<E> id) {
        return topology.get(id);
    }

    public <E extends Entity> E create(E entity) {
        var key = Rows.key(entity.id());
        expectations.putIfAbsent(key, Expectation.absent());
        put(key, entity);
        claim(entity, claims(entity));
        refer(references(entity));
        topology = topology.put(entity);
        return entity;
    }

    /** Puts the entity in the place of the one of its id. */
    @SuppressWarnings("unchecked") // an entity's id is of its own type
    public <E extends Entity> E replace(E entity) {
        var before = get((Id<E>) entity.id())
                .orElseThrow(() -> new IllegalArgumentException("there is no %s to replace".formatted(entity.id())));
        var key = Rows.key(entity.id());
        expectUnchanged(key);
        put(key, entity);
        var had = claims(before);
        var has = claims(entity);
        free(entity, had.stream().filter(claim -> !has.contains(claim)).toList());
        claim(entity, has.stream().filter(claim -> !had.contains(claim)).toList());
        var referred = references(before);
        refer(references(entity).stream().filter(id -> !referred.contains(id)).collect(Collectors.toSet()));
        topology = topology.put(entity);
        return entity;
    }

    /**
     * Deletes the entity and all that is part of it.
     *
     * @throws StillReferred if that leaves others who refer to what is deleted
     */
    public void delete(Entity entity) {
        var key = Rows.key(entity.id());
        expectUnchanged(key);
        writes.put(key, new Write.Delete(key));
        free(entity, claims(entity));
        topology = topology.remove(entity.id());
        for (var referrer : Referrers.of(entity.id().type())) {
            if (referrer.promise() == Promise.PART_OF) {
                topology.find(referrer.query(entity.id())).toList().forEach(this::delete);
            }
        }
        for (var referrer : Referrers.of(entity.id().type())) {
            topology.find(referrer.query(entity.id())).findFirst().ifPresent(by -> {
                throw new StillReferred(entity.id(), by.id().type().getSimpleName() + " " + by.id());
            });
        }
        forget(Rows.marker(entity.id()));
    }

    /**
     * What to answer if this claim turns out to be another's; without it the edit is tried again, with other choices.
     *
     * @param constraint the attributes of a {@link org.dragonflow.model.Unique}
     */
    public void refuseIfTaken(
            Class<? extends Entity> type,
            List<String> constraint,
            List<?> values,
            Supplier<? extends RuntimeException> refusal) {
        var formed = form;
        refusals.put(Rows.claim(type, new Claim(constraint, List.copyOf(values))), () -> formed.apply(refusal.get()));
    }

    /** Claims a name for something that is no attribute; it is held by the entity that stands for it. */
    public void claim(Entity owner, Claim claim) {
        claim(owner, List.of(claim));
    }

    /** Gives back what was claimed so. */
    public void free(Entity owner, Claim claim) {
        free(owner, List.of(claim));
    }

    /**
     * Has edits that say the same name take place one after the other, each on a state that has what those before it did: for what excludes
     * each other and is many things, of which none could claim it alone.
     */
    public void takeTurn(String name) {
        var marker = Rows.marker(name);
        expectations.put(marker, base.revisionOf(marker).map(Expectation::at).orElseGet(Expectation::absent));
        put(marker, NOTHING);
    }

    /** From now on, what is refused later is refused with what this makes of the refusal. */
    public void refuseAs(UnaryOperator<RuntimeException> form) {
        this.form = form;
    }

    /** What to do when the edit is over, and its changes have been applied or not. */
    public void atEnd(Runnable end) {
        ends.add(end);
    }

    void end() {
        ends.forEach(Runnable::run);
    }

    /** None if an entity has changed meanwhile: what follows from that is to be found out first. */
    Optional<RuntimeException> refusal(Set<Key> conflicts) {
        if (conflicts.stream().anyMatch(key -> Rows.id(key).isPresent())) {
            return Optional.empty();
        }
        return conflicts.stream()
                .flatMap(key -> Optional.ofNullable(refusals.get(key)).stream())
                .findFirst()
                .map(Supplier::get);
    }

    Transaction transaction() {
        if (writes.size() > Store.MAX_WRITES || expectations.size() > Store.MAX_EXPECTATIONS) {
            throw new TooLarge(Math.max(writes.size(), expectations.size()));
        }
        return new Transaction(expectations, List.copyOf(writes.values()));
    }

    private void put(Key key, Entity entity) {
        var value = Rows.value(entity);
        put(key, value);
        made.put(key, new Made(value, entity));
    }

    private void put(Key key, Bytes value) {
        writes.put(key, new Write.Put(key, value));
    }

    /** The entities that the transaction puts, or deletes after all. */
    Map<Key, Made> made() {
        return Collections.unmodifiableMap(made);
    }

    private void expectUnchanged(Key key) {
        base.revisionOf(key).ifPresent(revision -> expectations.put(key, Expectation.at(revision)));
    }

    private void claim(Entity owner, Collection<Claim> claims) {
        for (var claim : claims) {
            var key = Rows.claim(owner.getClass(), claim);
            if (!claimed.add(key)) {
                var refusal = refusals.get(key);
                throw refusal == null ? new Clash(key) : refusal.get();
            }
            if (!freed.contains(key)) {
                expectations.put(key, Expectation.absent());
            }
            put(key, Bytes.utf8(owner.id().value()));
        }
    }

    private void free(Entity owner, Collection<Claim> claims) {
        for (var claim : claims) {
            var key = Rows.claim(owner.getClass(), claim);
            if (claimed.remove(key) && expectations.remove(key) != null) {
                writes.remove(key);
            } else {
                freed.add(key);
                writes.put(key, new Write.Delete(key));
            }
        }
    }

    private void refer(Set<Id<?>> targets) {
        for (var target : targets) {
            if (topology.find(Query.byId(target)).findAny().isEmpty()) {
                throw new IllegalArgumentException(
                        "there is no %s %s to refer to".formatted(target.type().getSimpleName(), target));
            }
            expectations.putIfAbsent(Rows.key(target), Expectation.present());
            put(Rows.marker(target), NOTHING);
        }
    }

    private void forget(Key marker) {
        var revision = base.revisionOf(marker);
        expectations.put(marker, revision.map(Expectation::at).orElseGet(Expectation::absent));
        revision.ifPresentOrElse(_ -> writes.put(marker, new Write.Delete(marker)), () -> writes.remove(marker));
    }

    private static List<Claim> claims(Entity entity) {
        return Schema.of(entity).claims(entity);
    }

    /** Whom the entity needs to exist. */
    private static Set<Id<?>> references(Entity entity) {
        return Schema.of(entity).references(entity).stream()
                .filter(ref -> ref.promise() != Promise.LOOSE)
                .map(Ref::target)
                .collect(Collectors.toSet());
    }
}

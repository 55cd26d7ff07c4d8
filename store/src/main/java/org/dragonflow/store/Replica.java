package org.dragonflow.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.PersistentMap;
import org.dragonflow.model.Recurring;
import org.dragonflow.model.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entities of a store, in memory, as of its latest commits.
 *
 * <p>It follows the store by a feed, on a thread of its own. A commit shows in {@link #state} first and is then told to the listeners; only
 * when they have returned does {@link #await} let those go on who wait for the commit's revision.
 */
public final class Replica implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration BEHIND = Duration.ofSeconds(10);

    /** How often an edit is tried at the same time as others; those that fail so often go one by one. */
    private static final int PATIENCE = 4;

    private static final int MOST_ATTEMPTS = 100;

    private final Store store;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final ReentrantLock contended = new ReentrantLock();
    private final Recurring recurring = new Recurring();

    /** What edits of this replica are about to commit, so that it need not be read from its rows. */
    private final Map<Key, Edit.Made> underWay = new ConcurrentHashMap<>();

    private final History history;
    private final Thread follower;
    private volatile State state;
    private volatile Feed feed;
    private final AtomicLong commits = new AtomicLong();
    private final ScopedValue<LongConsumer> watcher = ScopedValue.newInstance();
    private final AtomicLong conflicts = new AtomicLong();
    private volatile boolean closed;
    private long told;

    /**
     * What the store held at a revision.
     *
     * @param rows the revision of each row of an entity, and of each row that only {@link Rows#isWatched guards} one
     */
    public record State(long revision, Topology topology, PersistentMap<Key, Long> rows) {
        /** The commit that wrote the row last. */
        public Optional<Long> revisionOf(Key key) {
            return rows.get(key);
        }

        /** The commit that wrote the entity last. */
        public Optional<Long> revisionOf(Id<?> entity) {
            return revisionOf(Rows.key(entity));
        }
    }

    /** Is told what changed, one commit after another. It must be quick: everybody waits for it, and faults of its own are logged only. */
    public interface Listener {
        /**
         * A commit, or several that went by unseen.
         *
         * @param deltas what changed; empty where a commit changed no entity
         */
        void changed(State after, List<Delta> deltas);
    }

    /** Takes up all that the store holds, and follows it until closed. The store stays open then. */
    public Replica(Store store) {
        this.store = store;
        this.history = new History(store);
        this.state = load(store.snapshot());
        this.told = state.revision();
        this.feed = store.feed(told);
        this.follower = Thread.ofPlatform().name("replica").daemon().start(this::follow);
    }

    public State state() {
        return state;
    }

    /**
     * What the store held at a revision.
     *
     * @throws StoreException if that cannot be read
     */
    public Recall at(long revision) throws InterruptedException {
        if (revision > store.revision()) {
            return new Recall.NotYet(store.revision());
        }
        var newest = await(revision, BEHIND)
                .orElseThrow(() -> new StoreException(
                        "the replica is behind: it has revision %d, not %d".formatted(state.revision(), revision)));
        return history.at(revision, new Recall.Moment(newest.revision(), newest.topology()));
    }

    /** What the store held at a time, by its own clock. */
    public Recall at(Instant time) throws InterruptedException {
        var revision = store.revisionAt(time);
        return revision.isPresent() ? at(revision.getAsLong()) : new Recall.Gone(store.horizon());
    }

    /** Tells the listener of every change to the state that is returned. */
    public State subscribe(Listener listener) {
        lock.lock();
        try {
            listeners.add(listener);
            return state;
        } finally {
            lock.unlock();
        }
    }

    public void unsubscribe(Listener listener) {
        listeners.remove(listener);
    }

    /** How many transactions the store took from here. */
    public long commits() {
        return commits.get();
    }

    /** How many transactions came too late. */
    public long conflicts() {
        return conflicts.get();
    }

    /** Whether the state still follows the store. */
    public boolean isFollowing() {
        return !closed && follower.isAlive();
    }

    /** A state that has this revision or a later one; empty if it does not come within the timeout. */
    public Optional<State> await(long revision, Duration timeout) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.NANOSECONDS.convert(timeout);
            while (told < revision && !closed && left > 0) {
                left = moved.awaitNanos(left);
            }
            return told >= revision ? Optional.of(state) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Commits, and waits until the state has the commit. */
    public Committed commit(Transaction transaction, Duration timeout) throws InterruptedException {
        var verdict = store.commit(transaction);
        // After a conflict, the one who tries again must see what was in the way.
        long revision = switch (verdict) {
            case Committed.At(var at) -> {
                commits.incrementAndGet();
                yield at;
            }
            case Committed.Conflict _ -> {
                conflicts.incrementAndGet();
                yield store.revision();
            }
        };
        if (await(revision, timeout).isEmpty()) {
            LOG.warn("the replica is behind: it has revision {}, not {} after {}", state.revision(), revision, timeout);
        }
        return verdict;
    }

    /**
     * Makes the changes on the latest state and commits them, on a newer state again for as long as others come in between, and returns when
     * the replica has them. What the function throws ends it with nothing changed.
     *
     * @throws StoreException if the store fails, or too many come in between
     */
    public <R> R edit(Function<Edit, R> changes) throws InterruptedException {
        return make(changes, Edit::transaction);
    }

    /**
     * As {@link #edit}, up to the commit, of which nothing is done but to see that it would take place: the store is asked whether all holds that
     * the changes need.
     */
    public <R> R rehearse(Function<Edit, R> changes) throws InterruptedException {
        return make(changes, edit -> edit.transaction().withoutWrites());
    }

    private <R> R make(Function<Edit, R> changes, Function<Edit, Transaction> deed) throws InterruptedException {
        for (int attempt = 0; attempt < PATIENCE; attempt++) {
            var result = attempt(changes, deed);
            if (result.isPresent()) {
                return result.get().value();
            }
        }
        contended.lockInterruptibly();
        try {
            for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
                var result = attempt(changes, deed);
                if (result.isPresent()) {
                    return result.get().value();
                }
            }
        } finally {
            contended.unlock();
        }
        throw new StoreException("gave up after %d attempts, in each of which others wrote the same"
                .formatted(PATIENCE + MOST_ATTEMPTS));
    }

    /** Does this, and tells the watcher the revision of every commit that edits make on the way, on the same thread. */
    public <R> R watching(LongConsumer commits, Supplier<R> what) {
        return ScopedValue.where(watcher, commits).call(what::get);
    }

    private record Done<R>(R value) {}

    private <R> Optional<Done<R>> attempt(Function<Edit, R> changes, Function<Edit, Transaction> deed)
            throws InterruptedException {
        var edit = new Edit(state);
        try {
            var result = changes.apply(edit);
            var transaction = deed.apply(edit);
            underWay.putAll(edit.made());
            return switch (commit(transaction, BEHIND)) {
                case Committed.At(var at) -> {
                    if (watcher.isBound() && !transaction.writes().isEmpty()) {
                        watcher.get().accept(at);
                    }
                    yield Optional.of(new Done<>(result));
                }
                case Committed.Conflict(var keys) -> {
                    edit.refusal(keys).ifPresent(refusal -> {
                        throw refusal;
                    });
                    yield Optional.empty();
                }
            };
        } catch (Edit.Clash e) {
            return Optional.empty();
        } finally {
            edit.made().forEach(underWay::remove);
            edit.end();
        }
    }

    @Override
    public void close() {
        closed = true;
        feed.close();
        follower.interrupt();
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void follow() {
        while (!closed) {
            try {
                switch (feed.take(Duration.ofMinutes(1))) {
                    case Commit commit -> apply(commit);
                    case Feed.Compacted _ -> startAnew();
                    case Feed.Idle() -> {}
                    case Feed.Closed() -> closed = true;
                }
            } catch (InterruptedException e) {
                closed = true;
            } catch (StoreException e) {
                LOG.warn("the store cannot be read, trying again: {}", e.getMessage());
                pause();
            } catch (IllegalStateException e) {
                LOG.info("the replica ends with its store: {}", e.getMessage());
                closed = true;
            }
        }
    }

    private void pause() {
        lock.lock();
        try {
            long left = TimeUnit.NANOSECONDS.convert(PAUSE);
            while (!closed && left > 0) {
                left = moved.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private void apply(Commit commit) {
        var before = state;
        var rows = before.rows();
        var deltas = new ArrayList<Delta>();
        for (var change : commit.changes()) {
            var key = change.key();
            if (Rows.isWatched(key)) {
                rows = change.after().isPresent() ? rows.put(key, commit.revision()) : rows.remove(key);
            }
            Rows.id(key).ifPresent(id -> {
                var was = before.topology().get(id).map(Entity.class::cast);
                var is = change.after().flatMap(value -> entity(key, value));
                if (was.isPresent() || is.isPresent()) {
                    deltas.add(new Delta(id, was, is));
                }
            });
        }
        publish(new State(commit.revision(), before.topology().apply(deltas), rows), deltas);
    }

    private Optional<Entity> entity(Key key, Bytes value) {
        var made = underWay.get(key);
        return made != null && made.value().equals(value)
                ? Optional.of(made.entity())
                : Rows.entity(key, value, recurring);
    }

    private void startAnew() {
        var snapshot = store.snapshot();
        var after = load(snapshot);
        feed.close();
        feed = store.feed(snapshot.revision());
        LOG.info("the log does not go back to revision {}; went on from a snapshot at {}", told, after.revision());
        history.forget();
        publish(after, after.topology().since(state.topology()).toList());
    }

    private State load(Snapshot snapshot) {
        var entities = new ArrayList<Entity>();
        var rows = PersistentMap.<Key, Long>empty();
        for (var row : snapshot.rows().values()) {
            var entity = Rows.entity(row.key(), row.value(), recurring);
            entity.ifPresent(entities::add);
            if (Rows.isWatched(row.key())) {
                // The key that shares its text with the entity.
                var key = entity.map(Entity::id).map(Rows::key).orElse(row.key());
                rows = rows.put(key, row.revision());
            }
        }
        return new State(snapshot.revision(), Topology.of(entities), rows);
    }

    private void publish(State after, List<Delta> deltas) {
        List<Listener> audience;
        lock.lock();
        try {
            state = after;
            audience = List.copyOf(listeners);
        } finally {
            lock.unlock();
        }
        for (var listener : audience) {
            try {
                listener.changed(after, deltas);
            } catch (RuntimeException e) {
                LOG.error("a listener failed at revision {}", after.revision(), e);
            }
        }
        lock.lock();
        try {
            told = after.revision();
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

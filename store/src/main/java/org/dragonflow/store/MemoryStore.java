package org.dragonflow.store;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A store that lives as long as its process. */
public final class MemoryStore implements Store {
    private final InstantSource clock;
    private final Tail tail;
    private Map<Key, Row> rows = new HashMap<>();
    private boolean shared;
    private boolean closed;

    public MemoryStore(InstantSource clock, Retention retention) {
        this.clock = clock;
        this.tail = new Tail(0, retention, Long.MAX_VALUE, Past.NONE);
    }

    @Override
    public synchronized long revision() {
        requireOpen();
        return tail.revision();
    }

    /** Takes no time: it is the next commit that copies the rows, if there is one. */
    @Override
    public synchronized Snapshot snapshot() {
        requireOpen();
        shared = true;
        return new Snapshot(tail.revision(), Collections.unmodifiableMap(rows));
    }

    @Override
    public synchronized Committed commit(Transaction transaction) {
        requireOpen();
        var conflicts = transaction.conflicts(this::row);
        if (!conflicts.isEmpty()) {
            return new Committed.Conflict(conflicts);
        }
        if (transaction.writes().isEmpty()) {
            return new Committed.At(tail.revision());
        }
        var commit = new Commit(tail.revision() + 1, clock.instant(), transaction.changes(this::row));
        apply(commit);
        tail.append(List.of(commit));
        return new Committed.At(commit.revision());
    }

    @Override
    public synchronized Feed feed(long after) {
        requireOpen();
        return tail.feed(after);
    }

    @Override
    public synchronized Horizon horizon() {
        requireOpen();
        return tail.horizon();
    }

    @Override
    public synchronized OptionalLong revisionAt(Instant time) {
        requireOpen();
        return tail.revisionAt(time);
    }

    @Override
    public synchronized void close() {
        closed = true;
        tail.close();
    }

    private Optional<Row> row(Key key) {
        return Optional.ofNullable(rows.get(key));
    }

    private void apply(Commit commit) {
        if (shared) {
            rows = new HashMap<>(rows);
            shared = false;
        }
        for (var change : commit.changes()) {
            var key = change.key();
            change.after()
                    .ifPresentOrElse(
                            value -> rows.put(key, new Row(key, commit.revision(), value)), () -> rows.remove(key));
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }
}

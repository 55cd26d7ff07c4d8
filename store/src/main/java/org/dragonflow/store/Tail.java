package org.dragonflow.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * For engines: the end of the log, in memory, that any number of feeds read, each at its own pace.
 *
 * <p>Nothing is queued for a feed. It is a position in the log; where that is before the tail it reads the {@link
 * Past}, and where the past does not go back so far it says so.
 */
public final class Tail implements AutoCloseable {
    private final Retention retention;
    private final long maxBytes;
    private final Past past;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Map<Long, Commit> commits = new HashMap<>();
    private long bytes;
    private long revision;
    private boolean closed;

    /**
     * @param revision where the log ends now
     * @param retention how much is kept in memory
     * @param maxBytes how many bytes of values are kept in memory; the latest commit always is
     */
    public Tail(long revision, Retention retention, long maxBytes, Past past) {
        this.revision = revision;
        this.retention = retention;
        this.maxBytes = maxBytes;
        this.past = past;
    }

    /** That of the last commit appended. */
    public long revision() {
        lock.lock();
        try {
            return revision;
        } finally {
            lock.unlock();
        }
    }

    /** Appends the next commits, for all feeds to see. */
    public void append(List<Commit> next) {
        lock.lock();
        try {
            next.forEach(this::append);
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public Feed feed(long after) {
        if (after < 0) {
            throw new IllegalArgumentException("a feed starts after revision 0 or a later one: " + after);
        }
        lock.lock();
        try {
            return new Cursor(after, after > revision);
        } finally {
            lock.unlock();
        }
    }

    /** How far back it goes, without the past. */
    public Horizon horizon() {
        lock.lock();
        try {
            return first() == 1
                    ? Horizon.NONE
                    : new Horizon(first() - 1, kept(first()).at());
        } finally {
            lock.unlock();
        }
    }

    /** As {@link Store#revisionAt}, without the past. */
    public OptionalLong revisionAt(Instant time) {
        lock.lock();
        try {
            for (long at = revision; at >= first(); at--) {
                if (!kept(at).at().isAfter(time)) {
                    return OptionalLong.of(at);
                }
            }
            return first() == 1 ? OptionalLong.of(0) : OptionalLong.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Closes all feeds. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void append(Commit commit) {
        if (commit.revision() != revision + 1) {
            throw new IllegalArgumentException(
                    "commit %d was appended to a log that ends at %d".formatted(commit.revision(), revision));
        }
        revision = commit.revision();
        commits.put(revision, commit);
        bytes += commit.size();
        var horizon = retention.horizon(commit.at());
        while (mustGo(kept(first()), horizon)) {
            bytes -= kept(first()).size();
            commits.remove(first());
        }
    }

    private boolean mustGo(Commit oldest, Instant horizon) {
        return oldest.revision() < revision
                && (commits.size() > retention.commits()
                        || bytes > maxBytes
                        || oldest.at().isBefore(horizon));
    }

    private long first() {
        return revision - commits.size() + 1;
    }

    private Commit kept(long revision) {
        return Objects.requireNonNull(commits.get(revision));
    }

    /** A position in the log. The lock of the tail guards what may close; the lock of the cursor, where it stands. */
    private final class Cursor implements Feed {
        private final ReentrantLock taking = new ReentrantLock();
        private final Queue<Commit> ahead = new ArrayDeque<>();
        private final boolean ofTheFuture;
        private long position;
        private boolean ended;

        private Cursor(long position, boolean ofTheFuture) {
            this.position = position;
            this.ofTheFuture = ofTheFuture;
        }

        @Override
        public Next take(Duration timeout) throws InterruptedException {
            long deadline = System.nanoTime() + Math.min(Long.MAX_VALUE / 2, TimeUnit.NANOSECONDS.convert(timeout));
            if (!taking.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return new Idle();
            }
            try {
                var next = next(deadline);
                if (next instanceof Commit commit) {
                    position = commit.revision();
                }
                return next;
            } finally {
                taking.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                ended = true;
                moved.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private Next next(long deadline) throws InterruptedException {
            long last;
            lock.lock();
            try {
                while (!isOver() && !ofTheFuture && position == revision) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        return new Idle();
                    }
                    var _ = moved.awaitNanos(left);
                }
                if (isOver()) {
                    return new Closed();
                }
                if (ofTheFuture) {
                    return compacted();
                }
                if (position + 1 >= first()) {
                    ahead.clear();
                    return kept(position + 1);
                }
                last = revision;
            } finally {
                lock.unlock();
            }
            return fromThePast(last);
        }

        /** Reads without the lock of the tail, so that nobody waits for the disk but the reader of this feed. */
        private Next fromThePast(long last) {
            if (ahead.isEmpty()) {
                ahead.addAll(past.read(position, last));
            }
            var next = ahead.poll();
            return next == null ? gone() : next;
        }

        private Next gone() {
            lock.lock();
            try {
                return isOver() ? new Closed() : compacted();
            } finally {
                lock.unlock();
            }
        }

        private Next compacted() {
            return new Compacted(Math.min(first() - 1, past.oldest()));
        }

        private boolean isOver() {
            return closed || ended;
        }
    }
}

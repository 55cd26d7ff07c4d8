package org.dragonflow.feed;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;

/** When the latest commits came, and what they changed. */
final class Timeline {
    /** So many changes are remembered. */
    private static final int MOST = 100_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<Long, Moment> moments = new TreeMap<>();
    private int size;

    /** One commit, or several that were seen together. */
    record Moment(long revision, Instant at, Set<Id<?>> changed) {
        private int size() {
            return 1 + changed.size();
        }
    }

    void add(long revision, Instant at, List<Delta> deltas) {
        var moment =
                new Moment(revision, at, deltas.stream().map(Delta::id).collect(Collectors.<Id<?>>toUnmodifiableSet()));
        lock.lock();
        try {
            moments.put(revision, moment);
            size += moment.size();
            while (size > MOST && moments.size() > 1) {
                size -= moments.pollFirstEntry().getValue().size();
            }
        } finally {
            lock.unlock();
        }
    }

    /** That of a commit; empty if it is too old, or still to come. */
    Optional<Moment> of(long revision) {
        lock.lock();
        try {
            return Optional.ofNullable(moments.ceilingEntry(revision))
                    .map(Map.Entry::getValue)
                    .filter(found -> revision >= moments.firstKey());
        } finally {
            lock.unlock();
        }
    }
}

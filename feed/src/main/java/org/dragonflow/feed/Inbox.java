package org.dragonflow.feed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;
import org.dragonflow.model.Topology;

/** What changed in the store and has not been looked at for one chassis. To put something in never waits; too much becomes a gap. */
final class Inbox {
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long revision;
    private Topology topology;
    private List<List<Delta>> pending = new ArrayList<>();
    private int size;
    private boolean gap;
    private boolean nudged;

    /**
     * All that was in it.
     *
     * @param gap there was more than could be kept: the deltas are not there, and the topology is all there is
     * @param deltas at most one for each entity
     */
    record Content(long revision, Topology topology, boolean gap, Collection<Delta> deltas) {}

    Inbox(int limit, long revision, Topology topology) {
        this.limit = limit;
        this.revision = revision;
        this.topology = topology;
    }

    /** Returns whether there is a gap now. */
    boolean put(long revisionAfter, Topology after, List<Delta> deltas) {
        lock.lock();
        try {
            gap |= revisionAfter < revision || size + deltas.size() > limit;
            revision = revisionAfter;
            topology = after;
            if (gap) {
                pending = new ArrayList<>();
                size = 0;
            } else {
                pending.add(deltas);
                size += deltas.size();
            }
            changed.signalAll();
            return gap;
        } finally {
            lock.unlock();
        }
    }

    /** Somebody else has taken what was in it, of which the one who waits may want to know. */
    void nudge() {
        lock.lock();
        try {
            nudged = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something in it, or was, but no longer than this. */
    void await(Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.NANOSECONDS.convert(timeout);
            while (pending.isEmpty() && !gap && !nudged && left > 0) {
                left = changed.awaitNanos(left);
            }
            nudged = false;
        } finally {
            lock.unlock();
        }
    }

    Content takeAll() {
        List<List<Delta>> taken;
        Content rest;
        lock.lock();
        try {
            taken = pending;
            rest = new Content(revision, topology, gap, List.of());
            pending = new ArrayList<>();
            size = 0;
            gap = false;
        } finally {
            lock.unlock();
        }
        return rest.gap() ? rest : new Content(rest.revision(), rest.topology(), false, folded(taken));
    }

    private static Collection<Delta> folded(List<List<Delta>> batches) {
        if (batches.size() == 1) {
            return batches.getFirst();
        }
        var folded = new LinkedHashMap<Id<?>, Delta>();
        batches.forEach(batch -> batch.forEach(delta -> folded.merge(delta.id(), delta, Delta::then)));
        return folded.values().stream().filter(Delta::isChange).toList();
    }
}

package org.dragonflow.feed;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** How far a chassis is: which revisions its switch was confirmed to have, and when, and whether more of that can be expected of it. */
final class Progress {
    private static final int MOST = 256;

    /** One that was heard of this many heartbeats ago may be about to come back. */
    private static final int PATIENCE = 3;

    private final InstantSource clock;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<Long, Instant> confirmations = new TreeMap<>();
    private boolean isSeated;
    private Instant heard;

    /** @param began since when there is a feed that the chassis could be on */
    Progress(InstantSource clock, Duration heartbeat, Instant began) {
        this.clock = clock;
        this.patience = heartbeat.multipliedBy(PATIENCE);
        this.heard = began;
    }

    /** The chassis has come to the feed, or is there no more. */
    void seated(boolean isThere) {
        lock.lock();
        try {
            isSeated = isThere;
            if (isThere) {
                heard = clock.instant();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The chassis has said something. */
    void heard() {
        lock.lock();
        try {
            heard = clock.instant();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the chassis is on the feed, or was heard of a moment ago. */
    boolean isPresent() {
        lock.lock();
        try {
            return isSeated || clock.instant().isBefore(heard.plus(patience));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether nothing was heard of the chassis for this long.
     *
     * @param since when somebody has begun to listen
     */
    boolean isGoneFor(Duration time, Instant since) {
        lock.lock();
        try {
            var from = heard.isBefore(since) ? since : heard;
            return !clock.instant().isBefore(from.plus(time));
        } finally {
            lock.unlock();
        }
    }

    /** Returns the revision that was confirmed before. */
    long confirm(long revision) {
        lock.lock();
        try {
            long before = confirmed().orElse(0L);
            // A chassis that comes back has things to say of its ports before it has heard anything, at revision 0.
            if (revision > before) {
                confirmations.put(revision, clock.instant());
            }
            if (confirmations.size() > MOST) {
                confirmations.pollFirstEntry();
            }
            return before;
        } finally {
            lock.unlock();
        }
    }

    /** The last revision that was confirmed. */
    Optional<Long> confirmed() {
        lock.lock();
        try {
            return Optional.ofNullable(confirmations.lastEntry()).map(Map.Entry::getKey);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the revision was confirmed, or a later one. */
    boolean has(long revision) {
        return confirmed().filter(last -> last >= revision).isPresent();
    }

    /** When the revision was confirmed; empty if it was not, or so long ago that this is not known any more. */
    Optional<Instant> when(long revision) {
        lock.lock();
        try {
            return Optional.ofNullable(confirmations.ceilingEntry(revision))
                    .filter(found -> confirmations.size() < MOST || found.getKey() > confirmations.firstKey())
                    .map(Map.Entry::getValue);
        } finally {
            lock.unlock();
        }
    }
}

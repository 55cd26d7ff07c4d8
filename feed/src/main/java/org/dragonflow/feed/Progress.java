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

    /** One that was on the feed this many heartbeats ago may be about to come back. */
    private static final int PATIENCE = 3;

    private final InstantSource clock;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<Long, Instant> confirmations = new TreeMap<>();
    private boolean isSeated;
    private Instant left;

    /** @param began since when there is a feed that the chassis could be on */
    Progress(InstantSource clock, Duration heartbeat, Instant began) {
        this.clock = clock;
        this.patience = heartbeat.multipliedBy(PATIENCE);
        this.left = began;
    }

    /** The chassis has come to the feed, or left it. */
    void seated(boolean isThere) {
        lock.lock();
        try {
            if (isSeated && !isThere) {
                left = clock.instant();
            }
            isSeated = isThere;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the chassis is on the feed, or was a moment ago. */
    boolean isPresent() {
        lock.lock();
        try {
            return isSeated || clock.instant().isBefore(left.plus(patience));
        } finally {
            lock.unlock();
        }
    }

    /** Whether the chassis has not been on the feed for this long. */
    boolean isGoneFor(Duration time) {
        lock.lock();
        try {
            return !isSeated && !clock.instant().isBefore(left.plus(time));
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

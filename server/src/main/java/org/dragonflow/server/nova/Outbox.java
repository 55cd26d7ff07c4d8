package org.dragonflow.server.nova;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Events that Nova was not told of yet, in the order in which they came; a later one takes the place of an earlier one of the same matter. */
final class Outbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Map<NovaEvent.Matter, Letter> letters = new LinkedHashMap<>();

    /** The commit that what has been put in, and taken out, goes up to. */
    private long seen;

    /**
     * One event on its way.
     *
     * @param revision the commit that it follows from
     * @param since when it came
     * @param attempts how often Nova was told in vain
     * @param due when it is to be told
     */
    record Letter(NovaEvent event, long revision, Instant since, int attempts, Instant due) {
        Letter again(Instant at) {
            return new Letter(event, revision, since, attempts + 1, at);
        }
    }

    Outbox(long seen) {
        this.seen = seen;
    }

    void put(long revision, List<NovaEvent> events, Instant due, Instant now) {
        lock.lock();
        try {
            seen = revision;
            for (var event : events) {
                letters.remove(event.matter());
                letters.put(event.matter(), new Letter(event, revision, now, 0, due));
            }
            if (!events.isEmpty()) {
                more.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Unless something newer is there to be said. */
    void putBack(List<Letter> again) {
        lock.lock();
        try {
            again.forEach(letter -> letters.putIfAbsent(letter.event().matter(), letter));
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nova was told, by somebody, of all up to this commit. */
    void forgetUpTo(long revision) {
        lock.lock();
        try {
            letters.values().removeIf(letter -> letter.revision() <= revision);
        } finally {
            lock.unlock();
        }
    }

    /** The commit up to which nothing is left to be told. */
    long done() {
        lock.lock();
        try {
            return letters.values().stream()
                    .mapToLong(letter -> letter.revision() - 1)
                    .min()
                    .orElse(seen);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something to be told now, but no longer than this. */
    void await(Duration atMost, InstantSource clock) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.NANOSECONDS.convert(atMost);
            while (left > 0) {
                long untilDue = untilDue(clock.instant());
                if (untilDue <= 0) {
                    return;
                }
                long wait = Math.min(left, untilDue);
                left -= wait - Math.max(0, more.awaitNanos(wait));
            }
        } finally {
            lock.unlock();
        }
    }

    private long untilDue(Instant now) {
        return letters.values().stream()
                .mapToLong(letter -> Duration.between(now, letter.due()).toNanos())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** If there is something to be told now, takes out some of that, and of what is new. */
    List<Letter> take(int most, Instant now) {
        lock.lock();
        try {
            if (untilDue(now) > 0) {
                return List.of();
            }
            var taken = new ArrayList<Letter>();
            var all = letters.values().iterator();
            while (all.hasNext() && taken.size() < most) {
                var letter = all.next();
                if (letter.attempts() == 0 || !letter.due().isAfter(now)) {
                    taken.add(letter);
                    all.remove();
                }
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }
}

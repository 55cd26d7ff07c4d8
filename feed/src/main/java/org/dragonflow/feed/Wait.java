package org.dragonflow.feed;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;

/** Somebody waits until some chassis have confirmed a revision, or are gone. */
final class Wait {
    private final long revision;
    private final Set<Id<Chassis>> missing = ConcurrentHashMap.newKeySet();
    private final CountDownLatch over = new CountDownLatch(1);

    Wait(long revision, Collection<Id<Chassis>> missing) {
        this.revision = revision;
        this.missing.addAll(missing);
        forget(_ -> false);
    }

    void confirmed(Id<Chassis> chassis, long at) {
        if (at >= revision && missing.remove(chassis)) {
            forget(_ -> false);
        }
    }

    /** Does not wait for those any more. */
    void forget(Predicate<Id<Chassis>> which) {
        missing.removeIf(which);
        if (missing.isEmpty()) {
            over.countDown();
        }
    }

    /** Whether it came to its end in this time. */
    boolean await(Duration atMost) throws InterruptedException {
        return over.await(TimeUnit.NANOSECONDS.convert(atMost), TimeUnit.NANOSECONDS);
    }
}

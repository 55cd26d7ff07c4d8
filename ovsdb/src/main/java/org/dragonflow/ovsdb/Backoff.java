package org.dragonflow.ovsdb;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: doubling from {@code first} up to {@code cap}, half of it jitter. */
public record Backoff(Duration first, Duration cap) {
    private static final int MAX_DOUBLINGS = 20;

    public Backoff {
        if (!first.isPositive() || cap.compareTo(first) < 0) {
            throw new IllegalArgumentException("a backoff from %s to %s".formatted(first, cap));
        }
    }

    /** The wait before attempt number {@code attempt + 2}, i.e. 0 is the wait after the first failure. */
    public Duration delay(int attempt, RandomGenerator random) {
        var doubled = first.multipliedBy(1L << Math.clamp(attempt, 0, MAX_DOUBLINGS));
        long nanos = (doubled.compareTo(cap) < 0 ? doubled : cap).toNanos();
        return Duration.ofNanos(nanos / 2 + random.nextLong(nanos / 2 + 1));
    }
}

package org.dragonflow.store;

import java.time.Duration;
import java.time.Instant;

/**
 * How much of its past a store keeps for feeds: a commit goes when it exceeds either bound. The latest commit always
 * stays.
 *
 * @param commits how many are kept at most
 * @param age how much older than the latest they may be
 */
public record Retention(int commits, Duration age) {
    public static final Retention STANDARD = new Retention(10_000, Duration.ofDays(1));

    public Retention {
        if (commits < 1 || age.isNegative()) {
            throw new IllegalArgumentException(
                    "a log keeps at least one commit, for no negative time: %d commits, %s".formatted(commits, age));
        }
    }

    /** The time of the oldest commit that is kept when this is the time of the latest. */
    public Instant horizon(Instant latest) {
        return age.compareTo(Duration.between(Instant.EPOCH, latest)) > 0 ? Instant.EPOCH : latest.minus(age);
    }
}

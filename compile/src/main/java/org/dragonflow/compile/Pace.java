package org.dragonflow.compile;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How often something is told unasked.
 *
 * @param leastGap how long nobody is told twice
 * @param soon how long after a start everybody is told, and how soon it is repeated at the latest
 * @param timesSoon how often it is told before it is told at leisure
 * @param leisure how long it then takes until it is told again; if nothing, that is never
 */
public record Pace(Duration leastGap, Duration soon, int timesSoon, Optional<Pause> leisure) {
    /** Router advertisements (RFC 4861, sections 6.2.1 and 10): hosts forget what is not repeated. */
    public static final Pace ROUTER_ADVERTISEMENTS = new Pace(
            Duration.ofSeconds(3),
            Duration.ofSeconds(16),
            3,
            Optional.of(new Pause(Duration.ofSeconds(200), Duration.ofMinutes(10))));

    /** Where an address is now (as in RFC 5227, section 2.3): who has heard it asks for himself from then on. */
    public static final Pace ADDRESSES = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(3), 3, Optional.empty());

    /** Who has an address now: what was missed is found out before long. At first, the server may be yet to be reached. */
    public static final Pace QUESTIONS = new Pace(
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            5,
            Optional.of(new Pause(Duration.ofSeconds(10), Duration.ofSeconds(20))));

    /** Some time in between. */
    public record Pause(Duration least, Duration most) {
        Duration any(RandomGenerator random) {
            return Duration.ofMillis(random.nextLong(least.toMillis(), most.toMillis() + 1));
        }
    }

    Duration untilFirst(RandomGenerator random) {
        return new Pause(Duration.ZERO, soon).any(random);
    }

    Duration untilRepeated(RandomGenerator random) {
        return new Pause(leastGap, soon).any(random);
    }
}

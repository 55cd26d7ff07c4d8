package org.dragonflow.feed;

import java.time.Duration;

/**
 * How long a server waits for a chassis, and how much it keeps for it.
 *
 * @param heartbeat the server and the chassis each say something at least this often
 * @param stuck a stream whose chassis does not read for this long is ended
 * @param downAfter a chassis of which nothing was heard for this long is taken to be down
 * @param pending a chassis that is this many changes behind gets a snapshot instead
 * @param retained this many changes are kept after they were said, for a chassis that comes back
 */
public record FeedLimits(Duration heartbeat, Duration stuck, Duration downAfter, int pending, int retained) {
    public static final FeedLimits STANDARD =
            new FeedLimits(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofSeconds(10), 20_000, 5_000);

    /** So many heartbeats of a chassis may be late or lost before it is taken to be down. */
    private static final int BEATS = 4;

    /** The same with another time, and with a heartbeat that is as quick as that asks for. */
    public FeedLimits withDownAfter(Duration time) {
        var beat = time.dividedBy(BEATS);
        return new FeedLimits(beat.compareTo(heartbeat) < 0 ? beat : heartbeat, stuck, time, pending, retained);
    }

    /** How often is looked at who is stuck or gone. */
    Duration sweep() {
        var often = downAfter.dividedBy(10);
        return often.compareTo(heartbeat) < 0 ? often : heartbeat;
    }
}

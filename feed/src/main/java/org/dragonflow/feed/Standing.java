package org.dragonflow.feed;

import java.time.Duration;
import java.util.Optional;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;

/**
 * How far a chassis is with a change that concerns it.
 *
 * @param took from the commit until it was confirmed, or until now if it is not; empty if that is too long ago to know
 */
public record Standing(Id<Chassis> chassis, State state, Optional<Duration> took) {
    /** What can be said of the switch of a chassis. */
    public enum State {
        /** It has the flows, but for those that it refuses. */
        CONFIRMED,
        /** It has not said so yet. */
        PENDING,
        /** It has not said so, and nobody is there who could. */
        ABSENT
    }
}

package org.dragonflow.server.operator;

import java.util.Optional;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;

/** How far chassis are, as whoever talks to them knows. */
public interface ChassisProgress {
    /** Nothing is known of any. */
    ChassisProgress UNKNOWN = _ -> Optional.empty();

    /**
     * What is known of one chassis.
     *
     * @param connected whether it has a stream now
     * @param confirmed the revision that it said last to have in its switch; empty if it has said none to this server
     */
    record Standing(boolean connected, Optional<Long> confirmed) {}

    /** Empty if nothing is known of it. */
    Optional<Standing> of(Id<Chassis> chassis);
}

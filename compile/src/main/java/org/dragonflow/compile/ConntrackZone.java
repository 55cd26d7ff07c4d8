package org.dragonflow.compile;

import org.dragonflow.model.Doc;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;

@Doc("The conntrack zone that holds the connections of one owner on this chassis, and nobody else's.")
public record ConntrackZone(
        @Doc("Whose it is: what the app that wants it calls its owner.")
        Id<ConntrackZone> id,

        @Doc("Its number in the switch, 1 to 64999.") int number)
        implements Entity {
    /** Zone 0 is everybody's, as far as a switch is concerned. */
    public static final int FIRST = 1;

    /** From here on numbers are for apps that know theirs without asking. */
    public static final int FIRST_FIXED = 65_000;

    public ConntrackZone {
        if (number < FIRST || number >= FIRST_FIXED) {
            throw new IllegalArgumentException("no zone of %s may have number %d".formatted(id, number));
        }
    }
}

package org.dragonflow.feed;

import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;

/** The tokens that have been given out and not been used. */
public interface Tokens {
    /**
     * Takes the token out, so that it is not used twice.
     *
     * @throws Refused with the token still there, if it is not for this chassis; if it is too old, or there is none
     */
    void redeem(Id<Chassis> chassis, String digest) throws Refused, InterruptedException;
}

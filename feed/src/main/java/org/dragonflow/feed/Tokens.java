package org.dragonflow.feed;

import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;

/** The tokens that have been given out and not been used. */
public interface Tokens {
    /** Takes the token out, so that it is not used twice; says for which chassis it was. */
    Id<Chassis> redeem(String digest) throws Refused, InterruptedException;
}

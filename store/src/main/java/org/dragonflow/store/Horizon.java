package org.dragonflow.store;

import java.time.Instant;

/**
 * How far back the log of a store goes.
 *
 * @param revision the smallest after which it can be read
 * @param since from when on it is known which revision the store had
 */
public record Horizon(long revision, Instant since) {
    /** That of a log which nothing has been taken from. */
    static final Horizon NONE = new Horizon(0, Instant.EPOCH);
}

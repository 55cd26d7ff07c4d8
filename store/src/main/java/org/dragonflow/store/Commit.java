package org.dragonflow.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A transaction that took place, as a feed tells it.
 *
 * @param revision one more than that of the commit before
 * @param at when, in milliseconds, by the clock of the store; it may go back where that clock does
 * @param changes what it changed, one per key; none if all it did was to delete what was not there
 */
public record Commit(long revision, Instant at, List<Change> changes) implements Feed.Next {
    public Commit {
        at = at.truncatedTo(ChronoUnit.MILLIS);
        changes = List.copyOf(changes);
    }

    /** The bytes of all values before and after. */
    public long size() {
        return changes.stream()
                .mapToLong(change -> change.before().map(Bytes::size).orElse(0)
                        + change.after().map(Bytes::size).orElse(0))
                .sum();
    }
}

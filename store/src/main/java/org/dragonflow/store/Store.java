package org.dragonflow.store;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * Rows by key, changed by compare-and-set transactions over several keys, each of which is one revision in an ordered
 * log.
 *
 * <p>An engine is safe for use by any number of threads. Transactions are serializable, and a commit that has been
 * answered is seen by every {@link #revision}, {@link #snapshot} and {@link #feed} asked for later: who writes reads
 * their own writes.
 *
 * <p>The bounds below are those of every engine, so that what fits one fits all. Keys, writes and transactions beyond
 * them cannot be made: their constructors refuse with an {@link IllegalArgumentException}.
 *
 * <p>After {@link #close}, everything but {@code close} throws an {@link IllegalStateException}, and nothing takes
 * place.
 */
public interface Store extends AutoCloseable {
    /** In UTF-16 units, for the type and for the id of a key each. */
    int MAX_KEY_CHARS = 255;

    int MAX_VALUE_BYTES = 1 << 20;

    /** Per transaction. */
    int MAX_WRITES = 4096;

    /** Per transaction. */
    int MAX_EXPECTATIONS = 4096;

    /** That of the latest commit; 0 if there was none. */
    long revision();

    /**
     * All rows as they are now.
     *
     * @throws StoreException if the rows cannot be read
     */
    Snapshot snapshot();

    /**
     * Does all writes if all expectations hold.
     *
     * <p>A commit with writes makes one new revision, one more than the last, and all rows written get it. A
     * transaction without writes makes none: it is answered with a revision at which its expectations held.
     *
     * <p>A persistent engine answers {@link Committed.At} when the commit is durable, and not before. The call does not
     * end early when its thread is interrupted.
     *
     * @throws StoreException if the store fails. It is then <em>unknown</em> whether the transaction took place: now,
     *     not at all, or, if the store has to be opened anew, by then. A caller who must know looks at a snapshot.
     */
    Committed commit(Transaction transaction);

    /**
     * The commits after this revision. If the log does not go back that far, or the store has not come so far, the
     * feed's first answer is {@link Feed.Compacted}.
     */
    Feed feed(long after);

    /** How far back feeds can start. */
    Horizon horizon();

    /**
     * The revision that the store had at this time, by its own clock: that of the latest commit which is not later. Empty if the log does not
     * go back so far.
     */
    OptionalLong revisionAt(Instant time);

    /** Ends all feeds and gives back what the engine holds. Commits that are under way are answered first. */
    @Override
    void close();
}

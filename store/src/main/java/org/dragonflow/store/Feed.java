package org.dragonflow.store;

import java.time.Duration;

/**
 * The commits after a revision: each once, in order, without a gap.
 *
 * <p>A feed goes at the pace of its reader, and neither commits nor other feeds wait for it. It is safe for use by
 * several threads; each commit is then given to one of them.
 */
public interface Feed extends AutoCloseable {
    /**
     * The next commit, for which it waits as long as the timeout says.
     *
     * @throws StoreException if the log cannot be read; the feed stays where it is
     */
    Next take(Duration timeout) throws InterruptedException;

    /** Answers those that wait, and all who ask later, with {@link Closed}. */
    @Override
    void close();

    /** What a feed answers. */
    sealed interface Next permits Commit, Compacted, Idle, Closed {}

    /**
     * The log does not hold the commits that this feed would have to give next. It will not give any more: take a
     * {@link Store#snapshot snapshot} and open a feed from there.
     *
     * <p>A feed that was asked for from a revision that the store does not have yet gets the same answer, since that
     * revision was made in a past that is no longer the store's: it was put back from a backup.
     *
     * @param oldest the smallest revision after which a feed could start at the time of the answer
     */
    record Compacted(long oldest) implements Next {}

    /** No commit came within the timeout. */
    record Idle() implements Next {}

    /** The feed or its store has been closed. */
    record Closed() implements Next {}
}

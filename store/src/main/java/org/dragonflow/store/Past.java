package org.dragonflow.store;

import java.util.List;

/**
 * For engines: what can be read of the log that the {@link Tail} does not hold. It may be asked by any number of
 * threads.
 */
public interface Past {
    /** Nothing, for an engine whose log is its tail. */
    Past NONE = new Past() {
        @Override
        public List<Commit> read(long after, long last) {
            return List.of();
        }

        @Override
        public long oldest() {
            return Long.MAX_VALUE;
        }
    };

    /**
     * The commits {@code after + 1} to {@code last}, or a beginning of these that is fit to be held in memory; empty if
     * the log does not hold {@code after + 1}, or has been closed.
     *
     * @throws StoreException if the log cannot be read
     */
    List<Commit> read(long after, long last);

    /** The smallest revision after which the log can be read; answered without waiting for a disk or a network. */
    long oldest();
}

package org.dragonflow.store;

import org.dragonflow.model.Topology;

/** What can be told of a store at a revision. */
public sealed interface Recall {
    /** What it held. */
    record Moment(long revision, Topology topology) implements Recall {}

    /** It is too long ago. */
    record Gone(Horizon horizon) implements Recall {}

    /**
     * It is not yet.
     *
     * @param latest the revision that the store has
     */
    record NotYet(long latest) implements Recall {}
}

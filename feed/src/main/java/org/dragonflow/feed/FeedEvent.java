package org.dragonflow.feed;

import java.util.List;
import org.dragonflow.model.Entity;

/**
 * What a {@link FeedClient} tells, one after another: a connection, on it at most one snapshot and then changes, its end; and so on.
 *
 * <p>A connection that begins without a snapshot goes on where the last position was. Nothing is told twice, and nothing is left out.
 */
public sealed interface FeedEvent {
    /** The server has accepted the chassis. */
    record Connected() implements FeedEvent {}

    /** All that concerns the chassis; what is not in it is gone, or no longer concerns the chassis. */
    record Snapshot(Position position, List<Entity> entities) implements FeedEvent {
        public Snapshot {
            entities = List.copyOf(entities);
        }
    }

    /**
     * What changed since the position before, at most one change for each entity.
     *
     * @param changes none, if what changed in the store did not concern the chassis
     */
    record Changes(Position position, List<Change> changes) implements FeedEvent {
        public Changes {
            changes = List.copyOf(changes);
        }
    }

    /** There is no connection; another one will be tried. An attempt that fails is told as well. */
    record Disconnected(Reason reason, String detail) implements FeedEvent {}
}

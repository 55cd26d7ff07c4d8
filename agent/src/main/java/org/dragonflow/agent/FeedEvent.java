package org.dragonflow.agent;

import java.util.List;
import java.util.Optional;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;

/** What an agent hears of the northbound, in order. */
public sealed interface FeedEvent {
    /** The server has accepted the chassis. */
    record Connected() implements FeedEvent {}

    /** All that concerns the chassis. */
    record Snapshot(Position position, List<Entity> entities) implements FeedEvent {
        public Snapshot {
            entities = List.copyOf(entities);
        }
    }

    /** What changed since the position before, at most one change for each entity. */
    record Changes(Position position, List<Change> changes) implements FeedEvent {
        public Changes {
            changes = List.copyOf(changes);
        }
    }

    /** There is no connection. */
    record Disconnected(String detail) implements FeedEvent {}

    /** An entity as it is from now on; absent, if it is gone or no longer concerns the chassis. */
    record Change(Id<?> id, Optional<Entity> after) {}
}

package org.dragonflow.flow;

import java.util.List;

/**
 * A set of action lists that flows share.
 *
 * @param id 1 to 0xffffff00, from data, never from a counter
 * @param type whether all buckets are used, or one is chosen
 * @param buckets in order of their ids
 */
public record Group(long id, Type type, List<Bucket> buckets) implements Entry {
    /** Which buckets a packet goes to. */
    public enum Type {
        ALL,
        SELECT,
        INDIRECT
    }

    /**
     * One action list of a group.
     *
     * @param id unique within the group, 0 to 0xfffffeff
     * @param weight in a SELECT group, its share; else 0
     */
    public record Bucket(long id, int weight, List<Action> actions) {
        public Bucket {
            actions = List.copyOf(actions);
        }
    }

    public Group {
        buckets = List.copyOf(buckets);
    }

    /** What OpenFlow knows a group by. */
    public record Key(long id) implements Entry.Key {}

    @Override
    public Key key() {
        return new Key(id);
    }
}

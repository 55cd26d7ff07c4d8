package org.dragonflow.flow;

import java.util.List;

/**
 * One flow of a switch.
 *
 * @param table where it is looked up
 * @param priority 0 to 65535; of the flows of a table that match, the highest wins
 * @param match which packets
 * @param actions what is done to them, in order; none drops the packet
 * @param cookie who made it: see {@code Cookie} in module compile; 0 until the compiler has signed it
 */
public record Flow(Table table, int priority, Match match, List<Action> actions, long cookie) implements Entry {
    public static final int MISS = 0;
    public static final int FALLBACK = 1_000;
    public static final int NORMAL = 2_000;
    public static final int SPECIFIC = 3_000;
    public static final int OVERRIDE = 4_000;

    public Flow {
        if (priority < 0 || priority > 0xffff) {
            throw new IllegalArgumentException("%s: priority %d is not in 0..65535".formatted(table, priority));
        }
        actions = List.copyOf(actions);
    }

    public static Flow in(Table table, int priority, Match match, Action... actions) {
        return new Flow(table, priority, match, List.of(actions), 0);
    }

    public static Flow in(Table table, int priority, Match match, List<Action> actions) {
        return new Flow(table, priority, match, actions, 0);
    }

    /** Drops what matches; said by name, since an empty list of actions is easily overlooked. */
    public static Flow drop(Table table, int priority, Match match) {
        return new Flow(table, priority, match, List.of(), 0);
    }

    public Flow signed(long cookie) {
        return new Flow(table, priority, match, actions, cookie);
    }

    /** What OpenFlow knows a flow by. */
    public record Key(Table table, int priority, Match match) implements Entry.Key {
        // Flows are looked up by this more often than by anything else.
        @Override
        public int hashCode() {
            return (table.hashCode() + priority) * 0x9e37_79b9 ^ match.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && priority == key.priority
                    && match.equals(key.match)
                    && table.equals(key.table);
        }

        @Override
        public String toString() {
            return "table=%s,priority=%d%s%s".formatted(table, priority, match.equals(Match.ANY) ? "" : ",", match);
        }
    }

    @Override
    public Key key() {
        return new Key(table, priority, match);
    }
}

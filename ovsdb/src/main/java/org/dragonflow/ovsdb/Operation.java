package org.dragonflow.ovsdb;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One step of a transaction (RFC 7047 section 5.2). */
public sealed interface Operation {

    /** A new row; {@code name} lets other operations of the transaction refer to it by {@link Value.NamedRef}. */
    record Insert(String table, Map<String, Value> row, Optional<String> name) implements Operation {
        public Insert {
            row = Map.copyOf(row);
        }

        public Insert(String table, Map<String, Value> row) {
            this(table, row, Optional.empty());
        }

        public Insert(String table, String name, Map<String, Value> row) {
            this(table, row, Optional.of(name));
        }
    }

    /** Sets columns of all rows that meet the conditions. */
    record Update(String table, List<Condition> where, Map<String, Value> row) implements Operation {
        public Update {
            where = List.copyOf(where);
            row = Map.copyOf(row);
        }
    }

    /** Changes columns of all rows that meet the conditions, from what they hold. */
    record Mutate(String table, List<Condition> where, List<Mutation> mutations) implements Operation {
        public Mutate {
            where = List.copyOf(where);
            mutations = List.copyOf(mutations);
        }
    }

    /** Removes all rows that meet the conditions. */
    record Delete(String table, List<Condition> where) implements Operation {
        public Delete {
            where = List.copyOf(where);
        }
    }

    /** Reads the named columns, or all if none is named. */
    record Select(String table, List<Condition> where, Set<String> columns) implements Operation {
        public Select {
            where = List.copyOf(where);
            columns = Set.copyOf(columns);
        }
    }

    /** Lets the transaction go on when the chosen rows, cut to these columns, are ({@code until}) or are not the given. */
    record Wait(
            String table,
            List<Condition> where,
            Set<String> columns,
            Until until,
            List<Map<String, Value>> rows,
            Duration timeout)
            implements Operation {
        public Wait {
            where = List.copyOf(where);
            columns = Set.copyOf(columns);
            rows = rows.stream().map(Map::copyOf).toList();
        }
    }

    /** For the server's log, if the transaction is committed. */
    record Comment(String text) implements Operation {}

    /** What a {@link Wait} waits for. */
    enum Until {
        EQUAL,
        NOT_EQUAL
    }
}

package org.dragonflow.ovsdb;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What became of a transaction: all of it was done, or none. */
public sealed interface Outcome {

    /** All was done; there is one result per operation, in order. */
    record Committed(List<Result> results) implements Outcome {
        public Committed {
            results = List.copyOf(results);
        }
    }

    /**
     * Nothing was done.
     *
     * @param index the place of the operation that failed; the number of operations if it was the commit
     * @param operation the operation that failed, empty if each passed and the commit as a whole did not
     * @param error the server's word for it (RFC 7047 section 3.1), such as {@code constraint violation}
     * @param details the server's sentence, possibly empty
     */
    record Refused(int index, Optional<Operation> operation, String error, String details) implements Outcome {}

    /** What one operation gave. */
    sealed interface Result {
        /** The name of the row that was made. */
        record Inserted(UUID uuid) implements Result {}

        /** How many rows an update, a mutation or a deletion met. */
        record Counted(long rows) implements Result {}

        /** The rows that met the conditions. */
        record Selected(List<Row> rows) implements Result {
            public Selected {
                rows = List.copyOf(rows);
            }
        }

        /** A wait or a comment, which give nothing. */
        record Done() implements Result {}
    }
}

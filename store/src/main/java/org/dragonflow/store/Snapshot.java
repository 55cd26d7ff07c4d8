package org.dragonflow.store;

import java.util.Map;
import java.util.Optional;

/**
 * All rows as they were at a revision. It does not change, and a {@link Store#feed feed} from its revision goes on
 * where it ends.
 *
 * @param rows by key; unmodifiable
 */
public record Snapshot(long revision, Map<Key, Row> rows) {
    public Optional<Row> row(Key key) {
        return Optional.ofNullable(rows.get(key));
    }
}

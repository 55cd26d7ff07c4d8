package org.dragonflow.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.dragonflow.store.Bytes;
import org.dragonflow.store.Change;
import org.dragonflow.store.Commit;
import org.dragonflow.store.Key;
import org.dragonflow.store.Retention;
import org.dragonflow.store.Row;

/**
 * The writer's connection, and its statements, prepared once. It is for one thread, and not for use after a failure:
 * the driver then closes statements.
 */
final class Tables implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;
    private final PreparedStatement latestRevision;
    private final PreparedStatement find;
    private final PreparedStatement put;
    private final PreparedStatement delete;
    private final PreparedStatement logCommit;
    private final PreparedStatement logChange;
    private final PreparedStatement firstSince;
    private final PreparedStatement pruneChanges;
    private final PreparedStatement pruneCommits;

    Tables(Connection connection) throws SQLException {
        this.connection = connection;
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        commit = connection.prepareStatement("COMMIT");
        rollback = connection.prepareStatement("ROLLBACK");
        latestRevision = connection.prepareStatement("SELECT ifnull(max(revision), 0) FROM commits");
        find = connection.prepareStatement("SELECT revision, value FROM rows WHERE type = ? AND id = ?");
        put = connection.prepareStatement("INSERT INTO rows (type, id, revision, value) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT DO UPDATE SET revision = excluded.revision, value = excluded.value");
        delete = connection.prepareStatement("DELETE FROM rows WHERE type = ? AND id = ?");
        logCommit = connection.prepareStatement("INSERT INTO commits (revision, at) VALUES (?, ?)");
        logChange = connection.prepareStatement(
                "INSERT INTO change_log (revision, type, id, before, after) VALUES (?, ?, ?, ?, ?)");
        firstSince =
                connection.prepareStatement("SELECT revision FROM commits WHERE at >= ? ORDER BY revision LIMIT 1");
        pruneChanges = connection.prepareStatement("DELETE FROM change_log WHERE revision < ?");
        pruneCommits = connection.prepareStatement("DELETE FROM commits WHERE revision < ?");
    }

    /** Takes the lock for writing at once, rather than at the first write. */
    void begin() throws SQLException {
        begin.execute();
    }

    void commit() throws SQLException {
        commit.execute();
    }

    void rollback() throws SQLException {
        rollback.execute();
    }

    long latestRevision() throws SQLException {
        try (var rows = latestRevision.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Undoes what was under way. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }

    Map<Key, Row> find(Collection<Key> keys) throws SQLException {
        var found = HashMap.<Key, Row>newHashMap(keys.size());
        for (var key : keys) {
            find.setString(1, key.type());
            find.setString(2, key.id());
            try (var rows = find.executeQuery()) {
                if (rows.next()) {
                    found.put(key, new Row(key, rows.getLong(1), Bytes.of(rows.getBytes(2))));
                }
            }
        }
        return found;
    }

    /** Changes the rows, and logs that; in batches, since the driver adds to each execution what costs as much again. */
    void apply(Commit made) throws SQLException {
        logCommit.setLong(1, made.revision());
        logCommit.setLong(2, made.at().toEpochMilli());
        logCommit.executeUpdate();
        for (var change : made.changes()) {
            if (change.after().isPresent()) {
                put(change.key(), made.revision(), change.after().get());
            } else {
                delete(change.key());
            }
            log(made.revision(), change);
        }
        put.executeBatch();
        delete.executeBatch();
        logChange.executeBatch();
    }

    /**
     * Deletes what the log need not keep.
     *
     * @param last the latest commit
     * @return the smallest revision after which the log can be read
     */
    long prune(Commit last, Retention retention) throws SQLException {
        long first = Math.max(last.revision() - retention.commits() + 1, firstSince(retention.horizon(last.at())));
        pruneChanges.setLong(1, first);
        pruneChanges.executeUpdate();
        pruneCommits.setLong(1, first);
        pruneCommits.executeUpdate();
        return first - 1;
    }

    private void put(Key key, long revision, Bytes value) throws SQLException {
        put.setString(1, key.type());
        put.setString(2, key.id());
        put.setLong(3, revision);
        put.setBytes(4, value.toArray());
        put.addBatch();
    }

    private void delete(Key key) throws SQLException {
        delete.setString(1, key.type());
        delete.setString(2, key.id());
        delete.addBatch();
    }

    private void log(long revision, Change change) throws SQLException {
        logChange.setLong(1, revision);
        logChange.setString(2, change.key().type());
        logChange.setString(3, change.key().id());
        logChange.setBytes(4, change.before().map(Bytes::toArray).orElse(null));
        logChange.setBytes(5, change.after().map(Bytes::toArray).orElse(null));
        logChange.addBatch();
    }

    private long firstSince(Instant horizon) throws SQLException {
        firstSince.setLong(1, horizon.toEpochMilli());
        try (var rows = firstSince.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }
}

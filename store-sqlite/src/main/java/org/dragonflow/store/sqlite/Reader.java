package org.dragonflow.store.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dragonflow.store.Bytes;
import org.dragonflow.store.Change;
import org.dragonflow.store.Commit;
import org.dragonflow.store.Horizon;
import org.dragonflow.store.Key;
import org.dragonflow.store.Past;
import org.dragonflow.store.Row;
import org.dragonflow.store.Snapshot;
import org.dragonflow.store.StoreException;
import org.dragonflow.store.Tail;

/** Reads rows and log over a connection of its own, so that the writer waits for no reader. */
final class Reader implements Past, AutoCloseable {
    private static final int MAX_COMMITS = 64;
    private static final long MAX_BYTES = 4 << 20;

    private static final String OLDEST = "SELECT ifnull(min(revision) - 1, 0) FROM commits";
    private static final String LATEST = "SELECT ifnull(max(revision), 0) FROM commits";
    private static final String HORIZON = "SELECT revision - 1, at FROM commits ORDER BY revision LIMIT 1";
    private static final String REVISION_AT =
            "SELECT revision FROM commits WHERE at <= ? ORDER BY revision DESC LIMIT 1";
    private static final String ROWS = "SELECT type, id, revision, value FROM rows";
    private static final String LOG = """
            SELECT revision, at, type, id, before, after FROM commits LEFT JOIN change_log USING (revision)
            WHERE revision > ? AND revision <= ? ORDER BY revision, change_log.rowid""";

    private final Database database;
    private final Connection connection;
    private volatile long oldest;
    private boolean closed;

    Reader(Database database) throws SQLException {
        this.database = database;
        this.connection = database.connect();
        this.oldest = number(OLDEST);
    }

    synchronized long latestRevision() throws SQLException {
        return number(LATEST);
    }

    synchronized Snapshot snapshot(Tail tail) {
        if (closed) {
            throw database.closed();
        }
        try {
            long revision = begin(tail);
            try {
                return new Snapshot(revision, rows());
            } finally {
                Database.execute(connection, "ROLLBACK");
            }
        } catch (SQLException e) {
            throw database.failure("cannot be read", e);
        }
    }

    @Override
    public synchronized List<Commit> read(long after, long last) {
        if (closed) {
            return List.of();
        }
        try (var log = connection.prepareStatement(LOG)) {
            log.setLong(1, after);
            log.setLong(2, Math.min(last, after + MAX_COMMITS));
            try (var found = log.executeQuery()) {
                return commits(after, found);
            }
        } catch (SQLException e) {
            throw database.failure("cannot be read", e);
        }
    }

    @Override
    public long oldest() {
        return oldest;
    }

    synchronized Horizon horizon() {
        if (closed) {
            throw database.closed();
        }
        try (var statement = connection.createStatement();
                var found = statement.executeQuery(HORIZON)) {
            return found.next()
                    ? new Horizon(
                            found.getLong(1),
                            found.getLong(1) == 0 ? Instant.EPOCH : Instant.ofEpochMilli(found.getLong(2)))
                    : new Horizon(0, Instant.EPOCH);
        } catch (SQLException e) {
            throw database.failure("cannot be read", e);
        }
    }

    synchronized OptionalLong revisionAt(Instant time) {
        if (closed) {
            throw database.closed();
        }
        try (var statement = connection.prepareStatement(REVISION_AT)) {
            statement.setLong(1, time.toEpochMilli());
            try (var found = statement.executeQuery()) {
                if (found.next()) {
                    return OptionalLong.of(found.getLong(1));
                }
            }
            return oldest == 0 ? OptionalLong.of(0) : OptionalLong.empty();
        } catch (SQLException e) {
            throw database.failure("cannot be read", e);
        }
    }

    void setOldest(long revision) {
        oldest = revision;
    }

    @Override
    public synchronized void close() throws SQLException {
        closed = true;
        connection.close();
    }

    /** Fixes what is read until the end; the {@link Writer} holds the tail while it makes a commit seen. */
    private long begin(Tail tail) throws SQLException {
        synchronized (tail) {
            Database.execute(connection, "BEGIN");
            long revision = number(LATEST);
            if (revision != tail.revision()) {
                Database.execute(connection, "ROLLBACK");
                throw new StoreException(
                        "%s is at revision %d, and not at %d: a commit has failed and is not settled yet"
                                .formatted(database, revision, tail.revision()));
            }
            return revision;
        }
    }

    private long number(String query) throws SQLException {
        return Long.parseLong(Database.text(connection, query));
    }

    private Map<Key, Row> rows() throws SQLException {
        var map = new HashMap<Key, Row>();
        try (var statement = connection.createStatement();
                var found = statement.executeQuery(ROWS)) {
            while (found.next()) {
                var key = new Key(found.getString(1), found.getString(2));
                map.put(key, new Row(key, found.getLong(3), Bytes.of(found.getBytes(4))));
            }
        }
        return Collections.unmodifiableMap(map);
    }

    /** Whole commits, for as long as they follow upon each other and fit. */
    private static List<Commit> commits(long after, ResultSet found) throws SQLException {
        var commits = new ArrayList<Commit>();
        long bytes = 0;
        boolean more = found.next();
        while (more && bytes < MAX_BYTES && found.getLong(1) == after + commits.size() + 1) {
            long revision = found.getLong(1);
            var at = Instant.ofEpochMilli(found.getLong(2));
            var changes = new ArrayList<Change>();
            for (; more && found.getLong(1) == revision; more = found.next()) {
                change(found).ifPresent(changes::add);
            }
            var commit = new Commit(revision, at, changes);
            bytes += commit.size();
            commits.add(commit);
        }
        return commits;
    }

    /** None for a commit that changed nothing. */
    private static Optional<Change> change(ResultSet found) throws SQLException {
        var type = found.getString(3);
        if (type == null) {
            return Optional.empty();
        }
        return Optional.of(new Change(new Key(type, found.getString(4)), bytes(found, 5), bytes(found, 6)));
    }

    private static Optional<Bytes> bytes(ResultSet found, int column) throws SQLException {
        return Optional.ofNullable(found.getBytes(column)).map(Bytes::of);
    }
}

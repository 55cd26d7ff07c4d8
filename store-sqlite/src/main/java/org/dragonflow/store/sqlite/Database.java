package org.dragonflow.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.dragonflow.store.StoreException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The file, sound and held against other processes, with one connection to write it and one to read it. */
final class Database implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");

    /** How long to wait for a process that looks into the file with a tool. */
    private static final int PATIENCE_MILLIS = 1000;

    private final Path file;
    private final Deque<Connection> connections = new ArrayDeque<>();

    private Database(Path file) {
        this.file = file;
    }

    static Database open(Path path) {
        var database = new Database(path.toAbsolutePath().normalize());
        try {
            database.hold();
            database.makeSound();
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /**
     * A further connection, which is closed with the database.
     *
     * <p>WAL lets readers and the writer go on side by side; FULL syncs the log at every commit.
     */
    Connection connect() throws SQLException {
        var connection = connect(file, PATIENCE_MILLIS);
        execute(connection, "PRAGMA journal_mode = WAL");
        execute(connection, "PRAGMA synchronous = FULL");
        execute(connection, "PRAGMA journal_size_limit = 67108864");
        return connection;
    }

    StoreException failure(String what, Throwable cause) {
        return new StoreException(
                switch (codeOf(cause)) {
                    case SQLITE_NOTADB, SQLITE_CORRUPT ->
                        ("%s is damaged (%s): keep a copy of it, then put back a backup, or save what can be read with"
                                        + " `sqlite3 %s .recover | sqlite3 NEW`")
                                .formatted(file, cause.getMessage(), file);
                    case SQLITE_FULL -> "%s %s, for want of space: make some on its disk".formatted(file, what);
                    case SQLITE_BUSY ->
                        "%s %s, because another program has locked it: end that program (`fuser %s` names it)"
                                .formatted(file, what, file);
                    default -> "%s %s: %s".formatted(file, what, cause.getMessage());
                },
                cause);
    }

    IllegalStateException closed() {
        return new IllegalStateException("the store %s is closed".formatted(file));
    }

    @Override
    public void close() {
        while (!connections.isEmpty()) {
            try {
                connections.pop().close();
            } catch (SQLException e) {
                throw failure("cannot be closed", e);
            }
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /**
     * Holds a lock for as long as this process lives. It is SQLite's, on a file of its own, since that is released by the death of the
     * process, is also proof against a second opening in this process, and leaves the store itself to be read with tools.
     */
    private void hold() {
        var beside = Path.of(file + ".lock");
        makePrivate(beside);
        try {
            execute(connect(beside, 0), "BEGIN EXCLUSIVE");
        } catch (SQLException e) {
            if (codeOf(e) != SQLiteErrorCode.SQLITE_BUSY) {
                throw new StoreException("%s cannot be locked: %s".formatted(beside, e.getMessage()), e);
            }
            throw new StoreException(
                    "%s is open already: end the process that has it (`fuser %s` names it), or use another file"
                            .formatted(file, beside),
                    e);
        }
    }

    private void makeSound() {
        makePrivate(file);
        try {
            var connection = connect(file, PATIENCE_MILLIS);
            Schema.establish(connection, file);
            var complaint = text(connection, "PRAGMA quick_check(1)");
            if (!complaint.equals("ok")) {
                throw failure("cannot be read", new SQLiteException(complaint, SQLiteErrorCode.SQLITE_CORRUPT));
            }
        } catch (SQLException e) {
            throw failure("cannot be opened", e);
        }
    }

    private void makePrivate(Path path) {
        try {
            if (!Files.exists(path)) {
                Files.createFile(path, PosixFilePermissions.asFileAttribute(OWNER_ALONE));
            }
            Files.setPosixFilePermissions(path, OWNER_ALONE);
        } catch (IOException e) {
            throw new StoreException(
                    "%s cannot be made: see that its directory exists and is writable (%s)".formatted(path, e), e);
        }
    }

    private Connection connect(Path to, int patienceMillis) throws SQLException {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + to);
        connections.push(connection);
        execute(connection, "PRAGMA busy_timeout = " + patienceMillis);
        return connection;
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String text(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** The primary code, without what SQLite adds to it. */
    private static SQLiteErrorCode codeOf(Throwable cause) {
        return cause instanceof SQLiteException e
                ? SQLiteErrorCode.getErrorCode(e.getResultCode().code & 0xff)
                : SQLiteErrorCode.UNKNOWN_ERROR;
    }
}

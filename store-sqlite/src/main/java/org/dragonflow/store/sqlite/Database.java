package org.dragonflow.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.dragonflow.store.StoreException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The file, sound, and held against other processes. */
final class Database implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");

    /** How long to wait for a process that looks into the file with a tool. */
    private static final int PATIENCE_MILLIS = 1000;

    private final Path file;
    private final Connection lock;

    private Database(Path file) {
        this.file = file;
        this.lock = hold();
    }

    static Database open(Path path) {
        var database = new Database(path.toAbsolutePath().normalize());
        try {
            database.makeSound();
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /**
     * A new connection, which is the caller's.
     *
     * <p>WAL lets readers and the writer go on side by side; FULL syncs the log at every commit.
     */
    Connection connect() throws SQLException {
        var connection = connect(file, PATIENCE_MILLIS);
        try {
            execute(connection, "PRAGMA journal_mode = WAL");
            execute(connection, "PRAGMA synchronous = FULL");
            execute(connection, "PRAGMA journal_size_limit = 67108864");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
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

    /** Lets other processes have the file. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (SQLException e) {
            throw failure("cannot be closed", e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /**
     * Takes a lock that lasts as long as its connection. It is SQLite's, on a file of its own: the death of the process
     * releases it, a second opening in this process does not break it, and tools can read the store meanwhile.
     */
    private Connection hold() {
        var beside = Path.of(file + ".lock");
        makePrivate(beside);
        try {
            var connection = connect(beside, 0);
            try {
                execute(connection, "PRAGMA journal_mode = MEMORY");
                execute(connection, "BEGIN EXCLUSIVE");
                return connection;
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new StoreException(
                    codeOf(e) == SQLiteErrorCode.SQLITE_BUSY
                            ? "%s is open already: end the process that has it (`fuser %s` names it), or use another file"
                                    .formatted(file, beside)
                            : "%s cannot be locked: %s".formatted(beside, e.getMessage()),
                    e);
        }
    }

    private void makeSound() {
        makePrivate(file);
        try (var connection = connect(file, PATIENCE_MILLIS)) {
            Schema.establish(connection, file);
            var complaint = text(connection, "PRAGMA quick_check(1)");
            if (!complaint.equals("ok")) {
                throw new SQLiteException(complaint, SQLiteErrorCode.SQLITE_CORRUPT);
            }
        } catch (SQLException e) {
            throw failure("cannot be opened", e);
        }
    }

    private static void makePrivate(Path path) {
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

    private static Connection connect(Path to, int patienceMillis) throws SQLException {
        var config = new SQLiteConfig();
        // The driver would ask for the rowid after every insert.
        config.setGetGeneratedKeys(false);
        var connection = config.createConnection("jdbc:sqlite:" + to);
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

package org.dragonflow.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.dragonflow.store.StoreException;

/** The tables of the file, and the numbers by which it is known. */
final class Schema {
    private static final int VERSION = 1;

    /** "DFnb" in ASCII; tells the file from the databases of other programs. */
    private static final int APPLICATION = 0x44466e62;

    /**
     * Revisions begin at 1; the latest commit is never pruned, so that its revision is that of the store. The changes
     * of a commit are in the order of their rowids.
     */
    private static final List<String> TABLES = List.of(
            """
            CREATE TABLE rows (
              type TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, value BLOB NOT NULL,
              PRIMARY KEY (type, id)) STRICT""",
            "CREATE TABLE commits (revision INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT",
            """
            CREATE TABLE change_log (
              revision INTEGER NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, before BLOB, after BLOB) STRICT""",
            "CREATE INDEX change_log_by_revision ON change_log (revision)",
            "PRAGMA application_id = " + APPLICATION,
            "PRAGMA user_version = " + VERSION);

    private Schema() {}

    /** Makes the tables if the file is empty; refuses it if it is not one of ours, or from the future. */
    static void establish(Connection connection, Path file) throws SQLException {
        if (number(connection, "SELECT count(*) FROM sqlite_schema") == 0) {
            create(connection);
        }
        if (number(connection, "PRAGMA application_id") != APPLICATION) {
            throw new StoreException(
                    "%s is a database of another program: name another file for the store".formatted(file));
        }
        int version = number(connection, "PRAGMA user_version");
        if (version > VERSION) {
            throw new StoreException(
                    ("%s was written by a newer Dragonflow (its schema is %d, and this one knows %d): install that version"
                                    + " again, or put back a backup from before")
                            .formatted(file, version, VERSION));
        }
    }

    private static void create(Connection connection) throws SQLException {
        Database.execute(connection, "BEGIN IMMEDIATE");
        for (var statement : TABLES) {
            Database.execute(connection, statement);
        }
        Database.execute(connection, "COMMIT");
    }

    private static int number(Connection connection, String query) throws SQLException {
        return Integer.parseInt(Database.text(connection, query));
    }
}

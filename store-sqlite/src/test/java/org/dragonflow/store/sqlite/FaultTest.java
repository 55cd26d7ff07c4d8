package org.dragonflow.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.dragonflow.store.Bytes;
import org.dragonflow.store.Commit;
import org.dragonflow.store.Committed;
import org.dragonflow.store.Key;
import org.dragonflow.store.Retention;
import org.dragonflow.store.StoreException;
import org.dragonflow.store.Transaction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultTest {
    private static final Transaction PUT = Transaction.EMPTY.put(new Key("port", "alice"), Bytes.utf8("1"));

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("store.db");
    }

    private SqliteStore open() {
        return SqliteStore.open(file, InstantSource.system(), Retention.STANDARD);
    }

    private ThrowableAssertAlternative<StoreException> assertRefused() {
        return assertThatExceptionOfType(StoreException.class).isThrownBy(() -> open().close());
    }

    private Connection tool() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private void run(String sql) throws SQLException {
        try (var tool = tool()) {
            Database.execute(tool, sql);
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedWithItsNameAndTheMend() throws Exception {
        Files.writeString(file, "These are not the rows you are looking for.\n".repeat(100));
        assertRefused().withMessageContainingAll(file.toString(), "damaged", "backup", ".recover");
    }

    @Test
    void aFileWithADamagedPageIsRefusedWithItsNameAndTheMend() throws Exception {
        try (var store = open()) {
            for (int i = 0; i < 100; i++) {
                store.commit(Transaction.EMPTY.put(new Key("port", "p" + i), Bytes.utf8("x".repeat(500))));
            }
        }
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            for (long at = 4096; at < bytes.length(); at += 4096) {
                bytes.seek(at);
                bytes.write(new byte[64]);
            }
        }
        assertRefused().withMessageContainingAll(file.toString(), "damaged", "backup", ".recover");
    }

    @Test
    void aFileOfANewerVersionIsRefusedAndLeftAsItIs() throws Exception {
        open().close();
        run("PRAGMA user_version = 2");
        var content = Files.readAllBytes(file);
        assertRefused().withMessageContainingAll(file.toString(), "schema is 2", "knows 1", "install that version");
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }

    @Test
    void aDatabaseOfAnotherProgramIsRefusedAndLeftAsItIs() throws Exception {
        run("CREATE TABLE bookmarks (url TEXT)");
        var content = Files.readAllBytes(file);
        assertRefused().withMessageContainingAll(file.toString(), "another program");
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }

    @Test
    void aDirectoryThatDoesNotExistIsNamed() {
        file = directory.resolve("missing/store.db");
        assertRefused().withMessageContainingAll(file.toString(), "directory exists");
    }

    @Test
    void aStoreIsOpenOnce() throws Exception {
        try (var _ = open()) {
            assertRefused().withMessageContainingAll(file.toString(), "open already", "fuser");
            var other = Child.start(directory, Child.Task.OPEN, file);
            assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("open already");
            assertThat(other.waitFor()).isNotZero();
        }
        open().close();
    }

    @Test
    void aCommitThatFailsSaysSoAndTheNextGoesOn() throws Exception {
        try (var store = open();
                var feed = store.feed(0);
                var tool = tool()) {
            store.commit(PUT);
            Database.execute(tool, "BEGIN IMMEDIATE");
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.commit(PUT))
                    .withMessageContainingAll(file.toString(), "unknown", "locked it");
            assertThat(store.snapshot().revision()).isEqualTo(1);
            Database.execute(tool, "ROLLBACK");
            assertThat(store.commit(PUT)).isEqualTo(new Committed.At(2));
            assertThat(((Commit) feed.take(Duration.ZERO)).revision()).isEqualTo(1);
            assertThat(((Commit) feed.take(Duration.ZERO)).revision()).isEqualTo(2);
        }
    }

    @Test
    void aCommitThatFailsHalfWayLeavesNothingBehind() throws Exception {
        try (var store = open();
                var tool = tool()) {
            store.commit(PUT);
            Database.execute(tool, "ALTER TABLE change_log RENAME TO elsewhere");
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.commit(PUT));
            Database.execute(tool, "ALTER TABLE elsewhere RENAME TO change_log");
            assertThat(store.revision()).isEqualTo(1);
            assertThat(store.snapshot().rows().values()).allMatch(row -> row.revision() == 1);
            assertThat(store.commit(PUT)).isEqualTo(new Committed.At(2));
        }
    }
}

package org.dragonflow.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.dragonflow.store.Bytes;
import org.dragonflow.store.Commit;
import org.dragonflow.store.Key;
import org.dragonflow.store.Retention;
import org.dragonflow.store.Store;
import org.dragonflow.store.Transaction;
import org.dragonflow.store.tck.PersistentContract;
import org.dragonflow.store.tck.StoreContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest implements StoreContract, PersistentContract {
    @TempDir
    private Path directory;

    @Override
    public Store open(InstantSource clock, Retention retention) {
        return SqliteStore.open(directory.resolve("store.db"), clock, retention);
    }

    @Test
    void allFilesAreForTheirOwnerAlone() throws Exception {
        try (var store = open();
                var files = Files.newDirectoryStream(directory)) {
            store.commit(Transaction.EMPTY.put(new Key("port", "alice"), Bytes.utf8("1")));
            assertThat(files)
                    .extracting(file -> file.getFileName() + " " + PosixFilePermissions.toString(permissions(file)))
                    .containsExactlyInAnyOrder(
                            "store.db rw-------",
                            "store.db-wal rw-------",
                            "store.db-shm rw-------",
                            "store.db.lock rw-------");
        }
    }

    @Test
    void aFileThatOthersCouldReadIsTakenFromThem() throws Exception {
        open().close();
        var file = directory.resolve("store.db");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        try (var _ = open()) {
            assertThat(PosixFilePermissions.toString(permissions(file))).isEqualTo("rw-------");
        }
    }

    @Test
    void aReaderWhoIsFurtherBehindThanMemoryGoesReadsTheFile() throws InterruptedException {
        try (var store = open();
                var feed = store.feed(0)) {
            var value = Bytes.of(new byte[Store.MAX_VALUE_BYTES]);
            for (int i = 0; i < 40; i++) {
                store.commit(Transaction.EMPTY.put(new Key("port", "p" + i), value));
            }
            for (int i = 1; i <= 40; i++) {
                assertThat(feed.take(Duration.ZERO))
                        .isInstanceOfSatisfying(
                                Commit.class,
                                commit -> assertThat(commit.changes().getFirst().after())
                                        .contains(value));
            }
        }
    }

    private static Set<PosixFilePermission> permissions(Path file) {
        try {
            return Files.getPosixFilePermissions(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

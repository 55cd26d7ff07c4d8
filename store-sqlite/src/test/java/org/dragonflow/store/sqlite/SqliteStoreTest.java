package org.dragonflow.store.sqlite;

import java.nio.file.Path;
import java.time.InstantSource;
import org.dragonflow.store.Retention;
import org.dragonflow.store.Store;
import org.dragonflow.store.tck.StoreContract;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest implements StoreContract {
    @TempDir
    private Path directory;

    @Override
    public Store open(InstantSource clock, Retention retention) {
        return SqliteStore.open(directory.resolve("store.db"), clock, retention);
    }
}

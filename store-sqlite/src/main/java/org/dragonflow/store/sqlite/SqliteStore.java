package org.dragonflow.store.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dragonflow.store.Committed;
import org.dragonflow.store.Feed;
import org.dragonflow.store.Horizon;
import org.dragonflow.store.Retention;
import org.dragonflow.store.Snapshot;
import org.dragonflow.store.Store;
import org.dragonflow.store.StoreException;
import org.dragonflow.store.Tail;
import org.dragonflow.store.Transaction;

/**
 * A store in one SQLite file: a commit that is answered has been synced to the disk.
 *
 * <p>Commits that wait at the same time share one sync, and yet each is judged on its own. One process at a time has
 * the file open; the sqlite3 command may read it meanwhile, and {@code sqlite3 FILE ".backup COPY"} makes a backup.
 */
public final class SqliteStore implements Store {
    /** What feeds find in memory, at most; those that are further behind read the file. */
    private static final int MAX_COMMITS_IN_MEMORY = 1024;

    private static final long MAX_BYTES_IN_MEMORY = 16L << 20;

    private final Database database;
    private final Reader reader;
    private final Tail tail;
    private final Inbox inbox = new Inbox();
    private final Writer writer;
    private final Thread writing;
    private final AtomicBoolean closing = new AtomicBoolean();

    private SqliteStore(Database database, InstantSource clock, Retention retention) throws SQLException {
        this.database = database;
        this.reader = new Reader(database);
        var inMemory = new Retention(Math.min(MAX_COMMITS_IN_MEMORY, retention.commits()), retention.age());
        this.tail = new Tail(reader.latestRevision(), inMemory, MAX_BYTES_IN_MEMORY, reader);
        this.writer = new Writer(database, reader, tail, clock, retention);
        this.writing = Thread.ofPlatform().daemon().name("store-writer").start(() -> writer.run(inbox));
    }

    /**
     * Opens the file, or makes it, readable by its owner alone.
     *
     * @param retention how much of the past the file keeps
     * @throws StoreException if it cannot be opened, is open already, is damaged, or was written by a newer version.
     *     The message says how to mend it.
     */
    public static SqliteStore open(Path file, InstantSource clock, Retention retention) {
        var database = Database.open(file);
        try {
            return new SqliteStore(database, clock, retention);
        } catch (SQLException e) {
            database.close();
            throw database.failure("cannot be opened", e);
        }
    }

    @Override
    public long revision() {
        requireOpen();
        return tail.revision();
    }

    @Override
    public Snapshot snapshot() {
        requireOpen();
        return reader.snapshot(tail);
    }

    @Override
    public Committed commit(Transaction transaction) {
        var verdict = new CompletableFuture<Committed>();
        if (!inbox.add(new Inbox.Waiting(transaction, verdict))) {
            throw database.closed();
        }
        try {
            return verdict.join();
        } catch (CompletionException _) {
            throw database.failure(
                    "cannot be written, and whether the commit took place is unknown", verdict.exceptionNow());
        }
    }

    @Override
    public Feed feed(long after) {
        requireOpen();
        return tail.feed(after);
    }

    @Override
    public Horizon horizon() {
        requireOpen();
        return reader.horizon();
    }

    @Override
    public OptionalLong revisionAt(Instant time) {
        requireOpen();
        return reader.revisionAt(time);
    }

    @Override
    public void close() {
        if (closing.getAndSet(true)) {
            return;
        }
        inbox.close();
        joinWriter();
        tail.close();
        try (database;
                reader;
                writer) {
            // They are closed in the opposite order, whatever becomes of each.
        } catch (SQLException e) {
            throw database.failure("cannot be closed", e);
        }
    }

    private void joinWriter() {
        boolean interrupted = false;
        while (true) {
            try {
                writing.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void requireOpen() {
        if (closing.get()) {
            throw database.closed();
        }
    }
}

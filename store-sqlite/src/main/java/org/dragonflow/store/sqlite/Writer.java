package org.dragonflow.store.sqlite;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.dragonflow.store.Commit;
import org.dragonflow.store.Committed;
import org.dragonflow.store.Key;
import org.dragonflow.store.Retention;
import org.dragonflow.store.Row;
import org.dragonflow.store.Tail;
import org.dragonflow.store.Transaction;
import org.dragonflow.store.Write;

/**
 * The one thread that changes the file: all transactions that wait become one of SQLite's, with one sync and a verdict
 * each.
 */
final class Writer implements AutoCloseable {
    private final Database database;
    private final Reader reader;
    private final Tail tail;
    private final InstantSource clock;
    private final Retention retention;
    private Tables tables;

    /** What a batch that failed would have made. Whether it did is to be asked of the file, over a new connection. */
    private Optional<List<Commit>> inDoubt = Optional.empty();

    Writer(Database database, Reader reader, Tail tail, InstantSource clock, Retention retention) throws SQLException {
        this.database = database;
        this.reader = reader;
        this.tail = tail;
        this.clock = clock;
        this.retention = retention;
        this.tables = new Tables(database.connect());
    }

    /** Until the inbox is closed and empty. */
    void run(Inbox inbox) {
        for (var batch = inbox.take(); !batch.isEmpty(); batch = inbox.take()) {
            try {
                settle();
                write(batch);
            } catch (SQLException | RuntimeException | Error e) {
                trySettling();
                for (var waiting : batch) {
                    waiting.verdict().completeExceptionally(e);
                }
            }
        }
    }

    @Override
    public void close() throws SQLException {
        tables.close();
    }

    private void write(List<Inbox.Waiting> batch) throws SQLException {
        var commits = new ArrayList<Commit>();
        var verdicts = new ArrayList<Committed>();
        inDoubt = Optional.of(commits);
        tables.begin();
        for (var waiting : batch) {
            verdicts.add(judge(waiting.transaction(), commits));
        }
        if (commits.isEmpty()) {
            tables.rollback();
        } else {
            reader.setOldest(tables.prune(commits.getLast(), retention));
            publish(commits);
        }
        inDoubt = Optional.empty();
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).verdict().complete(verdicts.get(i));
        }
    }

    /** Expectations are checked before anything is written, so that a conflict leaves nothing to undo. */
    private Committed judge(Transaction transaction, List<Commit> commits) throws SQLException {
        var keys = new HashSet<>(transaction.expectations().keySet());
        transaction.writes().stream().map(Write::key).forEach(keys::add);
        var rows = tables.find(keys);
        Function<Key, Optional<Row>> current = key -> Optional.ofNullable(rows.get(key));
        var conflicts = transaction.conflicts(current);
        if (!conflicts.isEmpty()) {
            return new Committed.Conflict(conflicts);
        }
        long revision = tail.revision() + commits.size();
        if (transaction.writes().isEmpty()) {
            return new Committed.At(revision);
        }
        var commit = new Commit(revision + 1, clock.instant(), transaction.changes(current));
        tables.apply(commit);
        commits.add(commit);
        return new Committed.At(commit.revision());
    }

    /** No snapshot is begun between the two, so that none is of a revision that the feeds do not have yet. */
    private void publish(List<Commit> commits) throws SQLException {
        synchronized (tail) {
            tables.commit();
            tail.append(commits);
        }
    }

    /** If a batch has failed, tells the feeds what it made after all; the next one has to wait until that is known. */
    private void settle() throws SQLException {
        if (inDoubt.isPresent()) {
            tables.close();
            tables = new Tables(database.connect());
            if (tables.latestRevision() != tail.revision()) {
                tail.append(inDoubt.get());
            }
            inDoubt = Optional.empty();
        }
    }

    private void trySettling() {
        try {
            settle();
        } catch (SQLException | RuntimeException e) {
            // The doubt remains, and the next batch begins with it.
        }
    }
}

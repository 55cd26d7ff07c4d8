package org.dragonflow.store.sqlite;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.dragonflow.store.Committed;
import org.dragonflow.store.Transaction;

/**
 * Transactions that wait for the writer; at most as many as there are threads that commit, since each waits for its
 * verdict.
 */
final class Inbox {
    /** Bounds how long the first of a batch waits for the last to be written. */
    private static final int MAX_BATCH = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private boolean closed;

    record Waiting(Transaction transaction, CompletableFuture<Committed> verdict) {}

    /** False if the inbox is closed; nothing will come of the transaction then. */
    boolean add(Waiting waiting) {
        lock.lock();
        try {
            if (!closed) {
                queue.add(waiting);
                moved.signal();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** All that wait, if they are no more than make a batch; none if the inbox is closed and empty. */
    List<Waiting> take() {
        lock.lock();
        try {
            while (queue.isEmpty() && !closed) {
                moved.awaitUninterruptibly();
            }
            var batch = new ArrayList<Waiting>();
            while (!queue.isEmpty() && batch.size() < MAX_BATCH) {
                batch.add(queue.remove());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            moved.signal();
        } finally {
            lock.unlock();
        }
    }
}

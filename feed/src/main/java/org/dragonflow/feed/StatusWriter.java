package org.dragonflow.feed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the status of ports to the store: those that come meanwhile in one go, and again for as long as the store fails. */
final class StatusWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final int MOST_AT_ONCE = 500;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Records records;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Map<Word, PortStatus> pending = new LinkedHashMap<>();
    private final Thread thread;

    /** Whose word it is, and on what: of a port that moves, one chassis speaks of where it was and the other of where it is. */
    private record Word(Id<Chassis> chassis, Id<Port> port) {
        static Word of(PortStatus status) {
            return new Word(status.chassis(), status.port());
        }
    }

    StatusWriter(Records records) {
        this.records = records;
        this.thread = Thread.ofVirtual().name("feed-status").start(this::run);
    }

    /** A later word of a chassis on a port is worth more than an earlier one. */
    void write(List<PortStatus> statuses) {
        lock.lock();
        try {
            statuses.forEach(status -> pending.put(Word.of(status), status));
            more.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                var batch = take();
                try {
                    records.report(batch);
                } catch (Refused e) {
                    LOG.warn("the status of {} ports cannot be written, trying again: {}", batch.size(), e.detail());
                    putBack(batch);
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("no more status is written");
        }
    }

    private List<PortStatus> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (pending.isEmpty()) {
                more.await();
            }
            var batch = new ArrayList<PortStatus>();
            var statuses = pending.values().iterator();
            while (statuses.hasNext() && batch.size() < MOST_AT_ONCE) {
                batch.add(statuses.next());
                statuses.remove();
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void putBack(List<PortStatus> batch) {
        lock.lock();
        try {
            batch.forEach(status -> pending.putIfAbsent(Word.of(status), status));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

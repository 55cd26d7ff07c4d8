package org.dragonflow.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.dragonflow.store.Bytes;
import org.dragonflow.store.Key;
import org.dragonflow.store.Retention;
import org.dragonflow.store.Store;
import org.dragonflow.store.Transaction;

/** Measures durable commits per second on the disk of the directory given, with rows of 600 bytes. */
final class Throughput {
    private static final Bytes VALUE = Bytes.utf8("x".repeat(600));
    private static final Duration EACH = Duration.ofSeconds(5);

    private Throughput() {}

    static void main(String... args) throws IOException {
        var directory = Files.createTempDirectory(Path.of(args[0]), "throughput");
        try (var store = SqliteStore.open(directory.resolve("store.db"), InstantSource.system(), Retention.STANDARD)) {
            measure(store, 1, 1);
            for (int threads : new int[] {1, 8, 64}) {
                System.out.printf(
                        "%2d threads, 1 row each:    %,8.0f commits/s%n", threads, measure(store, threads, 1));
            }
            System.out.printf(" 1 thread, 100 rows each:  %,8.0f rows/s%n", 100 * measure(store, 1, 100));
            System.out.printf(" 8 threads, 100 rows each: %,8.0f rows/s%n", 100 * measure(store, 8, 100));
        }
    }

    /** Commits per second. */
    private static double measure(Store store, int threads, int rows) {
        var commits = new AtomicLong();
        long start = System.nanoTime();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < threads; i++) {
                int thread = i;
                var _ = executor.submit(() -> {
                    while (System.nanoTime() - start < EACH.toNanos()) {
                        store.commit(transaction(thread, (int) commits.incrementAndGet(), rows));
                    }
                });
            }
        }
        return commits.get() * 1e9 / (System.nanoTime() - start);
    }

    private static Transaction transaction(int thread, int number, int rows) {
        var transaction = Transaction.EMPTY;
        for (int i = 0; i < rows; i++) {
            transaction = transaction.put(new Key("port", thread + "-" + number % 1000 + "-" + i), VALUE);
        }
        return transaction;
    }
}

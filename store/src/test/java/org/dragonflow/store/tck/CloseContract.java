package org.dragonflow.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.dragonflow.store.tck.Given.ALICE;
import static org.dragonflow.store.tck.Given.AT_ONCE;
import static org.dragonflow.store.tck.Given.LONG;
import static org.dragonflow.store.tck.Given.ONE;
import static org.dragonflow.store.tck.Given.port;
import static org.dragonflow.store.tck.Given.put;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.dragonflow.store.Committed;
import org.dragonflow.store.Feed;
import org.dragonflow.store.Store;
import org.junit.jupiter.api.Test;

/** How stores and feeds end. */
interface CloseContract extends Engine {
    @Test
    default void aClosedFeedWakesItsReaderAndLeavesOthersAlone() throws InterruptedException {
        try (var store = open();
                var other = store.feed(0);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var feed = store.feed(0);
            var taken = threads.submit(() -> feed.take(LONG));
            feed.close();
            assertThat(taken).succeedsWithin(LONG).isEqualTo(new Feed.Closed());
            store.commit(put(ALICE, ONE));
            assertThat(feed.take(AT_ONCE)).isEqualTo(new Feed.Closed());
            assertThat(Given.take(other).revision()).isEqualTo(1);
        }
    }

    @Test
    default void aClosedStoreWakesTheReadersOfAllFeeds() throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var store = open();
            var taken = new ArrayList<Future<Feed.Next>>();
            for (int i = 0; i < 5; i++) {
                var feed = store.feed(0);
                taken.add(threads.submit(() -> feed.take(LONG)));
            }
            store.close();
            assertThat(taken)
                    .allSatisfy(next -> assertThat(next).succeedsWithin(LONG).isEqualTo(new Feed.Closed()));
        }
    }

    @Test
    default void aClosedStoreRefusesEverythingButToBeClosedAgain() {
        var store = open();
        store.close();
        assertThatIllegalStateException().isThrownBy(store::revision);
        assertThatIllegalStateException().isThrownBy(store::snapshot);
        assertThatIllegalStateException().isThrownBy(() -> store.feed(0));
        assertThatIllegalStateException().isThrownBy(() -> store.commit(put(ALICE, ONE)));
        store.close();
    }

    @Test
    default void commitsThatMeetTheCloseAreAnsweredOrRefused() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            var store = open();
            var underWay = new CountDownLatch(100);
            var writers = new ArrayList<Future<Long>>();
            for (int i = 0; i < 8; i++) {
                int writer = i;
                writers.add(threads.submit(() -> commitUntilRefused(store, writer, underWay)));
            }
            underWay.await();
            store.close();
            long answered = 0;
            for (var writer : writers) {
                answered += writer.get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(answered).isGreaterThanOrEqualTo(100);
        }
    }

    /** How many commits were answered. */
    private static long commitUntilRefused(Store store, int writer, CountDownLatch underWay) {
        for (long answered = 1; ; answered++) {
            try {
                store.commit(put(port(writer), ONE));
                underWay.countDown();
            } catch (IllegalStateException closed) {
                return answered - 1;
            }
        }
    }

    @Test
    default void anInterruptEndsTheWaitForACommitOfOthersAndNotForOnesOwn() throws Exception {
        try (var store = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var interrupted = threads.submit(() -> {
                Thread.currentThread().interrupt();
                var verdict = store.commit(put(ALICE, ONE));
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                try (var feed = store.feed(1)) {
                    feed.take(LONG);
                    return "not interrupted";
                } catch (InterruptedException e) {
                    return verdict.toString();
                }
            });
            assertThat(interrupted).succeedsWithin(LONG).isEqualTo(new Committed.At(1).toString());
        }
    }
}

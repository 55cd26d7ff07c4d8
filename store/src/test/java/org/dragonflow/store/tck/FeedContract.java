package org.dragonflow.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.store.tck.Given.ALICE;
import static org.dragonflow.store.tck.Given.AMPLE;
import static org.dragonflow.store.tck.Given.AT_ONCE;
import static org.dragonflow.store.tck.Given.BOB;
import static org.dragonflow.store.tck.Given.LONG;
import static org.dragonflow.store.tck.Given.ONE;
import static org.dragonflow.store.tck.Given.TWO;
import static org.dragonflow.store.tck.Given.commitMany;
import static org.dragonflow.store.tck.Given.drain;
import static org.dragonflow.store.tck.Given.port;
import static org.dragonflow.store.tck.Given.put;
import static org.dragonflow.store.tck.Given.replay;
import static org.dragonflow.store.tck.Given.take;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.dragonflow.store.Bytes;
import org.dragonflow.store.Change;
import org.dragonflow.store.Commit;
import org.dragonflow.store.Committed;
import org.dragonflow.store.Expectation;
import org.dragonflow.store.Feed;
import org.dragonflow.store.Key;
import org.dragonflow.store.Snapshot;
import org.dragonflow.store.Store;
import org.dragonflow.store.Transaction;
import org.dragonflow.store.Write;
import org.junit.jupiter.api.Test;

/** What feeds tell, and when they say that they cannot. */
interface FeedContract extends Engine {
    @Test
    default void aFeedTellsWhatEachCommitChangedAndWhen() throws InterruptedException {
        var noon = Instant.parse("2026-03-01T12:00:00.123456789Z");
        try (var store = open(InstantSource.fixed(noon), AMPLE)) {
            store.commit(put(ALICE, ONE));
            store.commit(put(ALICE, TWO).put(BOB, ONE));
            store.commit(Transaction.EMPTY.delete(ALICE));
            var none = Optional.<Bytes>empty();
            var at = Instant.parse("2026-03-01T12:00:00.123Z");
            assertThat(drain(store.feed(0)))
                    .containsExactly(
                            new Commit(1, at, List.of(new Change(ALICE, none, Optional.of(ONE)))),
                            new Commit(
                                    2,
                                    at,
                                    List.of(
                                            new Change(ALICE, Optional.of(ONE), Optional.of(TWO)),
                                            new Change(BOB, none, Optional.of(ONE)))),
                            new Commit(3, at, List.of(new Change(ALICE, Optional.of(TWO), none))));
        }
    }

    @Test
    default void aFeedStartsAfterTheRevisionItIsAskedFor() throws InterruptedException {
        try (var store = open()) {
            commitMany(store, 50);
            assertThat(drain(store.feed(47))).extracting(Commit::revision).containsExactly(48L, 49L, 50L);
            assertThat(store.feed(50).take(AT_ONCE)).isEqualTo(new Feed.Idle());
        }
    }

    @Test
    default void aCommitThatIsAnsweredIsInTheFeedAtOnce() throws InterruptedException {
        try (var store = open();
                var feed = store.feed(0)) {
            for (int i = 1; i <= 100; i++) {
                assertThat(store.commit(put(ALICE, ONE))).isEqualTo(new Committed.At(i));
                assertThat(store.revision()).isEqualTo(i);
                assertThat(((Commit) feed.take(AT_ONCE)).revision()).isEqualTo(i);
            }
        }
    }

    @Test
    default void aWaitingReaderGetsTheCommitThatComes() throws InterruptedException {
        try (var store = open();
                var feed = store.feed(0);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var taken = threads.submit(() -> feed.take(LONG));
            store.commit(put(ALICE, ONE));
            assertThat(taken).succeedsWithin(LONG).isInstanceOf(Commit.class);
        }
    }

    @Test
    default void conflictsLeaveNoTraceInTheFeed() throws InterruptedException {
        try (var store = open()) {
            store.commit(put(ALICE, ONE));
            store.commit(put(BOB, ONE).expect(ALICE, Expectation.absent()));
            store.commit(put(BOB, TWO));
            assertThat(drain(store.feed(0))).extracting(Commit::revision).containsExactly(1L, 2L);
        }
    }

    @Test
    default void underConcurrentWritersEveryFeedHasEveryCommitOnceAndInOrder() throws Exception {
        try (var store = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var read = new ArrayList<Future<List<Commit>>>();
            for (int i = 0; i < 4; i++) {
                var feed = store.feed(0);
                read.add(threads.submit(() -> take(feed, 400)));
            }
            writeAtRandom(store, threads, 8, 50);
            for (var commits : read) {
                assertThat(commits.get())
                        .extracting(Commit::revision)
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(1, 400).boxed().toList());
                assertThat(replay(Map.of(), commits.get()))
                        .isEqualTo(store.snapshot().rows());
            }
        }
    }

    @Test
    default void aFeedResumedFromTheLastRevisionTakenMissesNothing() throws Exception {
        try (var store = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var written = threads.submit(() -> writeAtRandom(store, threads, 4, 100));
            var commits = new ArrayList<Commit>();
            var random = new Random(5);
            while (commits.size() < 400) {
                try (var feed = store.feed(commits.size())) {
                    commits.addAll(take(feed, Math.min(1 + random.nextInt(30), 400 - commits.size())));
                }
            }
            written.get();
            assertThat(commits).isEqualTo(drain(store.feed(0)));
            assertThat(replay(Map.of(), commits)).isEqualTo(store.snapshot().rows());
        }
    }

    @Test
    default void aSnapshotAndTheFeedFromItsRevisionGiveTheRowsOfAnyLaterSnapshot() throws Exception {
        try (var store = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var written = threads.submit(() -> writeAtRandom(store, threads, 4, 150));
            var snapshots = new ArrayList<Snapshot>();
            while (!written.isDone()) {
                snapshots.add(store.snapshot());
                assertThat(store.feed(snapshots.getLast().revision()).take(AT_ONCE))
                        .isNotInstanceOf(Feed.Compacted.class);
            }
            written.get();
            snapshots.add(store.snapshot());
            for (int i = 1; i < snapshots.size(); i++) {
                var from = snapshots.get(i - 1);
                var to = snapshots.get(i);
                var commits = take(store.feed(from.revision()), (int) (to.revision() - from.revision()));
                assertThat(replay(from.rows(), commits)).isEqualTo(to.rows());
            }
        }
    }

    @Test
    default void aReaderWhoStandsStillHoldsUpNobodyAndFindsEverythingLater() throws InterruptedException {
        try (var store = open();
                var still = store.feed(0);
                var quick = store.feed(0)) {
            for (int i = 1; i <= 3000; i += 100) {
                writeInOneBatch(store, 100);
                assertThat(take(quick, 100)).extracting(Commit::revision).startsWith((long) i);
            }
            assertThat(take(still, 3000)).isEqualTo(drain(store.feed(0))).hasSize(3000);
        }
    }

    @Test
    default void threadsThatShareAFeedGetEachCommitOnceBetweenThem() throws Exception {
        try (var store = open();
                var feed = store.feed(0);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var read = new ArrayList<Future<List<Commit>>>();
            for (int i = 0; i < 4; i++) {
                read.add(threads.submit(() -> take(feed, 50)));
            }
            commitMany(store, 200);
            var revisions = new TreeSet<Long>();
            for (var commits : read) {
                commits.get().forEach(commit -> revisions.add(commit.revision()));
            }
            assertThat(revisions).hasSize(200).startsWith(1L).endsWith(200L);
        }
    }

    /** Commits by threads that go at the same time, so that an engine may write them together. */
    private static void writeInOneBatch(Store store, int count) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                var key = port(i);
                var _ = threads.submit(() -> store.commit(put(key, ONE)));
            }
        }
    }

    /** Several writers, each of which makes a number of commits of one to four puts or deletes among twenty keys. */
    private static Void writeAtRandom(Store store, ExecutorService threads, int writers, int commits) throws Exception {
        var done = new ArrayList<Future<?>>();
        for (int i = 0; i < writers; i++) {
            var random = new Random(i);
            done.add(threads.submit(() -> {
                for (int j = 0; j < commits; j++) {
                    store.commit(anyTransaction(random));
                }
            }));
        }
        for (var writer : done) {
            writer.get();
        }
        return null;
    }

    private static Transaction anyTransaction(Random random) {
        var writes = new HashMap<Key, Write>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            var key = port(random.nextInt(20));
            var value = Bytes.utf8(String.valueOf(random.nextInt()));
            writes.put(key, random.nextInt(3) == 0 ? new Write.Delete(key) : new Write.Put(key, value));
        }
        return new Transaction(Map.of(), List.copyOf(writes.values()));
    }
}

package org.dragonflow.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.store.tck.Given.ALICE;
import static org.dragonflow.store.tck.Given.AT_ONCE;
import static org.dragonflow.store.tck.Given.ONE;
import static org.dragonflow.store.tck.Given.commitMany;
import static org.dragonflow.store.tck.Given.drain;
import static org.dragonflow.store.tck.Given.put;
import static org.dragonflow.store.tck.Given.replay;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.dragonflow.store.Commit;
import org.dragonflow.store.Feed;
import org.dragonflow.store.Horizon;
import org.dragonflow.store.Retention;
import org.junit.jupiter.api.Test;

/** What becomes of the past: a feed that misses some of it is told so, and how to go on. */
interface CompactionContract extends Engine {
    Retention TEN_COMMITS = new Retention(10, Duration.ofDays(1));

    @Test
    default void aFeedFromBeforeTheLogIsToldWhereTheLogBegins() throws InterruptedException {
        try (var store = open(InstantSource.system(), TEN_COMMITS)) {
            commitMany(store, 100);
            assertThat(store.feed(0).take(AT_ONCE)).isEqualTo(new Feed.Compacted(90));
            assertThat(store.feed(89).take(AT_ONCE)).isEqualTo(new Feed.Compacted(90));
            assertThat(drain(store.feed(90)))
                    .extracting(Commit::revision)
                    .hasSize(10)
                    .startsWith(91L);
        }
    }

    @Test
    default void aFeedThatTheLogHasLeftBehindIsToldSoEachTimeItAsks() throws InterruptedException {
        try (var store = open(InstantSource.system(), TEN_COMMITS)) {
            var slow = store.feed(0);
            commitMany(store, 5);
            assertThat(slow.take(AT_ONCE)).isInstanceOf(Commit.class);
            commitMany(store, 100);
            assertThat(slow.take(AT_ONCE)).isEqualTo(new Feed.Compacted(95));
            assertThat(slow.take(AT_ONCE)).isEqualTo(new Feed.Compacted(95));
        }
    }

    @Test
    default void whoIsLeftBehindGoesOnFromASnapshot() throws InterruptedException {
        try (var store = open(InstantSource.system(), TEN_COMMITS)) {
            commitMany(store, 100);
            var snapshot = store.snapshot();
            var feed = store.feed(snapshot.revision());
            commitMany(store, 10);
            assertThat(replay(snapshot.rows(), drain(feed)))
                    .isEqualTo(store.snapshot().rows());
        }
    }

    @Test
    default void commitsThatAreOlderThanTheRetentionAllowsAreGone() throws InterruptedException {
        var clock = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
        try (var store = open(clock::get, new Retention(1000, Duration.ofHours(1)))) {
            commitMany(store, 3);
            clock.updateAndGet(now -> now.plus(Duration.ofMinutes(30)));
            commitMany(store, 3);
            clock.updateAndGet(now -> now.plus(Duration.ofMinutes(45)));
            commitMany(store, 1);
            assertThat(store.feed(2).take(AT_ONCE)).isEqualTo(new Feed.Compacted(3));
            assertThat(drain(store.feed(3))).hasSize(4);
            clock.updateAndGet(now -> now.plus(Duration.ofDays(400)));
            commitMany(store, 1);
            assertThat(store.feed(6).take(AT_ONCE)).isEqualTo(new Feed.Compacted(7));
            assertThat(drain(store.feed(7))).hasSize(1);
        }
    }

    @Test
    default void aFeedFromARevisionThatTheStoreDoesNotHaveIsSentToTheSnapshot() throws InterruptedException {
        try (var store = open()) {
            store.commit(put(ALICE, ONE));
            var feed = store.feed(2);
            assertThat(feed.take(AT_ONCE)).isEqualTo(new Feed.Compacted(0));
            commitMany(store, 3);
            assertThat(feed.take(AT_ONCE)).isEqualTo(new Feed.Compacted(0));
        }
    }

    @Test
    default void aTimeHasTheRevisionOfTheLatestCommitThatIsNotLater() {
        var noon = Instant.parse("2026-03-01T12:00:00Z");
        var clock = new AtomicReference<>(noon);
        try (var store = open(clock::get, TEN_COMMITS)) {
            assertThat(store.horizon()).isEqualTo(new Horizon(0, Instant.EPOCH));
            assertThat(store.revisionAt(noon)).hasValue(0);
            for (int i = 0; i < 10; i++) {
                clock.set(noon.plusSeconds(i / 2));
                commitMany(store, 1);
            }
            assertThat(store.revisionAt(noon.minusMillis(1))).hasValue(0);
            assertThat(store.revisionAt(noon)).hasValue(2);
            assertThat(store.revisionAt(noon.plusMillis(1999))).hasValue(4);
            assertThat(store.revisionAt(noon.plusSeconds(2))).hasValue(6);
            assertThat(store.revisionAt(noon.plusSeconds(60))).hasValue(10);
            assertThat(store.horizon()).isEqualTo(new Horizon(0, Instant.EPOCH));
            commitMany(store, 5);
            assertThat(store.horizon()).isEqualTo(new Horizon(5, noon.plusSeconds(2)));
            assertThat(store.revisionAt(noon.plusMillis(1999))).isEmpty();
            assertThat(store.revisionAt(noon.plusSeconds(2))).hasValue(6);
        }
    }
}

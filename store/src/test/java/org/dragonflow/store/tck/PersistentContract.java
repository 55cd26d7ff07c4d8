package org.dragonflow.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.store.tck.Given.ALICE;
import static org.dragonflow.store.tck.Given.AT_ONCE;
import static org.dragonflow.store.tck.Given.BOB;
import static org.dragonflow.store.tck.Given.ONE;
import static org.dragonflow.store.tck.Given.TWO;
import static org.dragonflow.store.tck.Given.commitMany;
import static org.dragonflow.store.tck.Given.drain;
import static org.dragonflow.store.tck.Given.put;

import java.time.Duration;
import java.time.InstantSource;
import org.dragonflow.store.Commit;
import org.dragonflow.store.Committed;
import org.dragonflow.store.Expectation;
import org.dragonflow.store.Feed;
import org.dragonflow.store.Retention;
import org.dragonflow.store.Transaction;
import org.junit.jupiter.api.Test;

/**
 * What an engine is held to, besides, if what it holds outlives it; to open it twice in one test is to open the same
 * store.
 */
public interface PersistentContract extends Engine {
    @Test
    default void aStoreThatIsOpenedAgainIsAsItWasClosed() {
        try (var store = open()) {
            store.commit(put(ALICE, ONE).put(BOB, ONE));
            store.commit(put(ALICE, TWO));
        }
        try (var store = open()) {
            assertThat(store.revision()).isEqualTo(2);
            assertThat(store.snapshot().row(ALICE).orElseThrow().revision()).isEqualTo(2);
            assertThat(store.snapshot().row(BOB).orElseThrow().revision()).isEqualTo(1);
            assertThat(store.commit(put(BOB, TWO).expect(BOB, Expectation.at(1))))
                    .isEqualTo(new Committed.At(3));
        }
    }

    @Test
    default void theFeedOfAStoreThatIsOpenedAgainGoesBackAsFar() throws InterruptedException {
        var retention = new Retention(50, Duration.ofDays(1));
        Iterable<Commit> before;
        try (var store = open(InstantSource.system(), retention)) {
            commitMany(store, 90);
            store.commit(Transaction.EMPTY.delete(ALICE));
            store.commit(put(ALICE, ONE).put(BOB, TWO));
            store.commit(Transaction.EMPTY.delete(ALICE));
            before = drain(store.feed(43));
        }
        try (var store = open(InstantSource.system(), retention)) {
            assertThat(store.feed(42).take(AT_ONCE)).isEqualTo(new Feed.Compacted(43));
            assertThat(drain(store.feed(43))).hasSize(50).containsExactlyElementsOf(before);
            store.commit(put(BOB, ONE));
            assertThat(drain(store.feed(90))).extracting(Commit::revision).containsExactly(91L, 92L, 93L, 94L);
        }
    }

    @Test
    default void theRevisionOutlivesThePastThatMadeIt() throws InterruptedException {
        var none = new Retention(1, Duration.ZERO);
        try (var store = open(InstantSource.system(), none)) {
            store.commit(put(ALICE, ONE));
            store.commit(Transaction.EMPTY.delete(BOB));
        }
        try (var store = open(InstantSource.system(), none)) {
            assertThat(store.revision()).isEqualTo(2);
            assertThat(store.commit(put(ALICE, TWO))).isEqualTo(new Committed.At(3));
        }
    }
}

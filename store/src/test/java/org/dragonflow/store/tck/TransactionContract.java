package org.dragonflow.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.store.tck.Given.ALICE;
import static org.dragonflow.store.tck.Given.BOB;
import static org.dragonflow.store.tck.Given.ONE;
import static org.dragonflow.store.tck.Given.TWO;
import static org.dragonflow.store.tck.Given.port;
import static org.dragonflow.store.tck.Given.put;
import static org.dragonflow.store.tck.Given.take;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.dragonflow.store.Bytes;
import org.dragonflow.store.Committed;
import org.dragonflow.store.Expectation;
import org.dragonflow.store.Key;
import org.dragonflow.store.Row;
import org.dragonflow.store.Store;
import org.dragonflow.store.Transaction;
import org.dragonflow.store.Write;
import org.junit.jupiter.api.Test;

/** How transactions are judged, and what they leave behind. */
interface TransactionContract extends Engine {
    @Test
    default void aNewStoreIsEmptyAndAtRevisionZero() {
        try (var store = open()) {
            assertThat(store.revision()).isZero();
            assertThat(store.snapshot().rows()).isEmpty();
        }
    }

    @Test
    default void eachCommitIsOneRevisionAndAllItsRowsGetIt() {
        try (var store = open()) {
            assertThat(store.commit(put(ALICE, ONE))).isEqualTo(new Committed.At(1));
            assertThat(store.commit(put(ALICE, TWO).put(BOB, ONE))).isEqualTo(new Committed.At(2));
            assertThat(store.snapshot().rows())
                    .containsOnly(Map.entry(ALICE, new Row(ALICE, 2, TWO)), Map.entry(BOB, new Row(BOB, 2, ONE)));
        }
    }

    @Test
    default void aKeyExpectedToBeAbsentConflictsIfItIsThere() {
        try (var store = open()) {
            var create = put(ALICE, ONE).expect(ALICE, Expectation.absent());
            assertThat(store.commit(create)).isEqualTo(new Committed.At(1));
            assertConflict(store, create, ALICE);
        }
    }

    @Test
    default void aKeyExpectedToBePresentConflictsIfItIsNot() {
        try (var store = open()) {
            var change = put(ALICE, TWO).expect(ALICE, Expectation.present());
            assertConflict(store, change, ALICE);
            store.commit(put(ALICE, ONE));
            assertThat(store.commit(change)).isEqualTo(new Committed.At(2));
        }
    }

    @Test
    default void aKeyExpectedAtARevisionConflictsAtAnyOtherAndIfItIsAbsent() {
        try (var store = open()) {
            store.commit(put(ALICE, ONE));
            assertConflict(store, put(BOB, ONE).expect(ALICE, Expectation.at(0)), ALICE);
            assertConflict(store, put(BOB, ONE).expect(ALICE, Expectation.at(2)), ALICE);
            assertThat(store.commit(put(BOB, ONE).expect(ALICE, Expectation.at(1))))
                    .isEqualTo(new Committed.At(2));
            store.commit(Transaction.EMPTY.delete(ALICE));
            assertConflict(store, put(BOB, ONE).expect(ALICE, Expectation.at(1)), ALICE);
        }
    }

    @Test
    default void aConflictNamesEveryKeyThatIsNotAsExpectedAndNoOther() {
        try (var store = open()) {
            store.commit(put(ALICE, ONE));
            var transaction = put(port(1), ONE)
                    .put(port(2), ONE)
                    .expect(ALICE, Expectation.absent())
                    .expect(BOB, Expectation.present())
                    .expect(port(1), Expectation.absent());
            assertConflict(store, transaction, ALICE, BOB);
        }
    }

    @Test
    default void aTransactionWithoutWritesIsJudgedAndMakesNoRevision() {
        try (var store = open()) {
            store.commit(put(ALICE, ONE));
            var check = Transaction.EMPTY.expect(ALICE, Expectation.at(1));
            assertThat(store.commit(check)).isEqualTo(new Committed.At(1));
            assertThat(store.revision()).isEqualTo(1);
            assertConflict(store, Transaction.EMPTY.expect(ALICE, Expectation.absent()), ALICE);
        }
    }

    @Test
    default void toDeleteWhatIsNotThereIsARevisionWithoutChanges() throws InterruptedException {
        try (var store = open();
                var feed = store.feed(0)) {
            assertThat(store.commit(Transaction.EMPTY.delete(ALICE))).isEqualTo(new Committed.At(1));
            assertThat(take(feed).changes()).isEmpty();
            assertThat(store.snapshot().rows()).isEmpty();
        }
    }

    @Test
    default void aSnapshotDoesNotChange() {
        try (var store = open()) {
            store.commit(put(ALICE, ONE));
            var snapshot = store.snapshot();
            store.commit(put(ALICE, TWO).put(BOB, TWO));
            assertThat(snapshot.revision()).isEqualTo(1);
            assertThat(snapshot.rows()).containsOnlyKeys(ALICE);
            assertThat(snapshot.row(ALICE)).contains(new Row(ALICE, 1, ONE));
            assertThat(snapshot.row(BOB)).isEmpty();
        }
    }

    @Test
    default void keysAndValuesOfAllKindsAndOfFullSizeAreKept() {
        try (var store = open()) {
            var content = new byte[Store.MAX_VALUE_BYTES];
            new Random(1).nextBytes(content);
            var odd = new Key("É'\"%_/\\ ", "x".repeat(Store.MAX_KEY_CHARS - 2) + "\uD83D\uDE00");
            store.commit(put(odd, Bytes.of(content)).put(ALICE, Bytes.of()));
            assertThat(store.snapshot().rows())
                    .containsOnly(
                            Map.entry(odd, new Row(odd, 1, Bytes.of(content))),
                            Map.entry(ALICE, new Row(ALICE, 1, Bytes.of())));
        }
    }

    @Test
    default void aTransactionOfFullSizeIsCommitted() {
        try (var store = open()) {
            var expectations = new HashMap<Key, Expectation>();
            var writes = new ArrayList<Write>();
            for (int i = 0; i < Store.MAX_WRITES; i++) {
                writes.add(new Write.Put(port(i), ONE));
            }
            for (int i = 0; i < Store.MAX_EXPECTATIONS; i++) {
                expectations.put(port(i), Expectation.absent());
            }
            assertThat(store.commit(new Transaction(expectations, writes))).isEqualTo(new Committed.At(1));
            assertThat(store.snapshot().rows()).hasSize(Store.MAX_WRITES);
        }
    }

    @Test
    default void ofManyWhoTakeTheSameRowForwardAtOnceOneWinsEachTime() {
        try (var store = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            store.commit(put(ALICE, Bytes.utf8("0")));
            var writers = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < 8; i++) {
                writers.add(CompletableFuture.runAsync(() -> increment(store, ALICE, 25), threads));
            }
            writers.forEach(CompletableFuture::join);
            assertThat(store.snapshot().row(ALICE).orElseThrow()).isEqualTo(new Row(ALICE, 201, Bytes.utf8("200")));
        }
    }

    private static void increment(Store store, Key key, int times) {
        for (int done = 0; done < times; ) {
            var row = store.snapshot().row(key).orElseThrow();
            var next = Bytes.utf8(String.valueOf(Integer.parseInt(row.value().utf8()) + 1));
            var verdict = store.commit(put(key, next).expect(key, Expectation.at(row.revision())));
            done += verdict instanceof Committed.At ? 1 : 0;
        }
    }

    private static void assertConflict(Store store, Transaction transaction, Key... keys) {
        var before = store.snapshot();
        assertThat(store.commit(transaction))
                .isInstanceOfSatisfying(
                        Committed.Conflict.class,
                        conflict -> assertThat(conflict.keys()).containsExactlyInAnyOrder(keys));
        assertThat(store.snapshot()).isEqualTo(before);
        assertThat(store.revision()).isEqualTo(before.revision());
    }
}

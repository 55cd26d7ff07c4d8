package org.dragonflow.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    private static final Key KEY = new Key("port", "alice");
    private static final Bytes ONE = Bytes.utf8("1");

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "line\n", "\u0085", "\uD83D", "\uDE00\uD83D"})
    void aKeyIsRefusedIfAnEngineCouldNotKeepItAsItIs(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Key(text, "id"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Key("type", text));
    }

    @Test
    void aKeyIsRefusedIfItIsTooLong() {
        var longest = "x".repeat(Store.MAX_KEY_CHARS);
        assertThat(new Key(longest, longest).id()).isEqualTo(longest);
        assertThatIllegalArgumentException().isThrownBy(() -> new Key("type", longest + "x"));
    }

    @Test
    void aValueIsRefusedIfItIsTooLong() {
        assertThat(new Write.Put(KEY, Bytes.of(new byte[Store.MAX_VALUE_BYTES]))
                        .value()
                        .size())
                .isEqualTo(Store.MAX_VALUE_BYTES);
        var tooLong = Bytes.of(new byte[Store.MAX_VALUE_BYTES + 1]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transaction.EMPTY.put(KEY, tooLong))
                .withMessage("the value of port/alice has 1048577 bytes, and may have 1048576");
    }

    @Test
    void aTransactionIsRefusedIfItHasTooManyWrites() {
        var writes = new ArrayList<Write>();
        for (int i = 0; i < Store.MAX_WRITES; i++) {
            writes.add(new Write.Delete(new Key("port", "p" + i)));
        }
        var fullest = new Transaction(Map.of(), writes);
        assertThatIllegalArgumentException().isThrownBy(() -> fullest.put(KEY, ONE));
    }

    @Test
    void aTransactionIsRefusedIfItHasTooManyExpectations() {
        var expectations = new HashMap<Key, Expectation>();
        for (int i = 0; i < Store.MAX_EXPECTATIONS; i++) {
            expectations.put(new Key("port", "p" + i), Expectation.absent());
        }
        var fullest = new Transaction(expectations, List.of());
        assertThatIllegalArgumentException().isThrownBy(() -> fullest.expect(KEY, Expectation.present()));
    }

    @Test
    void aTransactionWritesAKeyOnce() {
        var put = Transaction.EMPTY.put(KEY, ONE);
        assertThatIllegalArgumentException().isThrownBy(() -> put.delete(KEY));
        assertThatIllegalArgumentException().isThrownBy(() -> put.put(KEY, ONE));
    }

    @Test
    void aTransactionMayExpectTheSameOfAKeyTwiceButNotDifferentThings() {
        var expecting = Transaction.EMPTY.expect(KEY, Expectation.at(3));
        assertThat(expecting.expect(KEY, Expectation.at(3))).isEqualTo(expecting);
        assertThatIllegalArgumentException().isThrownBy(() -> expecting.expect(KEY, Expectation.at(4)));
    }

    @Test
    void compositionLeavesTheTransactionItStartedFromAsItWas() {
        var put = Transaction.EMPTY.put(KEY, ONE);
        put.delete(new Key("port", "bob"));
        put.expect(KEY, Expectation.absent());
        assertThat(put.writes()).containsExactly(new Write.Put(KEY, ONE));
        assertThat(put.expectations()).isEmpty();
        assertThat(Transaction.EMPTY.writes()).isEmpty();
    }

    @Test
    void bytesAreEqualByContentAndDoNotChange() {
        var array = new byte[] {'1'};
        var bytes = Bytes.of(array);
        array[0] = '2';
        bytes.toArray()[0] = '3';
        assertThat(bytes).isEqualTo(ONE).hasSameHashCodeAs(ONE).isNotEqualTo(Bytes.utf8("2"));
        assertThat(bytes.utf8()).isEqualTo("1");
    }

    @Test
    void aChangeHasABeforeOrAnAfter() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Change(KEY, Optional.empty(), Optional.empty()));
    }

    @Test
    void aRetentionKeepsSomething() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Retention(0, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new Retention(1, Duration.ofNanos(-1)));
        assertThat(new Retention(1, Duration.ofSeconds(Long.MAX_VALUE)).horizon(Instant.now()))
                .isEqualTo(Instant.EPOCH);
    }

    @Test
    void aTailTakesNoCommitButTheNextAndNoMoreBytesThanItMay() throws InterruptedException {
        try (var tail = new Tail(7, Retention.STANDARD, 10, Past.NONE)) {
            assertThatIllegalArgumentException().isThrownBy(() -> tail.append(List.of(commit(9, 1))));
            tail.append(List.of(commit(8, 5), commit(9, 5), commit(10, 5)));
            assertThat(tail.feed(7).take(Duration.ZERO)).isEqualTo(new Feed.Compacted(8));
            assertThat(tail.feed(8).take(Duration.ZERO)).isEqualTo(commit(9, 5));
            tail.append(List.of(commit(11, 50)));
            assertThat(tail.feed(9).take(Duration.ZERO)).isEqualTo(new Feed.Compacted(10));
            assertThat(tail.feed(10).take(Duration.ZERO)).isEqualTo(commit(11, 50));
            assertThatIllegalArgumentException().isThrownBy(() -> tail.feed(-1));
        }
    }

    private static Commit commit(long revision, int size) {
        var change = new Change(KEY, Optional.empty(), Optional.of(Bytes.of(new byte[size])));
        return new Commit(revision, Instant.EPOCH, List.of(change));
    }
}

package org.dragonflow.store.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.store.Bytes;
import org.dragonflow.store.Commit;
import org.dragonflow.store.Feed;
import org.dragonflow.store.Key;
import org.dragonflow.store.Retention;
import org.dragonflow.store.Row;
import org.dragonflow.store.Store;
import org.dragonflow.store.Transaction;

/** The rows that the contracts speak of, and the sentences that recur. */
final class Given {
    static final Duration LONG = Duration.ofSeconds(20);
    static final Duration AT_ONCE = Duration.ZERO;
    static final Retention AMPLE = new Retention(100_000, Duration.ofDays(1));
    static final Key ALICE = new Key("port", "alice");
    static final Key BOB = new Key("port", "bob");
    static final Bytes ONE = Bytes.utf8("1");
    static final Bytes TWO = Bytes.utf8("2");

    private Given() {}

    static Key port(int number) {
        return new Key("port", "p" + number);
    }

    static Transaction put(Key key, Bytes value) {
        return Transaction.EMPTY.put(key, value);
    }

    static void commitMany(Store store, int count) {
        for (int i = 0; i < count; i++) {
            store.commit(put(port(i), ONE));
        }
    }

    static Commit take(Feed feed) throws InterruptedException {
        return (Commit) feed.take(LONG);
    }

    static List<Commit> take(Feed feed, int count) throws InterruptedException {
        var commits = new ArrayList<Commit>();
        while (commits.size() < count) {
            commits.add(take(feed));
        }
        return commits;
    }

    /** All that the feed has now. */
    static List<Commit> drain(Feed feed) throws InterruptedException {
        var commits = new ArrayList<Commit>();
        while (feed.take(AT_ONCE) instanceof Commit commit) {
            commits.add(commit);
        }
        return commits;
    }

    /** The rows after further commits. Fails if what a commit says was there before was not. */
    static Map<Key, Row> replay(Map<Key, Row> rows, List<Commit> commits) {
        var state = new HashMap<>(rows);
        for (var commit : commits) {
            for (var change : commit.changes()) {
                var key = change.key();
                var before = change.after().isPresent()
                        ? state.put(
                                key,
                                new Row(key, commit.revision(), change.after().get()))
                        : state.remove(key);
                if (!change.before().equals(Optional.ofNullable(before).map(Row::value))) {
                    throw new AssertionError("%s was %s before %s".formatted(key, before, commit));
                }
            }
        }
        return state;
    }
}

package org.dragonflow.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dragonflow.store.Bytes;
import org.dragonflow.store.Commit;
import org.dragonflow.store.Committed;
import org.dragonflow.store.Feed;
import org.dragonflow.store.Key;
import org.dragonflow.store.Snapshot;
import org.dragonflow.store.Store;
import org.dragonflow.store.Transaction;

/**
 * A load to be killed: each writer counts up in two rows at once, and says so when it is told that it has. Whatever
 * becomes of the process, both rows are at the same count, and at no lower one than was said.
 */
public final class Pairs {
    private static final int WRITERS = 8;

    /** Highest count said, by writer. */
    private final Map<Integer, Integer> said = new HashMap<>();

    private long lastSaid;

    /** Writes until the process ends, a line "writer count revision ." per answer. */
    public static void write(Store store, PrintStream out) {
        var rows = store.snapshot().rows();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            var row = rows.get(left(writer));
            int start = row == null ? 0 : Integer.parseInt(row.value().utf8());
            Thread.ofPlatform().start(() -> countUp(store, writer, start, out));
        }
    }

    /** Takes note of a line of the process, which may have died within it. */
    public void hear(String line) {
        var words = line.split(" ", -1);
        if (words.length == 4 && words[3].equals(".")) {
            said.merge(Integer.parseInt(words[0]), Integer.parseInt(words[1]), Math::max);
            lastSaid = Math.max(lastSaid, Long.parseLong(words[2]));
        }
    }

    public int answers() {
        return said.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Holds a store opened after the death of the process to what was said. */
    public void check(Store store) {
        var snapshot = store.snapshot();
        assertThat(snapshot.revision()).isGreaterThanOrEqualTo(lastSaid);
        for (int writer = 0; writer < WRITERS; writer++) {
            var left = snapshot.row(left(writer));
            var right = snapshot.row(right(writer));
            assertThat(left.map(row -> row.revision() + ":" + row.value()))
                    .isEqualTo(right.map(row -> row.revision() + ":" + row.value()));
            int count = left.map(row -> Integer.parseInt(row.value().utf8())).orElse(0);
            assertThat(count).isGreaterThanOrEqualTo(said.getOrDefault(writer, 0));
        }
    }

    /** Holds the log to the rows: those from before, and the commits since, give those of now. */
    public static Snapshot checkLog(Snapshot before, Store store) throws InterruptedException {
        var now = store.snapshot();
        try (Feed feed = store.feed(before.revision())) {
            List<Commit> since = Given.drain(feed);
            assertThat(since).hasSize((int) (now.revision() - before.revision()));
            assertThat(Given.replay(before.rows(), since)).isEqualTo(now.rows());
        }
        return now;
    }

    private static void countUp(Store store, int writer, int start, PrintStream out) {
        for (int count = start + 1; ; count++) {
            var value = Bytes.utf8(String.valueOf(count));
            var both = Transaction.EMPTY.put(left(writer), value).put(right(writer), value);
            if (store.commit(both) instanceof Committed.At(var revision)) {
                out.println(writer + " " + count + " " + revision + " .");
            }
        }
    }

    private static Key left(int writer) {
        return new Key("left", "w" + writer);
    }

    private static Key right(int writer) {
        return new Key("right", "w" + writer);
    }
}

package org.dragonflow.store;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.model.Recurring;
import org.dragonflow.model.Topology;

/**
 * What a store held at revisions that its log leads back to.
 *
 * <p>It costs as much as was changed between that revision and the nearest that is known: the newest, or one that was asked for lately.
 */
final class History {
    /** They share with each other, and with the newest, what is the same in them. */
    private static final int MOST_KNOWN = 8;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Store store;
    private final Recurring recurring = new Recurring();
    private final Map<Long, Recall.Moment> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Recall.Moment> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    History(Store store) {
        this.store = store;
    }

    /** Forgets what the store may not have held after all. */
    synchronized void forget() {
        known.clear();
    }

    /** @param newest a state of the store, at this revision or later */
    synchronized Recall at(long revision, Recall.Moment newest) throws InterruptedException {
        var horizon = store.horizon();
        known.keySet().removeIf(old -> old < horizon.revision());
        var nearest = Stream.concat(Stream.of(newest), known.values().stream())
                .min(Comparator.comparingLong(moment -> Math.abs(moment.revision() - revision)))
                .orElseThrow();
        if (revision < horizon.revision()) {
            return new Recall.Gone(horizon);
        }
        if (nearest.revision() == revision) {
            return known.getOrDefault(revision, nearest);
        }
        var values = new HashMap<Key, Optional<Bytes>>();
        try (var feed = store.feed(Math.min(revision, nearest.revision()))) {
            long left = Math.abs(revision - nearest.revision());
            for (; left > 0; left--) {
                switch (feed.take(PATIENCE)) {
                    case Commit commit -> collect(commit, nearest.revision() > revision, values);
                    case Feed.Compacted _ -> {
                        return new Recall.Gone(store.horizon());
                    }
                    case Feed.Idle(), Feed.Closed() ->
                        throw new StoreException("the log of the store cannot be read up to where it should go");
                }
            }
        }
        var moment = new Recall.Moment(revision, with(nearest.topology(), values));
        known.put(revision, moment);
        return moment;
    }

    /** What values keys had before the first of several commits, or have after the last. */
    private static void collect(Commit commit, boolean isBefore, Map<Key, Optional<Bytes>> values) {
        for (var change : commit.changes()) {
            if (isBefore) {
                values.putIfAbsent(change.key(), change.before());
            } else {
                values.put(change.key(), change.after());
            }
        }
    }

    private Topology with(Topology topology, Map<Key, Optional<Bytes>> values) {
        var result = topology;
        for (var entry : values.entrySet()) {
            var key = entry.getKey();
            var id = Rows.id(key);
            if (id.isPresent()) {
                var entity = entry.getValue().flatMap(value -> Rows.entity(key, value, recurring));
                result = entity.isPresent() ? result.put(entity.get()) : result.remove(id.get());
            }
        }
        return result;
    }
}

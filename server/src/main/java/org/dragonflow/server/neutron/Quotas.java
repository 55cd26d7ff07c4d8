package org.dragonflow.server.neutron;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.dragonflow.model.Id;
import org.dragonflow.model.Quota;
import org.dragonflow.model.View;
import org.dragonflow.store.Edit;

/**
 * How many of each kind a project may have. Requests that are under way count too, so that many at a time cannot go beyond; between servers
 * the count can be late by the requests of a moment.
 */
final class Quotas {
    private static final long PATIENCE_MILLIS = 5_000;

    private final Map<String, Integer> standard;
    private final Map<List<String>, Integer> underWay = new HashMap<>();
    private final Map<Edit, Room> ofEdits = new HashMap<>();

    /** @param standard for projects of which nothing else is said, by the singular of the resource; a negative one is no limit */
    Quotas(Map<String, Integer> standard) {
        this.standard = Map.copyOf(standard);
    }

    /** What holds for a project of which nothing else is said. */
    Map<String, Integer> standard() {
        return standard;
    }

    /** What holds for this project. */
    Map<String, Integer> of(View view, String project) {
        var limits = new TreeMap<>(standard);
        view.get(Id.of(Quota.class, project))
                .ifPresent(quota ->
                        quota.limits().forEach((resource, limit) -> limits.put(resource, ((Number) limit).intValue())));
        return limits;
    }

    /** The room that a request needs; that of one whose changes become part of an edit, until that is over. */
    synchronized Room room(Optional<Edit> edit) {
        return edit.map(this::ofEdit).orElseGet(() -> new Room(false));
    }

    private Room ofEdit(Edit edit) {
        return ofEdits.computeIfAbsent(edit, _ -> {
            var room = new Room(true);
            edit.atEnd(() -> {
                forget(edit);
                room.giveBack();
            });
            return room;
        });
    }

    private synchronized void forget(Edit edit) {
        ofEdits.remove(edit);
    }

    /** Room for new entities, until closed. */
    final class Room implements AutoCloseable {
        private final Map<List<String>, Integer> held = new HashMap<>();
        private final boolean outlastsRequest;

        private Room(boolean outlastsRequest) {
            this.outlastsRequest = outlastsRequest;
        }

        /**
         * Makes room for some more of a kind, or refuses. Where that depends on how requests end that are under way, it waits for them.
         *
         * @param limit how many there may be; a negative one is no limit
         * @param present how many there are now, with those that this room was made for and that have been made
         */
        void reserve(String resource, String project, int limit, int count, IntSupplier present)
                throws InterruptedException {
            synchronized (Quotas.this) {
                var key = List.of(resource, project);
                long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
                while (limit >= 0 && present.getAsInt() + ofOthers(key) + count > limit) {
                    long left = deadline - System.currentTimeMillis();
                    if (ofOthers(key) == 0 || present.getAsInt() + count > limit || left <= 0) {
                        throw Refusals.overQuota(List.of("'" + resource + "'"));
                    }
                    Quotas.this.wait(left);
                }
                underWay.merge(key, count, Integer::sum);
                held.merge(key, count, Integer::sum);
            }
        }

        private int ofOthers(List<String> key) {
            return underWay.getOrDefault(key, 0) - held.getOrDefault(key, 0);
        }

        @Override
        public void close() {
            if (!outlastsRequest) {
                giveBack();
            }
        }

        private void giveBack() {
            synchronized (Quotas.this) {
                held.forEach((key, count) ->
                        underWay.computeIfPresent(key, (_, pending) -> pending.equals(count) ? null : pending - count));
                held.clear();
                Quotas.this.notifyAll();
            }
        }
    }
}

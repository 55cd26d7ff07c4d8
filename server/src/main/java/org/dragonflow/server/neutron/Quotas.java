package org.dragonflow.server.neutron;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.dragonflow.model.Id;
import org.dragonflow.model.Quota;
import org.dragonflow.model.View;

/**
 * How many of each kind a project may have. Requests that are under way count too, so that many at a time cannot go beyond; between servers
 * the count can be late by the requests of a moment.
 */
final class Quotas {
    private static final long PATIENCE_MILLIS = 5_000;

    private final Map<String, Integer> standard;
    private final Map<List<String>, Integer> underWay = new HashMap<>();

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

    /** Room for new entities, until closed. */
    interface Reservation extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Makes room for some more of a kind, or refuses. Where that depends on how requests end that are under way, it waits for them.
     *
     * @param limit how many there may be; a negative one is no limit
     * @param present how many there are now
     */
    synchronized Reservation reserve(String resource, String project, int limit, int count, IntSupplier present)
            throws InterruptedException {
        var key = List.of(resource, project);
        long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (limit >= 0 && present.getAsInt() + underWay.getOrDefault(key, 0) + count > limit) {
            long left = deadline - System.currentTimeMillis();
            if (!underWay.containsKey(key) || present.getAsInt() + count > limit || left <= 0) {
                throw Refusals.overQuota(List.of("'" + resource + "'"));
            }
            wait(left);
        }
        underWay.merge(key, count, Integer::sum);
        return () -> giveBack(key, count);
    }

    private synchronized void giveBack(List<String> key, int count) {
        underWay.computeIfPresent(key, (_, pending) -> pending == count ? null : pending - count);
        notifyAll();
    }
}

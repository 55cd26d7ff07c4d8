package org.dragonflow.server.neutron;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * How many of each kind a project may have. Requests that are under way count too, so that many at a time cannot go beyond; between servers
 * the count can be late by the requests of a moment.
 */
final class Quotas {
    private static final long PATIENCE_MILLIS = 5_000;

    private final Map<String, Integer> limits;
    private final Map<List<String>, Integer> underWay = new HashMap<>();

    /** @param limits by the singular of the resource; a negative one is none */
    Quotas(Map<String, Integer> limits) {
        this.limits = Map.copyOf(limits);
    }

    Map<String, Integer> limits() {
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
     * @param present how many there are now
     */
    synchronized Reservation reserve(String resource, String project, int count, IntSupplier present)
            throws InterruptedException {
        int limit = limits.getOrDefault(resource, -1);
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

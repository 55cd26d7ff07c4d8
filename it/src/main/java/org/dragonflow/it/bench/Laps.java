package org.dragonflow.it.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Durations in milliseconds, as many as are taken. Any thread may add one. */
final class Laps {
    private final List<Double> millis = Collections.synchronizedList(new ArrayList<>());

    static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    /** Something to be timed. */
    interface Work {
        void run() throws Exception;
    }

    void time(Work work) throws Exception {
        long began = System.nanoTime();
        work.run();
        add(millisSince(began));
    }

    void add(double lap) {
        millis.add(lap);
    }

    int count() {
        return millis.size();
    }

    /**
     * The least time within which this share of all laps was done.
     *
     * @param share above 0, at most 1
     */
    double percentile(double share) {
        var sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }
}

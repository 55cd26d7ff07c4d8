package org.dragonflow.ovsdb;

import java.util.Map;

/**
 * The queues of a port, as they should be: some that can always send so much, and one, 0, for all packets that no flow puts into another. What
 * one leaves unused, the others may use.
 *
 * @param port whose interfaces are devices of Linux
 * @param rate of the link, in bits a second
 * @param guaranteed bits a second, by the number of the queue, 1 to 0xefff
 */
public record QueueSpec(String port, long rate, Map<Integer, Long> guaranteed) {
    static final int FOR_ALL_OTHERS = 0;

    private static final int LAST = 0xefff;

    /** The others must not starve, be more promised than there is or not. */
    private static final long LEAST_PART_FOR_OTHERS = 100;

    public QueueSpec {
        guaranteed = Map.copyOf(guaranteed);
        if (rate <= 0) {
            throw new IllegalArgumentException("port %s has a link of %d bits a second".formatted(port, rate));
        }
        guaranteed.keySet().stream()
                .filter(number -> number <= FOR_ALL_OTHERS || number > LAST)
                .findAny()
                .ifPresent(number -> {
                    throw new IllegalArgumentException("no device of Linux has a queue %d".formatted(number));
                });
    }

    /** What nobody was promised. */
    long forOthers() {
        long promised = guaranteed.values().stream().mapToLong(Long::longValue).sum();
        return Math.max(rate - promised, rate / LEAST_PART_FOR_OTHERS);
    }
}

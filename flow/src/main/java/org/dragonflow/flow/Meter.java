package org.dragonflow.flow;

/**
 * A limit on the rate of what passes; what is over it is dropped.
 *
 * @param id 1 to 0xffff0000, from data, never from a counter
 * @param unit what is counted
 * @param rate how many of them a second are let through, at least 1
 * @param burst how many may come at once, at least 1; one packet that is more than this never passes
 */
public record Meter(long id, Unit unit, long rate, long burst) implements Entry {

    /** The largest rate and burst that OpenFlow can say. */
    public static final long LARGEST = 0xffff_ffffL;

    /** What a meter counts. */
    public enum Unit {
        PACKETS("packets"),
        /** Of the frame as it is then, from its link-layer header on. */
        KILOBITS("kbit");

        private final String word;

        Unit(String word) {
            this.word = word;
        }
    }

    /** What OpenFlow knows a meter by. */
    public record Key(long id) implements Entry.Key {}

    public static Meter ofPackets(long id, long rate, long burst) {
        return new Meter(id, Unit.PACKETS, rate, burst);
    }

    public static Meter ofKilobits(long id, long rate, long burst) {
        return new Meter(id, Unit.KILOBITS, rate, burst);
    }

    @Override
    public Key key() {
        return new Key(id);
    }

    /** What it lets through, in words. */
    public String limit() {
        return "%d %s/s, %d %s at once".formatted(rate, unit.word, burst, unit.word);
    }
}

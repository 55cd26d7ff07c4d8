package org.dragonflow.flow;

/**
 * A limit on the rate of packets; what is over it is dropped.
 *
 * @param id 1 to 0xffff0000, from data, never from a counter
 * @param packetsPerSecond the rate let through
 * @param burst how many packets may come at once
 */
public record Meter(long id, long packetsPerSecond, long burst) implements Entry {

    /** What OpenFlow knows a meter by. */
    public record Key(long id) implements Entry.Key {}

    @Override
    public Key key() {
        return new Key(id);
    }
}

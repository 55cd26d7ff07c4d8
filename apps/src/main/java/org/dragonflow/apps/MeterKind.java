package org.dragonflow.apps;

import org.dragonflow.model.Port;

/** What a meter counts. With the key of the port, or of the network, it is the meter's id, so that no id is given out. */
enum MeterKind {
    PUNTS(0),
    BANDWIDTH_FROM_PORT(1),
    BANDWIDTH_TO_PORT(2),
    PACKETS_FROM_PORT(3),
    PACKETS_TO_PORT(4),
    PUNTS_OF_WIRE(5),
    PUNTS_OF_TUNNELS(6);

    private static final int KEY_BITS = 28;

    private final long number;

    MeterKind(long number) {
        this.number = number;
    }

    /**
     * The id of a meter of this kind.
     *
     * @param key of a port, of a wire its network; a floating IP, and a router's gateway, goes by its port outside
     */
    long of(int key) {
        return number << KEY_BITS | key & Port.LARGEST_KEY;
    }
}

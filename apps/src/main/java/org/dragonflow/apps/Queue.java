package org.dragonflow.apps;

/**
 * A share of a wire that is held free for one local port: flows set this queue on what the port sends.
 *
 * @param physicalNetwork which wire
 * @param number of the queue, from 1 to 0xefff
 * @param kilobits a second that the queue can always send, at least 1
 */
public record Queue(String physicalNetwork, int number, long kilobits) {
    /** The last that Open vSwitch can make of a device of Linux. */
    static final int LAST = 0xefff;

    public Queue {
        if (number < 1 || number > LAST || kilobits < 1) {
            throw new IllegalArgumentException("no queue %d of %d kbit/s".formatted(number, kilobits));
        }
    }
}

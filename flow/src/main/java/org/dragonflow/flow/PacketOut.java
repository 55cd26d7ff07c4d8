package org.dragonflow.flow;

import java.util.List;

/**
 * A packet that the switch is to handle as if it had met it.
 *
 * @param frame the packet
 * @param inPort the port it is taken to have come in on; {@link #CONTROLLER} if on none
 * @param registers what it carries: exact tests on registers, metadata and tunnel fields
 * @param actions what is done to it
 */
public record PacketOut(Frame frame, long inPort, Match registers, List<Action> actions) {
    /** The reserved port of what the controller makes (OFPP_CONTROLLER). */
    public static final long CONTROLLER = 0xffff_fffdL;

    /** The reserved port that starts the packet at the first table, when named in an output action (OFPP_TABLE). */
    public static final long TABLE = 0xffff_fff9L;

    public PacketOut {
        actions = List.copyOf(actions);
    }
}

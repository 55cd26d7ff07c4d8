package org.dragonflow.compile;

import java.util.List;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.Table;

/**
 * How a packet that the controller made leaves the switch.
 *
 * @param inPort the port that it is taken to have come in on; {@link PacketOut#CONTROLLER} if on none
 * @param registers what it has in the registers then
 * @param action what is done with it
 */
public record Exit(long inPort, Match registers, Action action) {
    /** By a port, as it is. */
    public static Exit port(long ofport) {
        return new Exit(PacketOut.CONTROLLER, Match.ANY, Action.output(ofport));
    }

    /** By the flows of a table and of those behind it. */
    public static Exit table(Table table, Match registers) {
        return new Exit(PacketOut.CONTROLLER, registers, Action.resubmit(table));
    }

    /** As what came in on a port of this switch: Open vSwitch loses what its flows track and came in on none. */
    public Exit from(long ofport) {
        return new Exit(ofport, registers, action);
    }

    List<Action> actions() {
        return List.of(action);
    }
}

package org.dragonflow.compile;

import java.util.List;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Table;

/**
 * How a packet that the controller made leaves the switch.
 *
 * @param registers what it has in the registers then
 * @param action what is done with it
 */
public record Exit(Match registers, Action action) {
    /** By a port, as it is. */
    public static Exit port(long ofport) {
        return new Exit(Match.ANY, Action.output(ofport));
    }

    /** By the flows of a table and of those behind it. */
    public static Exit table(Table table, Match registers) {
        return new Exit(registers, Action.resubmit(table));
    }

    List<Action> actions() {
        return List.of(action);
    }
}

package org.dragonflow.trace;

import java.util.List;
import java.util.Optional;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Table;

/** One thing that happened to a packet on its way. Steps nest: what follows from a step is one level deeper. */
public sealed interface Step {
    int depth();

    /**
     * The packet enters the pipeline: from a port, from the controller, or again after connection tracking.
     *
     * @param reread headers that were set but did not find room in the frame, and so are lost when it is read again
     */
    record Entered(int depth, String how, Headers headers, List<Change> reread) implements Step {
        public Entered {
            reread = List.copyOf(reread);
        }
    }

    /**
     * The packet is looked up in a table.
     *
     * @param number of the table in the switch
     * @param flow that is done; none if no flow matches, which drops the packet
     */
    record LookedUp(int depth, Table table, int number, Optional<Flow> flow, Headers headers) implements Step {}

    /**
     * An action is done.
     *
     * @param changes of the packet's headers
     * @param remark on what a reader would not expect; empty if there is nothing to say
     */
    record Did(int depth, Action action, List<Change> changes, String remark) implements Step {
        public Did {
            changes = List.copyOf(changes);
        }
    }

    /** The actions of a pass through the pipeline are done. */
    record Left(int depth, Headers headers) implements Step {}

    /** The end of a way. */
    record Ended(int depth, Outcome outcome) implements Step {}
}

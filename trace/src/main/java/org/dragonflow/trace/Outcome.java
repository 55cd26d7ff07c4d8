package org.dragonflow.trace;

import java.util.Optional;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Table;

/** Where a packet, or a copy of it, has ended. */
public sealed interface Outcome {

    /** The packet as it was at its end. */
    Packet packet();

    /** Left through a port; to a tunnel port, with the tunnel headers of the packet. */
    record Output(long port, Packet packet) implements Outcome {}

    /**
     * Went to the controller.
     *
     * @param flow that sent it there; empty if the controller did it itself
     */
    record Punted(String userdata, Optional<Flow> flow, Packet packet) implements Outcome {}

    /**
     * Went nowhere. A copy that is dropped, while others go on, has an outcome of its own; a table that is only asked (by a resubmit
     * whose flow sets something and returns) drops nothing.
     *
     * @param table where it was looked up last
     * @param flow that did nothing more with it; empty if none matched
     * @param reason in words
     */
    record Dropped(Table table, Optional<Flow> flow, String reason, Packet packet) implements Outcome {
        /** The reason that ends a fragment whose packet did not begin to come. */
        public static final String KEPT = "it is kept until the first piece of its packet is there";
    }
}

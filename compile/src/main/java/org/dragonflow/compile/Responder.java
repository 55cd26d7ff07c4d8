package org.dragonflow.compile;

import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.dragonflow.model.View;
import org.dragonflow.packet.Ethernet;

/**
 * Answers packets that flows punt: a pure function of the packet, its registers and the topology.
 *
 * @param name for logs and traces
 * @param reason the value of the punt reason that a flow sets for this responder
 */
public record Responder(String name, int reason, BiFunction<Punted, View, Stream<Answer>> answer) {

    /** A packet to send out of a port of this switch, as it is. */
    public record Answer(Ethernet packet, long ofport) {}
}

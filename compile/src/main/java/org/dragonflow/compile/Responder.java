package org.dragonflow.compile;

import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.dragonflow.model.Neighbour;
import org.dragonflow.model.View;
import org.dragonflow.packet.Ethernet;

/**
 * Answers packets that flows punt: a pure function of the packet, its registers and the topology.
 *
 * @param name for logs and traces
 * @param reason the value of the punt reason that a flow sets for this responder
 * @param answer what the switch is to send for it
 * @param observation what was learnt from it: entities that the topology is to hold from now on
 */
public record Responder(
        String name,
        int reason,
        BiFunction<Punted, View, Stream<Answer>> answer,
        BiFunction<Punted, View, Stream<Neighbour>> observation) {

    /** One that learns nothing. */
    public Responder(String name, int reason, BiFunction<Punted, View, Stream<Answer>> answer) {
        this(name, reason, answer, (_, _) -> Stream.of());
    }

    /** One that only learns. */
    public static Responder learning(String name, int reason, BiFunction<Punted, View, Stream<Neighbour>> observation) {
        return new Responder(name, reason, (_, _) -> Stream.of(), observation);
    }

    /** A packet to send out of a port of this switch, as it is. */
    public record Answer(Ethernet packet, long ofport) {}
}

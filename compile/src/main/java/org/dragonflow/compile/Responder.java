package org.dragonflow.compile;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.dragonflow.flow.Table;
import org.dragonflow.model.Id;
import org.dragonflow.model.Neighbour;
import org.dragonflow.model.Observation;
import org.dragonflow.model.View;
import org.dragonflow.packet.Ethernet;

/**
 * Answers packets that flows punt: a pure function of the packet, its registers and the topology.
 *
 * @param name for logs and traces
 * @param reason the value of the punt reason that a flow sets for this responder
 * @param answer what the switch is to send for it
 * @param observation what was heard by it
 * @param waiting for whom the packet waits, if it is to go on once that is known
 */
public record Responder(
        String name,
        int reason,
        BiFunction<Punted, View, Stream<Answer>> answer,
        BiFunction<Punted, View, Stream<? extends Observation>> observation,
        BiFunction<Punted, View, Optional<Waiting>> waiting) {

    /** One that learns nothing. */
    public Responder(String name, int reason, BiFunction<Punted, View, Stream<Answer>> answer) {
        this(name, reason, answer, (_, _) -> Stream.of(), (_, _) -> Optional.empty());
    }

    /** One that only learns. */
    public static Responder learning(
            String name, int reason, BiFunction<Punted, View, Stream<? extends Observation>> observation) {
        return new Responder(name, reason, (_, _) -> Stream.of(), observation, (_, _) -> Optional.empty());
    }

    /** One that asks, for packets that wait until who is asked for is known. */
    public static Responder asking(
            String name,
            int reason,
            BiFunction<Punted, View, Stream<Answer>> question,
            BiFunction<Punted, View, Optional<Waiting>> waiting) {
        return new Responder(name, reason, question, (_, _) -> Stream.of(), waiting);
    }

    /** A packet to send. */
    public record Answer(Ethernet packet, Exit exit) {
        /** Out of a port of this switch. */
        public Answer(Ethernet packet, long ofport) {
            this(packet, Exit.port(ofport));
        }
    }

    /**
     * That a packet waits.
     *
     * @param neighbour for whom
     * @param table where it goes on, with the registers that it had
     */
    public record Waiting(Id<Neighbour> neighbour, Table table) {}
}

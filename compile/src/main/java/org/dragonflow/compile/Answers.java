package org.dragonflow.compile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Frame;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.model.Id;
import org.dragonflow.model.Neighbour;
import org.dragonflow.model.Observation;
import org.dragonflow.model.View;

/**
 * Finds the responder that a packet was punted for, and what the switch is to send for it.
 *
 * @param responders by the reason that they answer
 * @param reason where a flow says why it punts
 */
public record Answers(Map<Long, Responder> responders, Field reason) {
    public Answers {
        responders = Map.copyOf(responders);
    }

    /** Those of the apps; no two may answer for the same reason. */
    public static Answers of(List<App> apps, Field reason) {
        var responders = apps.stream()
                .flatMap(app -> app.responders().stream())
                .collect(Collectors.toUnmodifiableMap(responder -> (long) responder.reason(), r -> r));
        return new Answers(responders, reason);
    }

    /** Who is to answer; nobody, if the flow that punted it is of a version of apps that is no more. */
    public Optional<Responder> responder(Punted punted) {
        return Optional.ofNullable(responders.get(punted.get(reason)));
    }

    /** What the switch is to send. If the responder fails, so does this. */
    public List<PacketOut> to(Punted punted, View view) {
        return responder(punted).stream()
                .flatMap(responder -> responder.answer().apply(punted, view))
                .map(Answers::out)
                .toList();
    }

    /** For whom the packet waits, and how it goes on. If the responder fails, so does this. */
    public Optional<Awaiting> waiting(Punted punted, View view) {
        return responder(punted)
                .flatMap(responder -> responder.waiting().apply(punted, view))
                .map(waiting -> new Awaiting(
                        waiting.neighbour(),
                        new PacketOut(
                                Frame.of(punted.packet().encode()),
                                PacketOut.CONTROLLER,
                                punted.registers(),
                                List.of(Action.resubmit(waiting.table())))));
    }

    /** A packet that is to be sent once the neighbour is known. */
    public record Awaiting(Id<Neighbour> neighbour, PacketOut packet) {}

    /** What was learnt from it. If the responder fails, so does this. */
    public List<Observation> seen(Punted punted, View view) {
        return responder(punted).stream()
                .<Observation>flatMap(responder -> responder.observation().apply(punted, view))
                .toList();
    }

    /** How a switch is told to send it. */
    public static PacketOut out(Responder.Answer answer) {
        return new PacketOut(
                Frame.of(answer.packet().encode()),
                answer.exit().inPort(),
                answer.exit().registers(),
                answer.exit().actions());
    }
}

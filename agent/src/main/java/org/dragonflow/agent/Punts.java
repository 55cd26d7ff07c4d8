package org.dragonflow.agent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Punted;
import org.dragonflow.compile.Responder;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Frame;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.SwitchEvent;
import org.dragonflow.model.View;
import org.dragonflow.packet.Ethernet;

/** Finds the answers to punted packets; a responder that fails leaves its packet unanswered, and nothing else. */
final class Punts {
    private final Map<Long, Responder> responders;
    private final Field reason;
    private final Map<String, String> faults = new TreeMap<>();

    Punts(List<App> apps, Field reason) {
        this.responders = apps.stream()
                .flatMap(app -> app.responders().stream())
                .collect(Collectors.toUnmodifiableMap(responder -> (long) responder.reason(), r -> r));
        this.reason = reason;
    }

    List<PacketOut> answers(SwitchEvent.PacketIn punt, View view) {
        var headers = punt.metadata().tests().stream()
                .collect(Collectors.toMap(Match.Test::header, Match.Test::value, (a, _) -> a, HashMap::new));
        return Ethernet.decode(punt.frame().bytes()).optional().stream()
                .map(packet -> new Punted(packet, headers))
                .flatMap(punted -> answers(punted, view).stream())
                .toList();
    }

    private List<PacketOut> answers(Punted punted, View view) {
        var responder = responders.get(punted.get(reason));
        if (responder == null) {
            return List.of();
        }
        try {
            return responder.answer().apply(punted, view).map(Punts::out).toList();
        } catch (RuntimeException e) {
            faults.put(responder.name(), "responder %s fails: %s".formatted(responder.name(), e));
            return List.of();
        }
    }

    private static PacketOut out(Responder.Answer answer) {
        return new PacketOut(
                Frame.of(answer.packet().encode()),
                PacketOut.CONTROLLER,
                Match.ANY,
                List.of(Action.output(answer.ofport())));
    }

    /** What responders have failed at, one text each. */
    Map<String, String> faults() {
        return faults;
    }
}

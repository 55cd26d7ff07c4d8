package org.dragonflow.agent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.dragonflow.compile.Answers;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Punted;
import org.dragonflow.compile.Responder;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.SwitchEvent;
import org.dragonflow.model.View;
import org.dragonflow.packet.Ethernet;

/** Finds the answers to punted packets; a responder that fails leaves its packet unanswered, and nothing else. */
final class Punts {
    private final Answers answers;
    private final Map<String, String> faults = new TreeMap<>();

    Punts(List<App> apps, Field reason) {
        this.answers = Answers.of(apps, reason);
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
        try {
            return answers.to(punted, view);
        } catch (RuntimeException e) {
            var name = answers.responder(punted).map(Responder::name).orElse("of nobody");
            faults.put(name, "responder %s fails: %s".formatted(name, e));
            return List.of();
        }
    }

    /** What responders have failed at, one text each. */
    Map<String, String> faults() {
        return faults;
    }
}

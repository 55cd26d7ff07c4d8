package org.dragonflow.agent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.dragonflow.model.Observation;
import org.dragonflow.model.View;
import org.dragonflow.packet.Ethernet;

/** Finds the answers to punted packets; a responder that fails leaves its packet unanswered, and nothing else. */
final class Punts {
    private final Answers answers;
    private final Map<String, String> faults = new TreeMap<>();

    Punts(List<App> apps, Field reason) {
        this.answers = Answers.of(apps, reason);
    }

    /**
     * What follows from a packet.
     *
     * @param answers to be sent now
     * @param heard what was heard by it
     * @param waiting the packet itself, if it is to go on once somebody is known
     */
    record Outcome(List<PacketOut> answers, List<Observation> heard, Optional<Answers.Awaiting> waiting) {
        static final Outcome NOTHING = new Outcome(List.of(), List.of(), Optional.empty());
    }

    Outcome of(SwitchEvent.PacketIn punt, View view) {
        var headers = punt.metadata().tests().stream()
                .collect(Collectors.toMap(Match.Test::header, Match.Test::value, (a, _) -> a, HashMap::new));
        return Ethernet.decode(punt.frame().bytes())
                .optional()
                .map(packet -> of(new Punted(packet, headers), view))
                .orElse(Outcome.NOTHING);
    }

    private Outcome of(Punted punted, View view) {
        try {
            return new Outcome(answers.to(punted, view), answers.seen(punted, view), answers.waiting(punted, view));
        } catch (RuntimeException e) {
            var name = answers.responder(punted).map(Responder::name).orElse("of nobody");
            faults.put(name, "responder %s fails: %s".formatted(name, e));
            return Outcome.NOTHING;
        }
    }

    /** What responders have failed at, one text each. */
    Map<String, String> faults() {
        return faults;
    }
}

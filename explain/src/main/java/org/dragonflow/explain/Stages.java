package org.dragonflow.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.compile.Maker;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Header;
import org.dragonflow.model.Port;
import org.dragonflow.trace.Outcome;
import org.dragonflow.trace.Step;
import org.dragonflow.trace.Trace;

/** A trace through one switch as stages: one for each table, with the rules behind its flow. */
final class Stages {
    /** So many members of a group, or rules, are named; more would say no more. */
    private static final int ENOUGH = 3;

    private final Names names;
    private final Twin twin;
    private final Port from;
    private final Reasons reasons;

    Stages(Names names, Twin twin, Port from) {
        this.names = names;
        this.twin = twin;
        this.from = from;
        this.reasons = new Reasons(names);
    }

    List<Explanation.Stage> of(Trace trace) {
        var stages = new ArrayList<Explanation.Stage>();
        var steps = trace.steps();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Step.LookedUp lookup) {
                stages.add(stage(lookup, behind(steps, i)));
            }
        }
        return stages;
    }

    /** What was done until the next lookup. */
    private static List<Step> behind(List<Step> steps, int lookup) {
        return steps.stream()
                .skip(lookup + 1L)
                .takeWhile(step -> !(step instanceof Step.LookedUp))
                .toList();
    }

    private Explanation.Stage stage(Step.LookedUp lookup, List<Step> behind) {
        var makers = lookup.flow().map(flow -> makers(flow, lookup)).orElse(List.of());
        boolean isOpen = names.audience().isOperator();
        return new Explanation.Stage(
                lookup.number(),
                lookup.table().name(),
                lookup.depth(),
                lookup.flow().filter(_ -> isOpen).map(Stages::text),
                makers.stream().map(this::reason).toList(),
                isOpen ? changes(behind) : List.of(),
                why(lookup, makers, behind));
    }

    private static Explanation.FlowText text(Flow flow) {
        return new Explanation.FlowText(
                flow.priority(),
                flow.match().toString(),
                flow.actions().stream().map(Object::toString).toList(),
                flow.cookie());
    }

    private static List<String> changes(List<Step> behind) {
        return behind.stream()
                .flatMap(step -> step instanceof Step.Did did ? did.changes().stream() : Stream.empty())
                .filter(change -> !change.before().equals(change.after()))
                .map(Object::toString)
                .toList();
    }

    private Explanation.Reason reason(Maker maker) {
        var id = maker.subject();
        return new Explanation.Reason(
                maker.app(),
                maker.rule(),
                Names.type(id),
                names.isKnown(id) ? Optional.of(id.value()) : Optional.empty(),
                names.of(id));
    }

    /** Whose flow it is; of a conjunction, those who made its parts. */
    private List<Maker> makers(Flow flow, Step.LookedUp lookup) {
        var conjunction = flow.match().tests().stream()
                .filter(test -> test.header() == Header.CONJ_ID)
                .map(test -> test.value())
                .findFirst();
        return conjunction
                .map(id -> parts(id, lookup))
                .filter(parts -> !parts.isEmpty())
                .orElseGet(() -> twin.makersOf(flow.key()));
    }

    private List<Maker> parts(Bits conjunction, Step.LookedUp lookup) {
        return twin.flows()
                .flows()
                .filter(flow -> flow.table().equals(lookup.table()))
                .filter(flow -> flow.actions().stream().anyMatch(action -> isPart(action, conjunction)))
                .filter(flow -> lookup.headers().matches(flow.match()))
                .sorted((a, b) -> Integer.compare(clause(a), clause(b)))
                .flatMap(flow -> twin.makersOf(flow.key()).stream())
                .distinct()
                .toList();
    }

    private static boolean isPart(Action action, Bits conjunction) {
        return action instanceof Action.Conjunction(long id, int _, int _) && conjunction.equals(Bits.of(id));
    }

    private static int clause(Flow flow) {
        return flow.actions().stream()
                .map(action -> action instanceof Action.Conjunction(long _, int clause, int _) ? clause : 0)
                .findFirst()
                .orElse(0);
    }

    private String why(Step.LookedUp lookup, List<Maker> makers, List<Step> behind) {
        var drop = behind.stream()
                .flatMap(step -> step instanceof Step.Ended(int _, Outcome.Dropped dropped)
                        ? Stream.of(dropped)
                        : Stream.empty())
                .findFirst();
        if (drop.isPresent()) {
            return reasons.of(drop.get(), from);
        }
        if (Reasons.isOnlyAsked(lookup.table().name())) {
            return "allowed by " + named(makers);
        }
        return new Shaping(names, twin)
                .of(lookup)
                .orElseGet(() -> makers.isEmpty() ? "no flow" : "%s: %s".formatted(rules(makers), named(makers)));
    }

    private static String rules(List<Maker> makers) {
        return makers.stream()
                .map(maker -> "%s/%s".formatted(maker.app(), maker.rule()))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private String named(List<Maker> makers) {
        var all = makers.stream()
                .map(maker -> names.of(maker.subject()))
                .distinct()
                .toList();
        var some = String.join(", ", all.subList(0, Math.min(ENOUGH, all.size())));
        return all.size() > ENOUGH ? "%s and %d more".formatted(some, all.size() - ENOUGH) : some;
    }
}

package org.dragonflow.agent;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Compiler;
import org.dragonflow.compile.Maker;
import org.dragonflow.compile.Problem;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Topology;

/** What the switch should hold, and why. */
final class Program {
    private static final int APP_AND_RULE = 32;

    private final Compiler compiler;
    private long runsWhenAsked = -1;
    private List<Problem> problems = List.of();

    // The compiler copies all it has to tell; asked for at a resync, an audit, and by operators.
    private FlowTable flows = FlowTable.EMPTY;
    private boolean isFlowsStale;

    Program(Pipeline pipeline, List<App> apps) {
        this.compiler = new Compiler(pipeline, apps);
    }

    /** Takes the changes; gives the changes of the facts that follow from them. */
    List<Delta> tell(Collection<Delta> deltas) {
        return compiler.tell(deltas);
    }

    /** What all that was told changes in the switch. */
    Bundle settle() {
        var bundle = compiler.settle();
        isFlowsStale |= !bundle.isEmpty();
        return bundle;
    }

    FlowTable flows() {
        if (isFlowsStale) {
            flows = compiler.flows();
            isFlowsStale = false;
        }
        return flows;
    }

    /** What the compiler was told, and what follows from it. */
    Topology topology() {
        return compiler.topology();
    }

    List<Maker> makersOf(Entry.Key key) {
        return compiler.makersOf(key);
    }

    /** The makers in words. */
    String whoMade(Entry.Key key) {
        var makers = makersOf(key);
        return makers.isEmpty()
                ? "nobody"
                : makers.stream().map(Maker::toString).sorted().limit(3).collect(Collectors.joining(" and "));
    }

    /** Which rule signs with a cookie like this, as far as a flow of today tells. */
    Optional<String> ruleBehind(long cookie) {
        return flows().flows()
                .filter(flow -> flow.cookie() >>> APP_AND_RULE == cookie >>> APP_AND_RULE)
                .flatMap(flow -> makersOf(flow.key()).stream())
                .map(maker -> maker.app() + "/" + maker.rule())
                .findFirst();
    }

    Stream<Flow> withCookie(long cookie) {
        return flows().flows().filter(flow -> flow.cookie() == cookie);
    }

    /** The faults there are now. */
    List<Problem> problems() {
        // The compiler looks at all it has to tell; nothing can have changed if it has run nothing.
        if (runsWhenAsked != compiler.runs()) {
            problems = compiler.problems();
            runsWhenAsked = compiler.runs();
        }
        return problems;
    }

    /** What rules have failed at, one text each. */
    Map<String, String> faults() {
        return problems().stream()
                .collect(Collectors.toMap(
                        problem -> "%s/%s/%s".formatted(problem.app(), problem.rule(), problem.subject()),
                        Problem::toString,
                        (a, _) -> a));
    }
}

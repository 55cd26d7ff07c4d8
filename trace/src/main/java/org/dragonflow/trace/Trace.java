package org.dragonflow.trace;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Table;

/**
 * What became of one packet in one switch, and why.
 *
 * @param arrived the packet as it came
 * @param steps in the order in which they happened
 * @param outcomes where the packet and its copies ended, in order
 * @param connections that the switch knows afterwards
 */
public record Trace(Packet arrived, List<Step> steps, List<Outcome> outcomes, Conntrack connections) {
    public Trace {
        steps = List.copyOf(steps);
        outcomes = List.copyOf(outcomes);
    }

    public List<Outcome.Output> outputs() {
        return only(Outcome.Output.class);
    }

    public List<Outcome.Punted> punts() {
        return only(Outcome.Punted.class);
    }

    public List<Outcome.Dropped> drops() {
        return only(Outcome.Dropped.class);
    }

    private <T extends Outcome> List<T> only(Class<T> kind) {
        return outcomes.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Whether nothing came out, neither of a port nor to the controller. */
    public boolean isDropped() {
        return outputs().isEmpty() && punts().isEmpty();
    }

    /** Whether nothing came out, and the packet or a copy of it ended in this table. */
    public boolean isDroppedIn(Table table) {
        return isDropped() && drops().stream().anyMatch(drop -> drop.table().equals(table));
    }

    /** Whether the packet or a copy of it was looked up in this table. */
    public boolean visits(Table table) {
        return lookups().anyMatch(step -> step.table().equals(table));
    }

    /** The flows that were done, in order. Their cookies lead to those who made them. */
    public List<Flow> flows() {
        return lookups().map(Step.LookedUp::flow).flatMap(Optional::stream).toList();
    }

    public Stream<Step.LookedUp> lookups() {
        return steps.stream().filter(Step.LookedUp.class::isInstance).map(Step.LookedUp.class::cast);
    }

    /** In the manner of {@code ovs-appctl ofproto/trace}, with the names of tables and fields. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (var step : steps) {
            if (step instanceof Step.Left) {
                continue;
            }
            text.append("    ".repeat(step.depth())).append(line(step)).append('\n');
        }
        return text.toString();
    }

    private static String line(Step step) {
        return switch (step) {
            case Step.Entered(int _, var how, var headers, var reread) ->
                "%s: %s%s".formatted(how, headers, reread.isEmpty() ? "" : " -- read anew: " + reread);
            case Step.LookedUp(int _, var table, int number, var flow, var _) ->
                "%2d. %s: %s".formatted(number, table, flow.map(Trace::line).orElse("no match"));
            case Step.Did(int _, var action, var changes, var remark) ->
                Notation.of(action)
                        + changes.stream()
                                .map(change -> " (was %s)".formatted(Notation.of(change.field(), change.before())))
                                .findFirst()
                                .filter(_ -> changes.size() == 1)
                                .orElse(changes.isEmpty() ? "" : " " + changes)
                        + (remark.isEmpty() ? "" : " -- " + remark);
            case Step.Left(int _, var headers) -> headers.toString();
            case Step.Ended(int _, var outcome) -> line(outcome);
        };
    }

    private static String line(Flow flow) {
        return "%s, priority %d, cookie 0x%x".formatted(Notation.of(flow.match()), flow.priority(), flow.cookie());
    }

    private static String line(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Output(long port, var packet) -> "=> out of port %d: %s".formatted(port, packet.headers());
            case Outcome.Punted(var userdata, var _, var packet) ->
                "=> to the controller with %s: %s".formatted(userdata, packet.headers());
            case Outcome.Dropped(var table, var _, var reason, var _) ->
                "=> dropped in %s: %s".formatted(table, reason);
        };
    }
}

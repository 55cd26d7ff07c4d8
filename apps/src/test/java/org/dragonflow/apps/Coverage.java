package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.dragonflow.compile.Compiler;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Table;
import org.dragonflow.trace.Outcome;
import org.dragonflow.trace.Step;
import org.dragonflow.trace.Trace;

/** Counts which parts of the pipeline packets have seen, so that a test that has stopped to test something fails. */
final class Coverage {
    private static final int LEAST = 5;
    private static final int NEW = 0x21;
    private static final int ESTABLISHED = 0x22;
    private static final int RELATED = 0x24;
    private static final int REPLY = 0x2a;
    private static final int INVALID = 0x30;

    private final Map<String, Integer> seen = new TreeMap<>();
    private final Set<String> rules = new TreeSet<>();

    /** Packets are to meet what these rules have made; a dimension of a conjunction is met by what follows from all of them. */
    void expect(Compiler compiler) {
        compiler.flows()
                .flows()
                .filter(flow -> flow.actions().stream().noneMatch(Action.Conjunction.class::isInstance))
                .flatMap(flow -> rules(compiler, flow))
                .forEach(rules::add);
    }

    private static Stream<String> rules(Compiler compiler, Flow flow) {
        return compiler.makersOf(flow.key()).stream().map(maker -> "rule %s/%s".formatted(maker.app(), maker.rule()));
    }

    void add(Trace trace, Compiler compiler) {
        trace.flows().stream().flatMap(flow -> rules(compiler, flow)).distinct().forEach(this::count);
        trace.lookups().map(step -> "table " + step.table()).distinct().forEach(this::count);
        trace.flows().stream()
                .filter(flow -> flow.match().tests().stream().anyMatch(test -> test.header() == Header.CONJ_ID))
                .forEach(flow -> count("conjunction in " + flow.table()));
        trace.steps().stream()
                .filter(Step.Entered.class::isInstance)
                .map(step -> ((Step.Entered) step).headers())
                .filter(headers -> headers.number(Header.CT_STATE) != 0)
                .forEach(headers -> count("state %x%s"
                        .formatted(
                                headers.number(Header.CT_STATE),
                                headers.number(Header.CT_MARK) == 0 ? "" : " blocked")));
        trace.steps().stream()
                .filter(Step.Entered.class::isInstance)
                .map(step -> ((Step.Entered) step).headers())
                .filter(headers -> headers.number(Header.CT_STATE) != 0 && headers.number(Header.VLAN_VID) != 0)
                .forEach(_ -> count("a tracked packet with its sender's tag"));
        trace.steps().stream()
                .filter(step -> step instanceof Step.Did did && did.action() instanceof Action.SetQueue)
                .forEach(_ -> count("what a port has a queue for"));
        long arrived = trace.arrived().headers().number(Header.IN_PORT);
        trace.outcomes().forEach(outcome -> add(outcome, arrived));
    }

    private void add(Outcome outcome, long arrived) {
        switch (outcome) {
            case Outcome.Output(long port, var packet) -> {
                count(port < RandomWorld.GENEVE_PORT ? "out of a server's port" : "out of port " + port);
                if (port < RandomWorld.GENEVE_PORT && packet.headers().number(Header.VLAN_VID) != 0) {
                    count(port == arrived ? "back to its card for a subport" : "to another card for a subport");
                }
            }
            case Outcome.Punted punted ->
                count("punted for "
                        + punted.packet().headers().get(Registers.PUNT_REASON).low());
            case Outcome.Dropped _ -> {}
        }
    }

    private void count(String part) {
        seen.merge(part, 1, Integer::sum);
    }

    void assertEverythingWasSeen() {
        var parts = new ArrayList<String>();
        Apps.pipeline().tables().stream().map(Table::toString).forEach(table -> parts.add("table " + table));
        for (var table : List.of(Tables.FROM_PORT_RULES, Tables.TO_PORT_RULES)) {
            parts.add("conjunction in " + table);
        }
        for (int state : List.of(NEW, ESTABLISHED, REPLY, RELATED | 8, INVALID)) {
            parts.add("state %x".formatted(state));
        }
        parts.addAll(List.of("state %x blocked".formatted(ESTABLISHED), "state %x blocked".formatted(REPLY)));
        for (var reason : PuntReason.values()) {
            parts.add("punted for " + reason.number());
        }
        parts.add("a tracked packet with its sender's tag");
        parts.add("what a port has a queue for");
        parts.add("out of a server's port");
        parts.add("back to its card for a subport");
        parts.add("to another card for a subport");
        parts.add("out of port " + RandomWorld.GENEVE_PORT);
        parts.add("out of port " + RandomWorld.VXLAN_PORT);
        parts.add("out of port " + RandomWorld.WIRE_PORT);
        parts.add("out of port " + RandomWorld.METADATA_PORT);
        parts.addAll(rules);
        assertThat(parts)
                .as("parts of the pipeline, of %s", seen)
                .allMatch(part -> seen.getOrDefault(part, 0) >= LEAST);
    }
}

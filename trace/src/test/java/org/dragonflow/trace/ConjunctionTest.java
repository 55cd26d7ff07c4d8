package org.dragonflow.trace;

import static org.dragonflow.flow.Action.output;
import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.TraceAssert.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Table;
import org.junit.jupiter.api.Test;

class ConjunctionTest {
    private static final Table TABLE = Table.of("rules", "test", "");
    private static final Match UDP = Match.IPV4.and(Field.IP_PROTO, 17);
    private static final Match FROM_ONE = Match.IPV4.and(Field.IPV4_SRC, 0x0a00_0001L);
    private static final Match TO_DNS = UDP.and(Field.UDP_DST, 53);
    private static final Packet QUESTION =
            eth().ip4("10.0.0.1", "10.0.0.2").udp(1000, 53).on(1);

    private static Flow soft(int priority, Match match, int clause) {
        return Flow.in(TABLE, priority, match, new Action.Conjunction(7, clause, 2));
    }

    private static Flow met(int priority) {
        return Flow.in(TABLE, priority, Match.IPV4.and(Field.CONJ_ID, 7), output(2));
    }

    private static Flow hard(int priority, Match match, long port) {
        return Flow.in(TABLE, priority, match, output(port));
    }

    private static Trace traceWith(Flow... flows) {
        return new Tracer(Pipeline.of(TABLE), FlowTable.of(Arrays.asList(flows))).trace(QUESTION);
    }

    @Test
    void aConjunctionIsMetWhenAllItsDimensionsAre() {
        assertThat(traceWith(soft(10, FROM_ONE, 0), soft(10, TO_DNS, 1), met(10)))
                .comesOutOf(2L);
    }

    @Test
    void aConjunctionOfWhichADimensionIsMissingIsNoMatch() {
        assertThat(traceWith(soft(10, FROM_ONE, 0), met(10))).isDroppedIn(TABLE);
    }

    @Test
    void dimensionsOfDifferentPrioritiesDoNotMeet() {
        assertThat(traceWith(soft(10, FROM_ONE, 0), soft(9, TO_DNS, 1), met(10)))
                .isDropped();
    }

    @Test
    void aCertainMatchOfHigherPriorityGoesBeforeAConjunction() {
        assertThat(traceWith(soft(10, FROM_ONE, 0), soft(10, TO_DNS, 1), met(10), hard(11, UDP, 3)))
                .comesOutOf(3L);
    }

    @Test
    void aConjunctionGoesBeforeACertainMatchOfLowerPriority() {
        assertThat(traceWith(soft(10, FROM_ONE, 0), soft(10, TO_DNS, 1), met(10), hard(9, UDP, 3)))
                .comesOutOf(2L);
    }

    @Test
    void anUnmetConjunctionUncoversTheFlowOfTheSameMatchBelowIt() {
        assertThat(traceWith(soft(10, FROM_ONE, 0), met(10), hard(5, FROM_ONE, 4)))
                .comesOutOf(4L);
    }

    // Which surprises: once a conjunction is met, its flow is looked up among all others, by its own priority.
    @Test
    void theFlowOfAMetConjunctionStillHasToWin() {
        assertThat(traceWith(soft(10, FROM_ONE, 0), soft(10, TO_DNS, 1), met(1)))
                .comesOutOf(2L);
        assertThat(traceWith(soft(10, FROM_ONE, 0), soft(10, TO_DNS, 1), met(1), hard(5, UDP, 3)))
                .comesOutOf(3L);
    }

    @Test
    void oneFlowMayServeSeveralConjunctions() {
        var flows = new ArrayList<>(List.of(soft(10, TO_DNS, 1), met(10)));
        flows.add(Flow.in(TABLE, 10, FROM_ONE, new Action.Conjunction(8, 0, 3), new Action.Conjunction(7, 0, 2)));
        assertThat(traceWith(flows.toArray(Flow[]::new))).comesOutOf(2L);
    }
}

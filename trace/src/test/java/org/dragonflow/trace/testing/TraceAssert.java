package org.dragonflow.trace.testing;

import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.dragonflow.flow.Table;
import org.dragonflow.trace.Outcome;
import org.dragonflow.trace.Trace;

/** What a test says of a packet in one switch; a failure shows the whole trace. */
public final class TraceAssert extends AbstractAssert<TraceAssert, Trace> {
    private TraceAssert(Trace actual) {
        super(actual, TraceAssert.class);
    }

    public static TraceAssert assertThat(Trace trace) {
        return new TraceAssert(trace);
    }

    /** Nothing came out, and the packet ended in this table. */
    public TraceAssert isDroppedIn(Table table) {
        return isTrue(actual.isDroppedIn(table), "dropped in " + table);
    }

    public TraceAssert isDropped() {
        return isTrue(actual.isDropped(), "dropped");
    }

    /** Comes out of these ports, in this order, and of no others. */
    public TraceAssert comesOutOf(Long... ports) {
        var found = actual.outputs().stream().map(Outcome.Output::port).toList();
        return isTrue(found.equals(List.of(ports)), "out of ports " + List.of(ports));
    }

    public TraceAssert isPuntedWith(String userdata) {
        return isTrue(actual.punts().stream().anyMatch(punt -> punt.userdata().equals(userdata)), "punted " + userdata);
    }

    public TraceAssert visits(Table table) {
        return isTrue(actual.visits(table), "seen in " + table);
    }

    public TraceAssert neverVisits(Table table) {
        return isTrue(!actual.visits(table), "never seen in " + table);
    }

    private TraceAssert isTrue(boolean holds, String expectation) {
        if (!holds) {
            failWithMessage("%s", "expected the packet to be %s, but:%n%s".formatted(expectation, actual));
        }
        return this;
    }
}

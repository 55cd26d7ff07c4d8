package org.dragonflow.trace.testing;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.dragonflow.flow.Table;
import org.dragonflow.trace.Journey;

/** What a test says of a packet in a fabric; a failure shows the trace of every switch. */
public final class JourneyAssert extends AbstractAssert<JourneyAssert, Journey> {
    private JourneyAssert(Journey actual) {
        super(actual, JourneyAssert.class);
    }

    public static JourneyAssert assertThat(Journey journey) {
        return new JourneyAssert(journey);
    }

    /** Comes out at these ports, once at each, and nowhere else; the order does not count. */
    public JourneyAssert comesOutAt(String... ports) {
        var expected = Arrays.stream(ports).sorted().toList();
        List<String> found = actual.ports().stream().sorted().toList();
        return isTrue(found.equals(expected), "to come out at " + expected);
    }

    /** Nothing came out anywhere, and the packet ended in this table of some switch. */
    public JourneyAssert isDroppedIn(Table table) {
        return isTrue(actual.isDroppedIn(table), "to be dropped in " + table);
    }

    public JourneyAssert isDropped() {
        return isTrue(actual.isDropped(), "to be dropped");
    }

    public JourneyAssert isPunted() {
        return isTrue(actual.punts().findAny().isPresent(), "to be punted");
    }

    public JourneyAssert isNotPunted() {
        return isTrue(actual.punts().findAny().isEmpty(), "not to be punted");
    }

    /** Was seen by this many switches, each visit counted. */
    public JourneyAssert takesHops(int hops) {
        return isTrue(actual.hops().size() == hops, "to take %d hops".formatted(hops));
    }

    /** Connections were looked up this many times ({@link Journey#lookups}). */
    public JourneyAssert isLookedUp(int times) {
        return isTrue(actual.lookups() == times, "to be looked up %d times, not %d".formatted(times, actual.lookups()));
    }

    private JourneyAssert isTrue(boolean holds, String expectation) {
        if (!holds) {
            failWithMessage("%s", "expected the packet %s, but:%n%s".formatted(expectation, actual));
        }
        return this;
    }
}

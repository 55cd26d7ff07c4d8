package org.dragonflow.trace;

import java.util.ArrayList;
import java.util.List;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Table;

/** One trace while it is made: what the passes of a packet through the pipeline share. */
final class Walk {
    // A packet may be recirculated 6 times (MAX_RECIRC_DEPTH in OVS' lib/dpif-netdev.c).
    private static final int MOST_PASSES = 7;

    final Tracer tracer;
    private final Packet arrived;
    private final List<Step> steps = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private Conntrack connections;
    private int passes;

    Walk(Tracer tracer, Packet arrived, Conntrack connections) {
        this.tracer = tracer;
        this.arrived = arrived;
        this.connections = connections;
    }

    Trace from(Table table) {
        pass(arrived, table, new Step.Entered(0, "in", arrived.headers(), List.of()));
        return trace();
    }

    Trace send(List<Action> actions) {
        add(new Step.Entered(0, "sent by the controller", arrived.headers(), List.of()));
        new Pass(this, arrived, 1).actions(actions);
        return trace();
    }

    private Trace trace() {
        return new Trace(arrived, steps, outcomes, connections);
    }

    /** Says whether the packet was let in. */
    boolean pass(Packet packet, Table start, Step.Entered entered) {
        add(entered);
        if (passes == MOST_PASSES) {
            return false;
        }
        passes++;
        new Pass(this, packet, entered.depth() + 1).run(start);
        passes--;
        return true;
    }

    void add(Step step) {
        steps.add(step);
    }

    void end(int depth, Outcome outcome) {
        outcomes.add(outcome);
        steps.add(new Step.Ended(depth, outcome));
    }

    int outcomes() {
        return outcomes.size();
    }

    /** Takes back what came of a pass that the switch gives up. */
    void forget(int sinceOutcome, Conntrack before) {
        outcomes.subList(sinceOutcome, outcomes.size()).clear();
        connections = before;
    }

    Conntrack connections() {
        return connections;
    }

    void connections(Conntrack next) {
        connections = next;
    }
}

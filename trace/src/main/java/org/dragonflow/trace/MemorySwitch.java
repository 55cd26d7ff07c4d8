package org.dragonflow.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Frame;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Meter;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Switch;
import org.dragonflow.flow.SwitchEvent;

/** A switch without a process: it holds entries and connections, and its data plane is the {@link Tracer}. For one thread. */
public final class MemorySwitch implements Switch {
    // OFPR_ACTION: a flow said so.
    private static final int BY_ACTION = 1;

    private final Pipeline pipeline;
    private final Consumer<Trace> traces;
    private FlowTable installed = FlowTable.EMPTY;
    private Tracer tracer;
    private Conntrack connections = Conntrack.EMPTY;

    /**
     * An empty switch.
     *
     * @param traces is told what becomes of every packet
     */
    public MemorySwitch(Pipeline pipeline, Consumer<Trace> traces) {
        this.pipeline = pipeline;
        this.traces = traces;
        this.tracer = new Tracer(pipeline, installed);
    }

    @Override
    public FlowTable installed() {
        return installed;
    }

    @Override
    public void commit(Bundle bundle) throws Refused {
        var next = installed.apply(bundle);
        for (var mod : bundle.mods()) {
            if (mod instanceof Bundle.Put(Flow flow)) {
                check(mod, flow.actions(), next);
            }
        }
        install(next);
    }

    // What Open vSwitch checks and this model can get wrong: groups and meters must be there.
    private static void check(Bundle.Mod mod, List<Action> actions, FlowTable next) throws Refused {
        for (var action : actions) {
            if (action instanceof Action.ToGroup(long id) && !has(next, new Group.Key(id))) {
                throw new Refused(mod, "OFPBAC_BAD_OUT_GROUP");
            }
            if (action instanceof Action.Metered(long id) && !has(next, new Meter.Key(id))) {
                throw new Refused(mod, "OFPMMFC_INVALID_METER");
            }
            if (action instanceof Action.Clone(var inner)) {
                check(mod, inner, next);
            }
        }
    }

    private static boolean has(FlowTable table, Entry.Key key) {
        return table.get(key).isPresent();
    }

    /** Holds these entries and no others from now on. */
    public void install(FlowTable entries) {
        installed = entries;
        tracer = new Tracer(pipeline, entries);
    }

    @Override
    public void send(PacketOut packet) {
        run(packet);
    }

    @Override
    public void flushZone(int zone) {
        connections = connections.withoutZone(zone);
    }

    public Conntrack connections() {
        return connections;
    }

    /** Takes in a packet on its port, and remembers its connection. */
    public Trace receive(Packet packet) {
        return remember(tracer.trace(packet, connections));
    }

    /** As {@link #send}, and says what became of the packet. */
    public Trace run(PacketOut packet) {
        return remember(tracer.send(packet, connections));
    }

    private Trace remember(Trace trace) {
        connections = trace.connections();
        traces.accept(trace);
        return trace;
    }

    /** A punted packet as the controller hears of it. */
    public SwitchEvent.PacketIn event(Outcome.Punted punted) {
        var packet = punted.packet();
        var tests = new ArrayList<Match.Test>();
        for (var header : Headers.BESIDE_PACKET) {
            if (!packet.headers().get(header).isZero()) {
                tests.add(new Match.Test(header, packet.headers().get(header), header.mask()));
            }
        }
        Optional<Flow> flow = punted.flow();
        return new SwitchEvent.PacketIn(
                Frame.of(packet.frame().toArray()),
                packet.frame().length(),
                flow.map(Flow::table).orElseGet(tracer::first),
                flow.map(Flow::cookie).orElse(0L),
                BY_ACTION,
                Match.of(tests),
                punted.userdata());
    }
}

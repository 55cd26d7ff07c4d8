package org.dragonflow.trace;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Meter;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Table;
import org.dragonflow.packet.Bytes;

/** Walks packets through the flows of one switch exactly as Open vSwitch does. Knows no ports: every output comes out. */
public final class Tracer {
    private final Pipeline pipeline;
    private final Map<Table, Classifier> classifiers = new HashMap<>();
    private final Map<Long, Group> groups = new HashMap<>();
    private final Map<Long, Meter> meters = new HashMap<>();

    public Tracer(Pipeline pipeline, FlowTable flows) {
        this.pipeline = pipeline;
        flows.flows()
                .collect(Collectors.groupingBy(Flow::table))
                .forEach((table, own) -> classifiers.put(table, new Classifier(own)));
        for (var entry : flows.entries()) {
            switch (entry) {
                case Group group -> groups.put(group.id(), group);
                case Meter meter -> meters.put(meter.id(), meter);
                case Flow _ -> {}
            }
        }
    }

    /** What becomes of a packet that comes in on its port, in a switch that knows no connections yet. */
    public Trace trace(Packet packet) {
        return trace(packet, Conntrack.EMPTY);
    }

    public Trace trace(Packet packet, Conntrack connections) {
        return trace(packet, first(), connections);
    }

    /** What becomes of a packet that enters in the middle of the pipeline, with the registers that it has. */
    public Trace trace(Packet packet, Table start, Conntrack connections) {
        return new Walk(this, packet, connections).from(start);
    }

    /** What becomes of a packet that the controller sends. */
    public Trace send(PacketOut out, Conntrack connections) {
        var packet = Packet.arriving(out.inPort(), Bytes.of(out.frame().bytes()));
        var headers = packet.headers();
        for (var test : out.registers().tests()) {
            headers = headers.with(test.header(), test.value());
        }
        return new Walk(this, new Packet(headers, packet.frame()), connections).send(out.actions());
    }

    Optional<Flow> lookup(Table table, Headers headers) {
        return Optional.ofNullable(classifiers.get(table)).flatMap(classifier -> classifier.lookup(headers));
    }

    Table first() {
        return pipeline.tables().getFirst();
    }

    Optional<Group> group(long id) {
        return Optional.ofNullable(groups.get(id));
    }

    Optional<Meter> meter(long id) {
        return Optional.ofNullable(meters.get(id));
    }

    /** The number of the table in the switch; behind all others if the pipeline does not have it. */
    int number(Table table) {
        int at = pipeline.tables().indexOf(table);
        return at >= 0 ? at : pipeline.tables().size();
    }
}

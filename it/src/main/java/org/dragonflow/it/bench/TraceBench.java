package org.dragonflow.it.bench;

import static org.dragonflow.it.bench.Figure.Goal.atMost;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.apps.Apps;
import org.dragonflow.compile.Interest;
import org.dragonflow.compile.ZonedCompiler;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;
import org.dragonflow.model.Topology;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Fabric;

/** A packet's way from a port of one chassis, across a router, to a port of another, through the flows of both. */
final class TraceBench implements Measurement {
    private static final int TRACES = 200;

    @Override
    public String name() {
        return "trace";
    }

    @Override
    public void run(Report report, Pace pace) throws Exception {
        int ports = pace.pick(10_000, 2_000);
        var world = World.of(ports, 20);
        report.section(
                name(), "%,d ports; a first TCP packet across a router and two chassis, in memory".formatted(ports));
        var tables = new TreeMap<String, FlowTable>();
        for (var chassis : List.of(World.HERE, World.THERE)) {
            report.progress("compiling " + chassis);
            tables.put(chassis.value(), compiled(world, chassis));
        }
        var medians = new ArrayList<Double>();
        var tails = new ArrayList<Double>();
        int warmUps = 1;
        for (int round = 0; round < warmUps + pace.pick(5, 3); round++) {
            report.progress("round " + (round + 1));
            var laps = new Laps();
            // Connections are remembered, and a trace is of a first packet: each round has a fabric of its own.
            var fabric = fabric(world, tables);
            for (int i = 0; i < TRACES; i++) {
                trace(fabric, i, laps);
            }
            if (round >= warmUps) {
                medians.add(laps.percentile(0.5));
                tails.add(laps.percentile(0.99));
            }
        }
        var sizes = tables.entrySet().stream()
                .map(entry -> "%,d flows on %s".formatted(entry.getValue().size(), entry.getKey()))
                .collect(Collectors.joining(", "));
        report.add(Figure.of("trace across two chassis p50", "ms", medians)
                .holding(atMost(50))
                .noting(sizes));
        report.add(Figure.of("trace across two chassis p99", "ms", tails).holding(atMost(50)));
    }

    private static FlowTable compiled(World world, Id<Chassis> chassis) {
        var apps = Apps.standard(chassis);
        var known = Interest.filter(apps, chassis, Topology.of(world.northbound()));
        var compiler = new ZonedCompiler(Apps.pipeline(), apps);
        compiler.update(Stream.concat(known.all(), world.seenOn(chassis))
                .map(Delta::create)
                .toList());
        return compiler.compiler().flows();
    }

    private static Fabric fabric(World world, Map<String, FlowTable> tables) {
        var fabric = new Fabric(Apps.pipeline());
        tables.forEach(fabric::chassis);
        for (var chassis : List.of(World.HERE, World.THERE)) {
            world.seenOn(chassis)
                    .forEach(seen -> seen.ifaceId()
                            .ifPresent(port -> fabric.attach(
                                    chassis.value(), seen.ofport(), new Fabric.Attachment.Named(port.value()))));
        }
        fabric.attach(World.HERE.value(), World.tunnelOfport(), new Fabric.Attachment.Tunnel("geneve", world.here()));
        fabric.attach(World.THERE.value(), World.tunnelOfport(), new Fabric.Attachment.Tunnel("geneve", world.there()));
        return fabric;
    }

    private static void trace(Fabric fabric, int number, Laps laps) throws Exception {
        // From a local port of network 0, to a remote one of network 1, which the same router has.
        int from = number % 10 * 20;
        int to = World.PORTS_A_NETWORK + 1 + number % 19;
        var packet = Draft.eth()
                .from(World.mac(from))
                .to(World.routerMac(0))
                .ip4(World.addressOf(from).toString(), World.addressOf(to).toString())
                .tcp(10_000 + number, 80);
        laps.time(() -> {
            var journey = fabric.send(World.HERE.value(), World.portId(from).value(), packet);
            if (!journey.ports().equals(List.of(World.portId(to).value()))) {
                throw new IllegalStateException("the packet did not arrive: " + journey);
            }
        });
    }
}

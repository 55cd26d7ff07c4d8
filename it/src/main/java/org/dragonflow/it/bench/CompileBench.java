package org.dragonflow.it.bench;

import static org.dragonflow.it.bench.Figure.Goal.atMost;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.apps.Apps;
import org.dragonflow.compile.ZonedCompiler;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Port;

/** The compiler alone, in this process: everything from nothing, and then one port's change at a time. */
final class CompileBench implements Measurement {
    private static final int CHANGES = 300;

    @Override
    public String name() {
        return "compile";
    }

    @Override
    public void run(Report report, Pace pace) throws Exception {
        int ports = pace.pick(20_000, 5_000);
        report.section(
                name(),
                "%,d ports in %d networks, one security group of them all, compiled for one chassis"
                        .formatted(ports, World.of(ports, 1).networks()));
        measure(report, pace, World.of(ports, 20), "5% of the ports local");
        measure(report, pace, World.of(ports, 1), "all ports local");
    }

    private static void measure(Report report, Pace pace, World world, String scene) throws Exception {
        var full = new ArrayList<Double>();
        var processor = new ArrayList<Double>();
        var medians = new ArrayList<Double>();
        var tails = new ArrayList<Double>();
        int flows = 0;
        double cold = 0;
        int warmUps = pace.pick(3, 1);
        int rounds = pace.pick(7, 3);
        for (int round = 0; round < warmUps + rounds; round++) {
            report.progress("%s, round %d of %d".formatted(scene, round + 1, warmUps + rounds));
            var compiler = compiler();
            var everything = Stream.concat(world.northbound().stream(), world.seenOn(World.HERE))
                    .map(Delta::create)
                    .toList();
            System.gc();
            var compiling = new Laps();
            double before = Environment.processorMillis();
            compiling.time(() -> compiler.update(everything));
            double used = Environment.processorMillis() - before;
            var changing = change(compiler, world);
            flows = compiler.compiler().flows().size();
            if (round == 0) {
                cold = compiling.percentile(1);
            }
            if (round >= warmUps) {
                full.add(compiling.percentile(1));
                processor.add(used);
                medians.add(changing.percentile(0.5));
                tails.add(changing.percentile(0.99));
            }
        }
        var size = "%,d flows".formatted(flows);
        var whole = Figure.of("full compile, " + scene, "ms", full).noting(size);
        report.add(world.ports() == 20_000 ? whole.holding(atMost(700)) : whole);
        report.add(Figure.of("processor time of it, " + scene, "ms", processor));
        report.add(Figure.once("the same, first in the process, " + scene, "ms", cold));
        report.add(Figure.of("one change p50, " + scene, "ms", medians).noting("compiler alone"));
        report.add(Figure.of("one change p99, " + scene, "ms", tails));
    }

    static ZonedCompiler compiler() {
        return new ZonedCompiler(Apps.pipeline(), Apps.standard(World.HERE));
    }

    private static Laps change(ZonedCompiler compiler, World world) throws Exception {
        var laps = new Laps();
        for (int i = 0; i < CHANGES; i++) {
            int number = i * 7 % world.ports();
            var before = world.port(number);
            Port after = switch (i % 3) {
                case 0 -> world.readdressed(number, i % 40);
                case 1 -> world.recarded(number, 1);
                default -> world.regrouped(number);
            };
            laps.time(() -> compiler.update(List.of(Delta.replace(before, after))));
        }
        return laps;
    }
}

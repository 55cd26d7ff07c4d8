package org.dragonflow.it.bench;

import static org.dragonflow.it.bench.Figure.Goal.atMost;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.IntFunction;
import org.dragonflow.agent.Agent;
import org.dragonflow.it.Chassis;
import org.dragonflow.it.Lab;
import org.dragonflow.model.Port;

/** From the feed's event to the switch's word that it has the flows, in a real agent on a real Open vSwitch. */
final class ChangeBench implements Measurement {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(10);
    private static final int EVERY_LOCAL = 20;

    /** Shares no factor with how many ports take turns, so that a port is never given what it has. */
    private static final int VARIANTS = 41;

    @Override
    public String name() {
        return "change";
    }

    @Override
    public void run(Report report, Pace pace) throws Exception {
        int plugged = pace.pick(100, 20);
        report.section(
                name(),
                "10,000 ports, 500 of them local and %d of these plugged in; agent in this process, Open vSwitch in user space"
                        .formatted(plugged));
        try (var lab = Lab.open("bench")) {
            var chassis = lab.chassis(World.HERE.value());
            var tunnel = chassis.tunnelAddress().ipv4();
            var world = new World(10_000, EVERY_LOCAL, tunnel, tunnel.plus(1));
            report.progress("plugging in %d ports".formatted(plugged));
            plug(chassis, world, plugged);
            var config = LoneAgent.config(chassis.name(), tunnel, chassis.directory(), lab.directory("agent"));
            var script = new Script(world.northbound());
            report.progress("starting the agent");
            try (var _ = Agent.start(config, script)) {
                script.await(1, LONG);
                measure(report, pace, new Subject(world, script, plugged));
            }
            var held = chassis.dumpFlows(Chassis.INTEGRATION_BRIDGE).size();
            report.add(Figure.once("flows in the switch", "", held));
        }
    }

    private static void plug(Chassis chassis, World world, int count) {
        var words = new ArrayList<String>();
        world.local().limit(count).forEach(number -> {
            var name = "port" + number;
            words.addAll(List.of("--", "add-port", Chassis.INTEGRATION_BRIDGE, name));
            words.addAll(List.of("--", "set", "Interface", name, "type=internal"));
            words.add("external_ids:iface-id=" + World.portId(number).value());
        });
        chassis.ovsVsctl(words.subList(1, words.size()).toArray(String[]::new));
    }

    /** Who is changed, and by whom. */
    private record Subject(World world, Script script, int plugged) {
        private Port local(int i, IntFunction<Port> change) {
            return change.apply(i % plugged * EVERY_LOCAL);
        }

        private Port remote(int i, IntFunction<Port> change) {
            return change.apply(i * 7 % 400 * EVERY_LOCAL + 1);
        }
    }

    /** Makes the i-th change. */
    private interface Change {
        Port make(int i);
    }

    private static void measure(Report report, Pace pace, Subject subject) throws Exception {
        var world = subject.world();
        var changes = new LinkedHashMap<String, Change>();
        changes.put("address of a local port", i -> subject.local(i, n -> world.readdressed(n, i % VARIANTS)));
        changes.put("card of a local port", i -> subject.local(i, n -> world.recarded(n, i % VARIANTS)));
        changes.put(
                "security group of a local port",
                i -> subject.local(i, n -> i / subject.plugged() % 2 == 0 ? world.regrouped(n) : world.port(n)));
        changes.put("address of a remote port", i -> subject.remote(i, n -> world.readdressed(n, i % VARIANTS)));
        changes.put(
                "security group of a remote port",
                i -> subject.remote(i, n -> i / 400 % 2 == 0 ? world.regrouped(n) : world.port(n)));
        long revision = 1;
        for (var change : changes.entrySet()) {
            report.progress(change.getKey());
            var medians = new ArrayList<Double>();
            var tails = new ArrayList<Double>();
            int each = pace.pick(200, 60);
            for (int round = 0; round < 1 + pace.pick(5, 3); round++) {
                var laps = new Laps();
                for (int i = round * each; i < (round + 1) * each; i++) {
                    laps.add(subject.script()
                            .change(++revision, change.getValue().make(i), SHORT));
                }
                if (round > 0) {
                    medians.add(laps.percentile(0.5));
                    tails.add(laps.percentile(0.99));
                }
            }
            report.add(Figure.of(change.getKey() + " p50", "ms", medians).holding(atMost(5)));
            report.add(Figure.of(change.getKey() + " p99", "ms", tails).holding(atMost(20)));
        }
    }
}

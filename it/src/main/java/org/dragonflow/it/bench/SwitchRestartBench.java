package org.dragonflow.it.bench;

import static org.dragonflow.it.bench.Figure.Goal.atMost;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.dragonflow.address.IpAddress;
import org.dragonflow.agent.Agent;
import org.dragonflow.it.Chassis;
import org.dragonflow.it.Lab;

/** The switch is killed and started under a running agent, which gives it back all its flows. */
final class SwitchRestartBench implements Measurement {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Pattern FLOW_COUNT = Pattern.compile("flow_count=(\\d+)");

    @Override
    public String name() {
        return "switch restart";
    }

    @Override
    public void run(Report report, Pace pace) throws Exception {
        report.section(name(), "10,000 ports; ovs-vswitchd is killed with -9 and started, the agent runs on");
        try (var lab = Lab.open("benchswitch")) {
            var here = lab.chassis(World.HERE.value());
            var tunnel = here.tunnelAddress().ipv4();
            var world = new World(10_000, 20, tunnel, IpAddress.parse("192.0.2.1"));
            var local = lab.server("alice").withMac(World.mac(0));
            local.plug(here, World.portId(0).value());
            var script = new Script(world.northbound());
            var config = LoneAgent.config(here.name(), tunnel, here.directory(), lab.directory("agent"));
            report.progress("first start of the agent");
            try (var _ = Agent.start(config, script)) {
                script.await(1, LIMIT);
                restart(report, pace, here);
            }
        }
    }

    private static void restart(Report report, Pace pace, Chassis chassis) {
        long flows = flowCount(chassis);
        var times = new ArrayList<Double>();
        for (int round = 0; round < pace.pick(7, 3); round++) {
            report.progress("restart " + (round + 1));
            chassis.vswitch().kill();
            long began = System.nanoTime();
            chassis.vswitch().start();
            while (flowCount(chassis) < flows) {
                if (System.nanoTime() - began > LIMIT.toNanos()) {
                    throw new IllegalStateException("the flows are not back after " + LIMIT);
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
            times.add(Laps.millisSince(began) / 1_000);
        }
        report.add(Figure.of("flows back after ovs-vswitchd restart", "s", times)
                .holding(atMost(3))
                .noting("%,d flows, from the start of the process".formatted(flows)));
    }

    private static long flowCount(Chassis chassis) {
        var count = FLOW_COUNT.matcher(chassis.ovsOfctl("dump-aggregate", Chassis.INTEGRATION_BRIDGE));
        return count.find() ? Long.parseLong(count.group(1)) : 0;
    }
}

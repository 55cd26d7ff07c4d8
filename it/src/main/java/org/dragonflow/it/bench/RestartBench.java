package org.dragonflow.it.bench;

import static org.dragonflow.it.bench.Figure.Goal.atMost;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.dragonflow.agent.Agent;
import org.dragonflow.it.Chassis;
import org.dragonflow.it.Lab;
import org.dragonflow.it.Server;

/** An agent is killed and started while two servers on different chassis ping each other. */
final class RestartBench implements Measurement {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration PINGS = Duration.ofMillis(10);
    private static final int WARM_UP = 200;
    private static final Duration SETTLING = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public void run(Report report, Pace pace) throws Exception {
        report.section(
                name(), "10,000 ports; the agent is killed with -9 and started, the server away, 100 pings a second");
        try (var lab = Lab.open("bench")) {
            var here = lab.chassis(World.HERE.value());
            var there = lab.chassis(World.THERE.value());
            var world = new World(
                    10_000,
                    20,
                    here.tunnelAddress().ipv4(),
                    there.tunnelAddress().ipv4());
            var alice = plug(lab, "alice", here, 0);
            plug(lab, "bob", there, 1);
            var script = new Script(world.northbound());
            report.progress("first start of both agents");
            try (var _ = Agent.start(config(lab, there), script)) {
                script.await(1, LIMIT);
                fillCache(lab, here, world);
                restart(report, pace, new Site(lab, here, alice));
            }
        }
    }

    private static Server plug(Lab lab, String name, Chassis chassis, int port) {
        var server = lab.server(name).withMac(World.mac(port));
        server.plug(chassis, World.portId(port).value());
        server.address(World.addressOf(port), World.LENGTH);
        return server;
    }

    private static org.dragonflow.agent.Config config(Lab lab, Chassis chassis) {
        return LoneAgent.config(
                chassis.name(), chassis.tunnelAddress().ipv4(), chassis.directory(), state(lab, chassis));
    }

    private static Path state(Lab lab, Chassis chassis) {
        return lab.directory("agent-" + chassis.name());
    }

    private static void fillCache(Lab lab, Chassis chassis, World world) throws Exception {
        var script = new Script(world.northbound());
        try (var _ = Agent.start(config(lab, chassis), script)) {
            script.await(1, LIMIT);
        }
    }

    /** Where it happens. */
    private record Site(Lab lab, Chassis chassis, Server alice) {
        Path socket() {
            return config(lab, chassis).statusSocket();
        }

        Jvm start() throws Exception {
            return Jvm.start(
                    lab.directory().resolve("agent.log"),
                    List.of("@scripts/agent.jvm"),
                    LoneAgent.class.getName(),
                    List.of(
                            chassis.name(),
                            chassis.tunnelAddress().ipv4().toString(),
                            chassis.directory().toString(),
                            state(lab, chassis).toString()));
        }

        /** Waits until the agent says that the switch is as it should be. */
        AgentStatus awaitSync(Jvm agent) {
            long end = System.nanoTime() + LIMIT.toNanos();
            while (System.nanoTime() < end) {
                agent.requireAlive();
                var status = AgentStatus.ask(socket()).filter(AgentStatus::inSync);
                if (status.isPresent()) {
                    return status.get();
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
            throw new IllegalStateException("the agent is not in sync after " + LIMIT);
        }
    }

    private static void restart(Report report, Pace pace, Site site) throws Exception {
        var times = new ArrayList<Double>();
        var processor = new ArrayList<Double>();
        double lost = 0;
        var mods = new ArrayList<Double>();
        var memory = new ArrayList<Double>();
        long flows = 0;
        var agent = site.start();
        try {
            site.awaitSync(agent);
            // The first packets of all wait for the tunnel's ends to find each other.
            site.alice().ping(World.addressOf(1), WARM_UP, PINGS);
            for (int round = 0; round < pace.pick(7, 3); round++) {
                report.progress("restart " + (round + 1));
                try (var pinging = site.alice().pingContinuously(World.addressOf(1), PINGS)) {
                    pinging.awaitAnswers(50, LIMIT);
                    agent.kill();
                    long began = System.nanoTime();
                    agent = site.start();
                    var status = site.awaitSync(agent);
                    times.add(Laps.millisSince(began) / 1_000);
                    processor.add(agent.processorSeconds());
                    pinging.awaitAnswers(50, LIMIT);
                    lost += pinging.stop().lost();
                    mods.add((double) status.flowMods());
                    flows = status.flows();
                }
                LockSupport.parkNanos(SETTLING.toNanos());
                memory.add(agent.residentMegabytes());
            }
        } finally {
            agent.close();
        }
        report.add(Figure.of("from start of the process to in sync", "s", times)
                .holding(atMost(3))
                .noting("%,d flows".formatted(flows)));
        report.add(Figure.of("processor time until then", "s", processor));
        report.add(Figure.once("pings lost, in all", "", lost).holding(atMost(0)));
        report.add(Figure.of("flow mods sent", "", mods).holding(atMost(0)));
        report.add(Figure.of("memory of the agent (RSS)", "MB", memory).holding(atMost(250)));
    }
}

package org.dragonflow.it.bench;

import static org.dragonflow.it.bench.Figure.Goal.atLeast;
import static org.dragonflow.it.bench.Figure.Goal.atMost;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What the flows cost packets: each kind of way beside a plain learning switch, one after the other in each round. */
final class DataplaneBench implements Measurement {
    private static final double THROUGHPUT = 95;
    private static final double CONNECTIONS = 88;
    private static final double PASSES = 3;

    @Override
    public String name() {
        return "dataplane";
    }

    /** What one round found on one way. */
    private record Reading(double roundTrip, double tcp, double udp, double connections, double passes, double flows) {}

    /** What all rounds found on one way. */
    private record Finding(Way way, List<Reading> rounds) {
        Optional<Finding> limit(List<Finding> all) {
            return way.limit()
                    .flatMap(plain -> all.stream()
                            .filter(finding -> finding.way.equals(plain))
                            .findFirst());
        }

        Figure figure(String what, String unit, ToDoubleFunction<Reading> reading) {
            return Figure.of(
                    "%s: %s".formatted(way.name(), what),
                    unit,
                    rounds.stream().mapToDouble(reading).boxed().toList());
        }

        /** Each round's own ratio: what makes the machine slow makes both slow. */
        Figure ratio(String what, Finding limit, ToDoubleFunction<Reading> reading) {
            var ratios = IntStream.range(0, rounds.size())
                    .mapToObj(round -> 100
                            * reading.applyAsDouble(rounds.get(round))
                            / reading.applyAsDouble(limit.rounds.get(round)))
                    .toList();
            return Figure.of("%s: %s".formatted(way.name(), what), "%", ratios);
        }

        /** The numbers to hold are for traffic of servers on one host. */
        Figure held(Figure figure, Figure.Goal goal) {
            return way.limit().isPresent() && way.chassis().size() == 1 ? figure.holding(goal) : figure;
        }
    }

    @Override
    public void run(Report report, Pace pace) throws Exception {
        report.section(
                name(),
                "switches in user space, security groups on every server, one TCP connection, datagrams of 1,380 bytes, 4 clients that connect");
        try (var world = DataplaneWorld.open()) {
            report.progress("two chassis, a wire, nine servers");
            var ways = world.ways();
            ways.forEach(Way::open);
            var findings = ways.stream()
                    .map(way -> new Finding(way, new ArrayList<>()))
                    .toList();
            for (int round = 0; round < pace.pick(5, 1); round++) {
                for (var finding : findings) {
                    report.progress(
                            "round %d: %s".formatted(round + 1, finding.way().name()));
                    finding.rounds().add(read(finding.way(), pace, world.log()));
                }
            }
            findings.forEach(finding -> say(report, finding, findings));
        }
    }

    private static Reading read(Way way, Pace pace, Path log) {
        var time = Duration.ofSeconds(pace.pick(3, 1));
        way.open();
        double roundTrip = way.roundTrip(pace.pick(200, 50));
        way.beginCounting();
        double tcp = way.tcp(log, time);
        double passes = way.passes();
        double udp = way.udp(log, time);
        way.forgetFlows();
        double connections = way.connections(log, time);
        return new Reading(roundTrip, tcp, udp, connections, passes, way.flows());
    }

    private static void say(Report report, Finding found, List<Finding> all) {
        report.add(found.figure("ping", "us", Reading::roundTrip));
        report.add(found.figure("TCP", "Mbit/s", Reading::tcp));
        found.limit(all)
                .ifPresent(limit -> report.add(found.held(
                        found.ratio("TCP, of the plain switch's", limit, Reading::tcp), atLeast(THROUGHPUT))));
        report.add(found.figure("UDP that arrives", "Mbit/s", Reading::udp));
        report.add(found.figure("TCP connections", "/s", Reading::connections));
        found.limit(all)
                .ifPresent(limit -> report.add(found.held(
                        found.ratio("TCP connections, of the plain switch's", limit, Reading::connections),
                        atLeast(CONNECTIONS))));
        report.add(found.held(found.figure("datapath passes a packet", "", Reading::passes), atMost(PASSES)));
        report.add(found.figure("datapath flows for all connections", "", Reading::flows));
    }
}

package org.dragonflow.it.bench;

import static org.dragonflow.it.bench.Figure.Goal.atLeast;
import static org.dragonflow.it.bench.Figure.Goal.atMost;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
    private record Reading(
            double roundTrip, double tcp, double udp, double connections, List<Double> recirculations, double flows) {
        /** In the datapaths of all chassis on the way together: each looks at a packet once, and once more whenever it comes round again. */
        double passes() {
            return recirculations.stream().mapToDouble(again -> 1 + again).sum();
        }
    }

    /** How one round of connections went. */
    private record Load(double connections, double flows) {}

    /** How one TCP connection went. */
    private record Transfer(double tcp, List<Double> recirculations) {}

    /** What all rounds found on one way, and beside it on the way that limits it. */
    private record Finding(
            Way way, List<Reading> rounds, List<Reading> limits, List<Way.FlowsOfConnections> flowsOfConnections) {
        Figure figure(String what, String unit, ToDoubleFunction<Reading> reading) {
            return Figure.of("%s: %s".formatted(way.name(), what), unit, values(rounds, reading));
        }

        /** One figure for each chassis on the way, which bears its name where there are several. */
        <T> Stream<Figure> figures(String what, List<T> taken, Function<T, List<Double>> ofEach) {
            return IntStream.range(0, way.chassis().size())
                    .mapToObj(at -> Figure.of(
                            "%s: %s%s".formatted(way.name(), what, where(at)),
                            "",
                            taken.stream().map(one -> ofEach.apply(one).get(at)).toList()));
        }

        private String where(int chassis) {
            return way.chassis().size() == 1
                    ? ""
                    : ", " + way.chassis().get(chassis).name();
        }

        /** Each round's own ratio: what makes the machine slow makes both slow. */
        Figure ratio(String what, ToDoubleFunction<Reading> reading) {
            var ratios = IntStream.range(0, rounds.size())
                    .mapToObj(round ->
                            100 * reading.applyAsDouble(rounds.get(round)) / reading.applyAsDouble(limits.get(round)))
                    .toList();
            return Figure.of("%s: %s".formatted(way.name(), what), "%", ratios);
        }

        /** The numbers to hold are for traffic of servers on one host. */
        boolean isHeld() {
            return way.limit().isPresent() && way.chassis().size() == 1;
        }

        Figure held(Figure figure, Figure.Goal goal) {
            return isHeld() ? figure.holding(goal) : figure;
        }

        Optional<Finding> limit() {
            return way.limit().map(plain -> new Finding(plain, limits, List.of(), List.of()));
        }
    }

    private static List<Double> values(List<Reading> readings, ToDoubleFunction<Reading> reading) {
        return readings.stream().mapToDouble(reading).boxed().toList();
    }

    @Override
    public void run(Report report, Pace pace) throws Exception {
        report.section(
                name(),
                "switches in user space, security groups on every server, one TCP connection, datagrams of 1,380 bytes, 4 clients that connect");
        try (var world = DataplaneWorld.open()) {
            report.progress("two chassis, a wire, eight servers");
            var findings = world.ways().stream()
                    .map(way -> new Finding(way, new ArrayList<>(), new ArrayList<>(), new ArrayList<>()))
                    .toList();
            for (int round = 0; round < pace.pick(4, 1); round++) {
                for (var finding : findings) {
                    report.progress(
                            "round %d: %s".formatted(round + 1, finding.way().name()));
                    read(finding, pace, world.log());
                }
            }
            findings.forEach(finding -> say(report, finding));
        }
    }

    /**
     * A way and what limits it are measured by turns, so that what disturbs one disturbs the other; by many where a number is to be held, since
     * one second differs from the next by more than the two ways do.
     */
    private static void read(Finding finding, Pace pace, Path log) {
        var time = Duration.ofSeconds(1);
        var ways = Stream.concat(Stream.of(finding.way()), finding.way().limit().stream())
                .toList();
        int turns = pace.pick(finding.isHeld() ? 12 : 3, 1);
        var pings = byTurns(ways, 1, way -> way.roundTrip(pace.pick(200, 50)));
        var transfers = byTurns(ways, turns, way -> {
            way.beginCounting();
            return new Transfer(way.tcp(log, time), way.recirculations());
        });
        var datagrams = byTurns(ways, 1, way -> way.udp(log, time));
        var loads = byTurns(ways, turns, way -> {
            way.forgetFlows();
            return new Load(way.connections(log, time), way.flows());
        });
        for (int i = 0; i < ways.size(); i++) {
            var reading = new Reading(
                    mean(pings.get(i), ping -> ping),
                    mean(transfers.get(i), Transfer::tcp),
                    mean(datagrams.get(i), rate -> rate),
                    mean(loads.get(i), Load::connections),
                    transfers.get(i).getLast().recirculations(),
                    loads.get(i).getLast().flows());
            (i == 0 ? finding.rounds() : finding.limits()).add(reading);
        }
        finding.flowsOfConnections().add(finding.way().measured(way -> way.flowsOfConnections(log)));
    }

    private static <T> List<List<T>> byTurns(List<Way> ways, int turns, Function<Way, T> measure) {
        var found = ways.stream().<List<T>>map(_ -> new ArrayList<>()).toList();
        for (int turn = 0; turn < turns; turn++) {
            for (int i = 0; i < ways.size(); i++) {
                found.get(i).add(ways.get(i).measured(measure));
            }
        }
        return found;
    }

    private static <T> double mean(List<T> taken, ToDoubleFunction<T> value) {
        return taken.stream().mapToDouble(value).average().orElseThrow();
    }

    private static void say(Report report, Finding found) {
        found.limit().ifPresent(limit -> sayOfPackets(report, limit));
        sayOfPackets(report, found);
        if (found.way().limit().isPresent()) {
            report.add(found.held(found.ratio("TCP, of the plain switch's", Reading::tcp), atLeast(THROUGHPUT)));
            report.add(found.held(
                    found.ratio("TCP connections, of the plain switch's", Reading::connections), atLeast(CONNECTIONS)));
        }
        report.add(found.held(found.figure("datapath passes a packet", "", Reading::passes), atMost(PASSES)));
        found.figures("recirculations a packet", found.rounds(), Reading::recirculations)
                .forEach(report::add);
        report.add(found.figure("datapath flows for all connections", "", Reading::flows));
        found.figures("datapath flows, first connection", found.flowsOfConnections(), Way.FlowsOfConnections::first)
                .forEach(report::add);
        found.figures(
                        "datapath flows, each further connection",
                        found.flowsOfConnections(),
                        Way.FlowsOfConnections::further)
                .map(figure -> figure.noting("of %d".formatted(Way.FURTHER)))
                .forEach(report::add);
    }

    private static void sayOfPackets(Report report, Finding found) {
        report.add(found.figure("ping", "us", Reading::roundTrip));
        report.add(found.figure("TCP", "Mbit/s", Reading::tcp));
        report.add(found.figure("UDP that arrives", "Mbit/s", Reading::udp));
        report.add(found.figure("TCP connections", "/s", Reading::connections));
    }
}

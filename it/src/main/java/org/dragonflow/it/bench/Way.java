package org.dragonflow.it.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.it.Chassis;
import org.dragonflow.it.Command;
import org.dragonflow.it.Space;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A way that packets take from a client to a server, and what can be measured on it.
 *
 * @param target where the client finds the server
 * @param chassis those that are passed, and whose datapaths are looked into
 * @param aside what puts the flows of the apps aside while this way is measured
 * @param limit the way of a plain switch between the same chassis
 */
record Way(
        String name,
        Space client,
        Space server,
        IpAddress target,
        List<Chassis> chassis,
        Optional<LearningSwitch> aside,
        Optional<Way> limit) {
    private static final Duration READY = Duration.ofSeconds(20);
    private static final Duration SLACK = Duration.ofSeconds(20);
    /** So that datagrams fill the packets of a network that a tunnel carries. */
    private static final int DATAGRAM = 1380;
    /** Enough to tell flows that each connection has from those that some of them have. */
    static final int FURTHER = 200;

    private static final Pattern ROUND_TRIP = Pattern.compile("rtt min/avg/max/mdev = [\\d.]+/([\\d.]+)/");
    private static final Pattern RECEIVED = Pattern.compile("packets received: (\\d+)");
    private static final Pattern RECIRCULATIONS = Pattern.compile("packet recirculations: (\\d+)");

    /** The mean time that a ping is answered in, in microseconds. */
    double roundTrip(int pings) {
        var words = "ping -n -q -i 0.005 -W 1 -c %d %s".formatted(pings, target);
        var printed = in(client, words, Duration.ofMillis(5L * pings)).require();
        var found = ROUND_TRIP.matcher(printed);
        if (!found.find()) {
            throw new IllegalStateException("no answers from " + target + ": " + printed);
        }
        return Double.parseDouble(found.group(1)) * 1_000;
    }

    /** Measures, once the server is reached: the first packets wait for neighbours to be found. */
    <T> T measured(Function<Way, T> measure) {
        aside.ifPresent(LearningSwitch::on);
        try {
            open();
            return measure.apply(this);
        } finally {
            aside.ifPresent(LearningSwitch::off);
        }
    }

    private void open() {
        for (long end = System.nanoTime() + READY.toNanos(); ; ) {
            var answer = in(client, "ping -n -q -W 1 -c 3 -i 0.1 " + target, Duration.ZERO)
                    .run();
            if (answer.succeeded()) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("%s: %s does not answer".formatted(name, target));
            }
        }
    }

    /** Millions of bits a second that one TCP connection carries to the server. */
    double tcp(Path log, Duration time) {
        return iperf(log, time, "").at("/sum_received/bits_per_second").asDouble() / 1e6;
    }

    /** Millions of bits a second that arrive at the server in datagrams, when the client sends all it can. */
    double udp(Path log, Duration time) {
        var sum = iperf(log, time, "-u -b 0 -l " + DATAGRAM).get("sum");
        double arrived = 1 - sum.get("lost_percent").asDouble() / 100;
        return sum.get("bits_per_second").asDouble() * arrived / 1e6;
    }

    private JsonNode iperf(Path log, Duration time, String more) {
        try (var listening = server.start(Command.of("iperf3", "-s", "-1", "--forceflush"), fresh(log))) {
            listening.awaitLine("Server listening", READY);
            var words = "iperf3 -J -c %s -t %d %s"
                    .formatted(target, time.toSeconds(), more)
                    .strip();
            return JsonMapper.shared()
                    .readTree(in(client, words, time).require())
                    .get("end");
        }
    }

    /** How many TCP connections a second are opened, used for a byte each way, and closed. */
    double connections(Path log, Duration time) {
        try (var listening = server.start(ConnectionLoad.serving(), fresh(log))) {
            listening.awaitLine(ConnectionLoad.READY, READY);
            var counted = client.command(ConnectionLoad.connecting(target, time))
                    .within(time.plus(SLACK))
                    .require();
            return Double.parseDouble(counted.strip());
        }
    }

    /** Forgets what the datapaths counted. */
    void beginCounting() {
        chassis.forEach(each -> each.ovsAppctl("dpif-netdev/pmd-stats-clear"));
    }

    /** How often a packet came round again since then, in the datapath of each chassis: the mean of those of both directions. */
    List<Double> recirculations() {
        return chassis.stream()
                .map(each -> each.ovsAppctl("dpif-netdev/pmd-stats-show"))
                .map(stats -> sum(RECIRCULATIONS, stats) / sum(RECEIVED, stats))
                .toList();
    }

    private static double sum(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
    }

    /** Empties the datapaths of flows, which packets then have made anew. */
    void forgetFlows() {
        chassis.forEach(each -> each.ovsAppctl("revalidator/purge"));
    }

    /** The flows of the datapaths for IPv4, those for the packets of the tunnel among them. */
    double flows() {
        return flowsOfEach().stream().mapToDouble(flows -> flows).sum();
    }

    private List<Double> flowsOfEach() {
        return chassis.stream()
                .map(each -> (double) each.ovsAppctl("dpctl/dump-flows")
                        .lines()
                        .filter(flow -> flow.contains("eth_type(0x0800)"))
                        .count())
                .toList();
    }

    /**
     * What TCP connections cost the datapath of each chassis.
     *
     * @param first the flows that there are after one connection
     * @param further the flows that each of those after it adds, so that 0 is to make none for a connection alone
     */
    record FlowsOfConnections(List<Double> first, List<Double> further) {}

    /** Opens one connection and then {@link #FURTHER} more, on datapaths that have no flows, and counts these after either. */
    FlowsOfConnections flowsOfConnections(Path log) {
        try (var listening = server.start(ConnectionLoad.serving(), fresh(log))) {
            listening.awaitLine(ConnectionLoad.READY, READY);
            forgetFlows();
            client.command(ConnectionLoad.opening(target, 1)).require();
            var first = flowsOfEach();
            client.command(ConnectionLoad.opening(target, FURTHER)).require();
            var all = flowsOfEach();
            var further = IntStream.range(0, first.size())
                    .mapToObj(at -> (all.get(at) - first.get(at)) / FURTHER)
                    .toList();
            return new FlowsOfConnections(first, further);
        }
    }

    private static Command in(Space space, String words, Duration time) {
        return space.command(words.split(" ", -1)).within(time.plus(SLACK));
    }

    /** A log whose lines are all of this program. */
    private static Path fresh(Path log) {
        return log.resolveSibling(log.getFileName() + "-" + System.nanoTime());
    }
}

package org.dragonflow.it.bench;

import static org.dragonflow.it.bench.Figure.Goal.atLeast;
import static org.dragonflow.it.bench.Figure.Goal.atMost;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dragonflow.dist.Dragonflow;
import org.dragonflow.it.Keystone;

/**
 * The API server in a process of its own, on SQLite, over HTTP, with a real Keystone to ask and its policy on; what it has acknowledged is on
 * the disk.
 */
final class ApiBench implements Measurement {
    private static final int BULK = 100;
    private static final int CLIENTS = 8;
    private static final int LISTED = 1_000;
    private static final int MANY = 100_000;
    private static final Duration FILLING = Duration.ofSeconds(75);

    @Override
    public String name() {
        return "api";
    }

    @Override
    public void run(Report report, Pace pace) throws Exception {
        report.section(
                name(),
                "server on SQLite in %s, which asks a Keystone who its clients are; clients in this process, members of a project"
                        .formatted(fileSystem()));
        try (var scratch = Scratch.make();
                var clients = Executors.newFixedThreadPool(CLIENTS);
                var keystone = Keystone.start(Files.createDirectory(scratch.file("keystone")))) {
            int port = ApiClient.freePort();
            var project = keystone.project("bench");
            keystone.grant(keystone.user("alice"), project, "member");
            var words = List.of(
                    "server",
                    "--api.port=" + port,
                    "--store.path=" + scratch.file("north.db"),
                    "--identity.kind=keystone",
                    "--identity.keystone.urls=" + keystone.url(),
                    "--identity.keystone.user=" + Keystone.ADMIN,
                    "--identity.keystone.password=" + Keystone.ADMIN,
                    "--identity.keystone.project=" + Keystone.ADMIN,
                    "--quota.network=-1",
                    "--quota.subnet=-1",
                    "--quota.port=-1");
            try (var server = Jvm.start(scratch.file("server.log"), Dragonflow.class.getName(), words);
                    var api = new ApiClient(port, keystone.token("alice", project))) {
                api.awaitHealthy(server);
                new Run(report, pace, server, api, clients).measure();
            }
        }
    }

    private static String fileSystem() {
        return System.getProperty("java.io.tmpdir", "");
    }

    /** A server with clients, while it is measured. */
    private record Run(Report report, Pace pace, Jvm server, ApiClient api, ExecutorService clients) {
        void measure() throws Exception {
            var listed = network();
            bulk(listed, LISTED / BULK);
            bulkCreates();
            singleCreates();
            reads(listed);
            memory();
        }

        private String network() throws Exception {
            var network = api.create("networks", "{\"network\":{\"name\":\"bench\"}}");
            int number = api.count();
            api.create(
                    "subnets",
                    "{\"subnet\":{\"network_id\":\"%s\",\"ip_version\":4,\"cidr\":\"10.%d.0.0/16\"}}"
                            .formatted(network, number));
            return network;
        }

        private void bulk(String network, int times) throws Exception {
            var one = "{\"network_id\":\"%s\"}".formatted(network);
            var body = "{\"ports\":[" + String.join(",", Collections.nCopies(BULK, one)) + "]}";
            for (int i = 0; i < times; i++) {
                api.post("ports", body);
            }
        }

        private void together(int count, Laps.Work work) throws Exception {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < count; i++) {
                running.add(clients.submit(() -> {
                    work.run();
                    return true;
                }));
            }
            for (var each : running) {
                each.get();
            }
        }

        private void bulkCreates() throws Exception {
            for (int at : List.of(1, 4)) {
                var rates = new ArrayList<Double>();
                int times = pace.pick(20, 6) / at;
                for (int round = 0; round < 1 + pace.pick(5, 3); round++) {
                    report.progress("bulk creates, %d clients, round %d".formatted(at, round + 1));
                    var network = network();
                    var laps = new Laps();
                    laps.time(() -> together(at, () -> bulk(network, times)));
                    if (round > 0) {
                        rates.add(at * times * BULK * 1_000 / laps.percentile(1));
                    }
                }
                report.add(Figure.of("ports created in bulks of 100, clients: " + at, "/s", rates)
                        .holding(atLeast(2_000)));
            }
        }

        private void singleCreates() throws Exception {
            var rates = new ArrayList<Double>();
            var medians = new ArrayList<Double>();
            var tails = new ArrayList<Double>();
            var other = network();
            int each = pace.pick(100, 25);
            for (int round = 0; round < 1 + pace.pick(5, 3); round++) {
                report.progress("single creates, round " + (round + 1));
                var singles = new Laps();
                var whole = new Laps();
                whole.time(() -> together(CLIENTS, () -> {
                    for (int i = 0; i < each; i++) {
                        singles.time(() -> api.post("ports", "{\"port\":{\"network_id\":\"%s\"}}".formatted(other)));
                    }
                }));
                if (round > 0) {
                    rates.add(singles.count() * 1_000 / whole.percentile(1));
                    medians.add(singles.percentile(0.5));
                    tails.add(singles.percentile(0.99));
                }
            }
            report.add(Figure.of("ports created one by one, clients: " + CLIENTS, "/s", rates)
                    .holding(atLeast(500)));
            report.add(Figure.of("one of these p50", "ms", medians));
            report.add(Figure.of("one of these p99", "ms", tails));
        }

        private void reads(String network) throws Exception {
            var shown = api.firstPort(network);
            timed("list of 1,000 ports", "ports?network_id=" + network, 50, Optional.of(atMost(20)), Optional.empty());
            timed("show of a port", "ports/" + shown, 500, Optional.empty(), Optional.of(atMost(5)));
        }

        private void timed(
                String what, String path, int times, Optional<Figure.Goal> ofMedian, Optional<Figure.Goal> ofTail)
                throws Exception {
            var medians = new ArrayList<Double>();
            var tails = new ArrayList<Double>();
            for (int round = 0; round < 2 + pace.pick(5, 3); round++) {
                report.progress("%s, round %d".formatted(what, round + 1));
                var laps = new Laps();
                for (int i = 0; i < times; i++) {
                    laps.time(() -> api.get(path));
                }
                if (round > 1) {
                    medians.add(laps.percentile(0.5));
                    tails.add(laps.percentile(0.99));
                }
            }
            var median = Figure.of(what + " p50", "ms", medians);
            report.add(ofMedian.map(median::holding).orElse(median));
            var tail = Figure.of(what + " p99", "ms", tails);
            report.add(ofTail.map(tail::holding).orElse(tail));
        }

        private void memory() throws Exception {
            long end = System.nanoTime() + FILLING.toNanos();
            int wanted = pace.pick(MANY, 0);
            while (api.entities() < wanted && System.nanoTime() < end) {
                report.progress("filling the store: %,d objects".formatted(api.entities()));
                var network = network();
                together(4, () -> bulk(network, 20));
            }
            int objects = api.entities();
            var size = Figure.once("memory of the server (RSS)", "MB", server.residentMegabytes())
                    .noting("%,d objects".formatted(objects));
            report.add(objects >= MANY ? size.holding(atMost(512)) : size);
        }
    }
}

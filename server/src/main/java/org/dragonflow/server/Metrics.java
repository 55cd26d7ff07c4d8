package org.dragonflow.server;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.dragonflow.server.feed.FeedServer;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.nova.NovaNotifier;
import org.dragonflow.store.Replica;

/** What the server counts, for Prometheus. */
final class Metrics {
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Histogram requests = Histogram.builder()
            .name("dragonflow_api_request_seconds")
            .help("How long requests took, by path and status.")
            .labelNames("method", "path", "status")
            .classicUpperBounds(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
            .register(registry);
    private final Counter faults = Counter.builder()
            .name("dragonflow_api_faults_total")
            .help("Requests that ended with a fault of the server.")
            .register(registry);

    private final Histogram realised = Histogram.builder()
            .name("dragonflow_feed_realised_seconds")
            .help("How long it took from a commit until a chassis that it concerns confirmed its flows.")
            .classicUpperBounds(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
            .register(registry);

    private final Counter nova = Counter.builder()
            .name("dragonflow_nova_events_total")
            .help("Events for Nova: sent, retried, dropped since Nova does not want them, failed for too long.")
            .labelNames("outcome")
            .register(registry);

    Metrics(Replica replica, FeedServer feed) {
        feed.realised().observe(took -> realised.observe(took.toNanos() / NANOS_PER_SECOND));
        gauge(
                "dragonflow_replica_revision",
                "The revision of the store that the replica has.",
                () -> replica.state().revision());
        gauge(
                "dragonflow_replica_entities",
                "How many entities the replica has.",
                () -> replica.state().topology().size());
        gauge("dragonflow_store_commits", "Transactions of this server that the store took.", replica::commits);
        gauge("dragonflow_store_conflicts", "Transactions of this server that came too late.", replica::conflicts);
        gauge(
                "dragonflow_feed_chassis",
                "Chassis that have a stream.",
                () -> feed.figures().connected());
        gauge(
                "dragonflow_feed_snapshots",
                "Streams that began with a snapshot.",
                () -> feed.figures().snapshots());
        gauge(
                "dragonflow_feed_resumed",
                "Streams that went on where one ended.",
                () -> feed.figures().resumed());
        gauge(
                "dragonflow_feed_gaps",
                "Commits that a chassis was too slow for.",
                () -> feed.figures().gaps());
        gauge(
                "dragonflow_feed_least_realised",
                "The lowest of the revisions that the chassis have confirmed last.",
                () -> feed.confirmed().values().stream()
                        .mapToLong(Long::longValue)
                        .min()
                        .orElse(0));
    }

    private void gauge(String name, String help, LongSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(sample -> sample.call((double) value.getAsLong()))
                .register(registry);
    }

    void request(String method, String path, int status, double seconds) {
        requests.labelValues(method, path, Integer.toString(status)).observe(seconds);
    }

    void nova(NovaNotifier.Outcome outcome) {
        nova.labelValues(outcome.name().toLowerCase(Locale.ROOT)).inc();
    }

    void fault() {
        faults.inc();
    }

    Response page() {
        var page = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(page, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Response.text(200, PrometheusTextFormatWriter.CONTENT_TYPE, page.toString(StandardCharsets.UTF_8));
    }
}

package org.dragonflow.agent;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dragonflow.flow.Bundle;
import org.dragonflow.model.Chassis.Uplink;

/** What the agent counts. Outlives the faults of the loop. */
final class Metrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Histogram turns = Histogram.builder()
            .name("dragonflow_agent_turn_seconds")
            .help("How long a turn of the loop took that had something to do.")
            .register(registry);
    private final Counter mods = Counter.builder()
            .name("dragonflow_agent_flow_mods_total")
            .help("Changes of entries that the switch has confirmed.")
            .labelNames("kind")
            .register(registry);
    private final Counter refusals =
            counter("dragonflow_agent_refused_bundles_total", "Bundles that the switch refused.");
    private final Counter audits = counter("dragonflow_agent_audits_total", "Audits that came to an end.");
    private final Counter differences = Counter.builder()
            .name("dragonflow_agent_audit_differences_total")
            .help("Entries that an audit found to be other than they should be.")
            .labelNames("kind")
            .register(registry);
    private final Counter faults = counter("dragonflow_agent_faults_total", "Faults that made the agent begin anew.");
    private final Counter punts = Counter.builder()
            .name("dragonflow_agent_punts_total")
            .help("Packets that flows have sent to the agent, by what became of them.")
            .labelNames("fate")
            .register(registry);
    private final Counter announcements =
            counter("dragonflow_agent_announcements_total", "Router advertisements that were sent unasked.");
    private final Gauge entries =
            gauge("dragonflow_agent_entries", "Entries that the switch should hold, as of the last resync or audit.");
    private final Gauge portsUp = gauge("dragonflow_agent_ports_up", "Local ports whose flows the switch holds.");
    private final Gauge portsDown = gauge("dragonflow_agent_ports_down", "Local ports that are not up.");
    private final Gauge revision = gauge("dragonflow_agent_revision", "The northbound revision that the switch holds.");

    private final Gauge uplinks = Gauge.builder()
            .name("dragonflow_agent_uplink_up")
            .help("Whether the link onto a physical network is up (1) or down (0).")
            .labelNames("physical_network")
            .register(registry);
    private List<Uplink> known = List.of();

    private Counter counter(String name, String help) {
        return Counter.builder().name(name).help(help).register(registry);
    }

    private Gauge gauge(String name, String help) {
        return Gauge.builder().name(name).help(help).register(registry);
    }

    void turned(Duration took) {
        turns.observe(took.toNanos() / 1e9);
    }

    void committed(Bundle bundle) {
        long puts = bundle.mods().stream().filter(Bundle.Put.class::isInstance).count();
        mods.labelValues("put").inc(puts);
        mods.labelValues("delete").inc(bundle.mods().size() - puts);
    }

    void refused() {
        refusals.inc();
    }

    void audited() {
        audits.inc();
    }

    void differed(Installer.Kind kind) {
        differences.labelValues(kind.text()).inc();
    }

    void faulted() {
        faults.inc();
    }

    void punted(String fate, long count) {
        punts.labelValues(fate).inc(count);
    }

    void announced(long count) {
        announcements.inc(count);
    }

    void desires(int ofEntries) {
        entries.set(ofEntries);
    }

    void holds(long ofRevision, int up, int down) {
        revision.set((double) ofRevision);
        portsUp.set(up);
        portsDown.set(down);
    }

    /** These are all there are; told by the loop alone. */
    void uplinks(List<Uplink> present) {
        known.stream().map(Uplink::physicalNetwork).forEach(network -> {
            if (present.stream().noneMatch(uplink -> uplink.physicalNetwork().equals(network))) {
                uplinks.remove(network);
            }
        });
        present.forEach(uplink -> uplinks.labelValues(uplink.physicalNetwork()).set(uplink.up() ? 1 : 0));
        known = present;
    }

    /** Flow mods that the switch has confirmed since the agent was started. */
    long flowMods() {
        return (long)
                (mods.labelValues("put").get() + mods.labelValues("delete").get());
    }

    long faults() {
        return faults.getLongValue();
    }

    /** How many differences audits have found, by kind. */
    Map<String, Long> differences() {
        var found = new TreeMap<String, Long>();
        for (var kind : Installer.Kind.values()) {
            found.put(kind.text(), differences.labelValues(kind.text()).getLongValue());
        }
        return found;
    }

    long audits() {
        return audits.getLongValue();
    }

    /** In the text format of Prometheus. */
    String text() {
        var out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}

package org.dragonflow.agent;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Switch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the switch hold what the program says, and knows whether it does.
 *
 * <p>There are two ways: a small change goes in as it is while the switch is known to hold all before it; in every other case the switch is
 * asked what it holds, and the difference goes in. What the switch refuses is left out, one entry at a time.
 */
final class Installer {
    private static final Logger LOG = LoggerFactory.getLogger(Installer.class);
    private static final String SWITCH = "switch";
    private static final String REFUSED = "refused";
    private static final int MOST_REFUSALS_A_TURN = 32;
    private static final int MOST_LINES = 20;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Switch bridge;
    private final Complaints complaints;
    private final Metrics metrics;
    private final Refusals refusals = new Refusals();
    private boolean isConnected;
    private boolean isInSync;
    private Instant retryAt = Instant.MIN;
    private Optional<FutureTask<FlowTable>> reading = Optional.empty();

    Installer(Switch bridge, Complaints complaints, Metrics metrics) {
        this.bridge = bridge;
        this.complaints = complaints;
        this.metrics = metrics;
    }

    void connected() {
        isConnected = true;
        isInSync = false;
        retryAt = Instant.MIN;
        complaints.none(SWITCH);
    }

    void disconnected(String reason) {
        isConnected = false;
        isInSync = false;
        complaints.is(SWITCH, "no connection to the bridge: " + reason);
    }

    boolean isConnected() {
        return isConnected;
    }

    /** Whether the switch has confirmed all that the program says, but for what it refuses. */
    boolean isInSync() {
        return isInSync;
    }

    Refusals refusals() {
        return refusals;
    }

    /** Begins to ask what the switch holds, if {@link #install} will want to know: the program may be compiled meanwhile. */
    void prepare(Instant now) {
        if (isConnected && !isInSync && !now.isBefore(retryAt)) {
            var task = new FutureTask<>(bridge::installed);
            Thread.ofVirtual().name("reading the switch").start(task);
            reading = Optional.of(task);
        }
    }

    private FlowTable read() throws IOException {
        if (reading.isEmpty()) {
            return bridge.installed();
        }
        var task = reading.get();
        reading = Optional.empty();
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the switch was read");
        }
    }

    /** Brings the switch up to date with the program, of which {@code bundle} is the latest change. */
    void install(Bundle bundle, Program program, Instant now) {
        refusals.reconsider(bundle);
        if (!isConnected || (isInSync ? bundle.isEmpty() : now.isBefore(retryAt))) {
            return;
        }
        retryAt = now.plus(RETRY);
        try {
            if (isInSync) {
                commit(bundle);
            } else {
                synchronize(program, read());
            }
        } catch (Switch.Refused e) {
            refuse(e, program);
            resynchronize(program);
        } catch (IOException e) {
            lose(e);
        }
    }

    private void commit(Bundle bundle) throws IOException, Switch.Refused {
        if (!bundle.isEmpty()) {
            bridge.commit(bundle);
            metrics.committed(bundle);
        }
    }

    private boolean refuse(Switch.Refused refusal, Program program) {
        isInSync = false;
        metrics.refused();
        return refusals.add(refusal, program);
    }

    private void lose(IOException e) {
        isInSync = false;
        complaints.is(SWITCH, "the bridge did not do as it was told: " + e);
    }

    private void resynchronize(Program program) {
        try {
            synchronize(program, bridge.installed());
        } catch (IOException e) {
            lose(e);
        }
    }

    private void synchronize(Program program, FlowTable installed) throws IOException {
        var desired = program.flows();
        metrics.desires(desired.size());
        boolean isProgress = true;
        for (int i = 0; i < MOST_REFUSALS_A_TURN && isProgress; i++) {
            try {
                var bundle = refusals.since(desired, installed);
                commit(bundle);
                isInSync = true;
                complaints.none(SWITCH);
                complaints.are(REFUSED, refusals.texts());
                LOG.info(
                        "the bridge holds {} of {} entries; {} were changed",
                        desired.size() - refusals.size(),
                        desired.size(),
                        bundle.mods().size());
                return;
            } catch (Switch.Refused e) {
                isProgress = refuse(e, program);
            }
        }
        complaints.are(REFUSED, refusals.texts());
    }

    /** Compares what the switch holds with what it should hold, and puts it right. */
    void audit(Program program) {
        if (!isConnected) {
            return;
        }
        try {
            var installed = bridge.installed();
            boolean wasInSync = isInSync;
            if (wasInSync) {
                var differences = refusals.since(program.flows(), installed);
                count(differences, installed, program);
            }
            refusals.reconsiderAll();
            synchronize(program, installed);
            metrics.audited();
        } catch (IOException e) {
            lose(e);
        }
    }

    private void count(Bundle differences, FlowTable installed, Program program) {
        int lines = 0;
        for (var mod : differences.mods()) {
            var difference = Difference.of(mod, installed);
            metrics.differed(difference.kind());
            if (lines++ < MOST_LINES) {
                LOG.warn("audit: {}", difference.text(program));
            }
        }
        if (lines > MOST_LINES) {
            LOG.warn("audit: and {} more", lines - MOST_LINES);
        }
    }

    /** One way in which the switch is not as it should be. */
    private record Difference(Kind kind, Bundle.Mod mod, Optional<Entry> installed) {

        static Difference of(Bundle.Mod mod, FlowTable installed) {
            return switch (mod) {
                case Bundle.Put(var entry) -> {
                    var found = installed.get(entry.key());
                    yield new Difference(found.isPresent() ? Kind.CHANGED : Kind.MISSING, mod, found);
                }
                case Bundle.Delete(var key) -> new Difference(Kind.EXTRA, mod, installed.get(key));
            };
        }

        String text(Program program) {
            return switch (mod) {
                case Bundle.Put(var entry) ->
                    "%s, made by %s: %s".formatted(kind.text(), program.whoMade(entry.key()), entry)
                            + installed
                                    .map(found -> "; the switch has " + found)
                                    .orElse("");
                case Bundle.Delete(var key) ->
                    "%s, with the cookie of %s: %s".formatted(kind.text(), rule(program), key);
            };
        }

        private String rule(Program program) {
            return installed
                    .flatMap(entry -> entry instanceof Flow flow ? program.ruleBehind(flow.cookie()) : Optional.empty())
                    .orElse("no rule of today");
        }
    }

    /** In what way an entry of the switch differs from what it should be. */
    enum Kind {
        MISSING,
        CHANGED,
        EXTRA;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

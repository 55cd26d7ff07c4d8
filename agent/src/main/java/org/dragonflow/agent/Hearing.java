package org.dragonflow.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;
import org.dragonflow.model.Neighbour;
import org.dragonflow.model.Observation;
import org.dragonflow.model.Report;
import org.dragonflow.model.View;

/** Deals with packets that the switch punts: answers them, learns from them, and lets those go on that waited for what was learnt. */
final class Hearing {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration LULL = Duration.ofMillis(500);

    private final Features features;
    private final Punts punts;
    private final Neighbourhood neighbourhood;
    private final Metrics metrics;
    private final Consumer<PacketOut> send;
    private final Consumer<Delta> learn;
    private final Consumer<Report> tell;
    private final Map<Id<?>, Instant> told = new HashMap<>();
    private Instant nextTick = Instant.MIN;

    /**
     * Nothing was heard as yet.
     *
     * @param remembered who was heard in an earlier life
     * @param learn takes what the topology is to hold
     * @param tell takes what the northbound is to hear
     */
    Hearing(
            Features features,
            Stream<Neighbour> remembered,
            Metrics metrics,
            Consumer<PacketOut> send,
            Consumer<Delta> learn,
            Consumer<Report> tell) {
        this.features = features;
        this.punts = new Punts(features.apps(), features.puntReason());
        this.neighbourhood = new Neighbourhood(remembered);
        this.metrics = metrics;
        this.send = send;
        this.learn = learn;
        this.tell = tell;
    }

    /** Everybody who is known to be on a wire. */
    Stream<Neighbour> neighbours() {
        return neighbourhood.all();
    }

    void hear(Input.Batch batch, View view, Instant now) {
        if (batch.puntsDropped() > 0) {
            metrics.punted("dropped", batch.puntsDropped());
        }
        for (var punt : batch.punts()) {
            var outcome = punts.of(punt, view);
            outcome.heard().forEach(one -> observe(one, now));
            outcome.waiting().ifPresent(one -> neighbourhood.await(one.neighbour(), one.packet(), now));
            metrics.punted(outcome.equals(Punts.Outcome.NOTHING) ? "ignored" : "answered", 1);
            outcome.answers().forEach(send);
        }
    }

    private void observe(Observation observation, Instant now) {
        switch (observation) {
            case Neighbour neighbour -> neighbourhood.hear(neighbour, now).forEach(learn);
            case Report report -> {
                // Ports may fight over an address, and must not have the store written with each blow.
                if (!now.isBefore(told.getOrDefault(report.subject(), Instant.MIN))) {
                    told.put(report.subject(), now.plus(LULL));
                    tell.accept(report);
                }
            }
        }
    }

    /** Lets packets go on whose neighbours the switch knows by now. */
    void release() {
        neighbourhood.released().forEach(send);
    }

    /** Asks who was not heard for long, and forgets who does not answer; once a second is enough. */
    void tick(View view, Instant now) {
        if (now.isBefore(nextTick)) {
            return;
        }
        nextTick = now.plus(TICK);
        told.values().removeIf(until -> !now.isBefore(until));
        neighbourhood.lapsed(now).forEach(learn);
        neighbourhood
                .stale(now)
                .forEach(neighbour -> features.question().apply(neighbour, view).ifPresent(send));
    }

    /** What responders have failed at, one text each. */
    Map<String, String> faults() {
        return punts.faults();
    }
}

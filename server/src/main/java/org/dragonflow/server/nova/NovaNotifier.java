package org.dragonflow.server.nova;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.dragonflow.model.Delivery;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.server.Config;
import org.dragonflow.server.access.KeystoneUser;
import org.dragonflow.store.Replica;
import org.dragonflow.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Nova what becomes of the ports of its servers: a few events at a time, and again for as long as Nova does not take them, up to a limit.
 *
 * <p>That a port is plugged in follows from its status, which is {@code ACTIVE} only once its chassis has confirmed its flows. Of several
 * servers on one store, one tells Nova at a time. How far it came is in the store, so that after a restart it is told of what it may have
 * missed; an event may come twice, which Nova does not mind.
 */
public final class NovaNotifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NovaNotifier.class);
    private static final int MOST_AT_ONCE = 100;
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 8;
    private static final Duration TURN = Duration.ofSeconds(15);

    private final Replica replica;
    private final Config.Nova config;
    private final InstantSource clock;
    private final Consumer<Outcome> tally;
    private final KeystoneUser user;
    private final NovaClient nova;
    private final Turn turn;
    private final Outbox outbox;
    private final Replica.Listener ear = this::hear;
    private final Thread thread;

    /** What became of an event, for metrics. */
    public enum Outcome {
        /** Nova has it. */
        SENT,
        /** It will be tried again. */
        RETRIED,
        /** Nova has no such server, or does not take it. */
        DROPPED,
        /** Nova could not be told for too long. */
        FAILED
    }

    private NovaNotifier(Replica replica, Config config, InstantSource clock, Consumer<Outcome> tally) {
        this.replica = replica;
        this.config = config.nova();
        this.clock = clock;
        this.tally = tally;
        this.user = KeystoneUser.of(config.identity().keystone(), clock);
        this.nova = new NovaClient(config.nova(), user);
        this.turn = new Turn(replica, clock, TURN);
        this.outbox = new Outbox(replica.state().revision());
        this.thread = Thread.ofVirtual().name("nova").unstarted(this::run);
    }

    /**
     * Tells Nova from now on, and of what it may have missed.
     *
     * @throws IllegalArgumentException if the settings cannot be; the message says which
     */
    public static NovaNotifier start(Replica replica, Config config, InstantSource clock, Consumer<Outcome> tally) {
        var notifier = new NovaNotifier(replica, config, clock, tally);
        notifier.owe(replica.subscribe(notifier.ear));
        notifier.thread.start();
        return notifier;
    }

    /** What changed after the last commit that Nova was told of; nothing, if it was never told before. */
    private void owe(Replica.State state) {
        state.topology().get(Turn.NOVA).map(Delivery::revision).ifPresent(told -> {
            var now = clock.instant();
            var owed = NovaEvents.ofAll(
                    state.topology(), port -> isAfter(state, port, told), address -> isAfter(state, address, told));
            outbox.putBack(owed.stream()
                    .map(event -> new Outbox.Letter(event, told + 1, now, 0, now))
                    .toList());
        });
    }

    private static boolean isAfter(Replica.State state, Entity entity, long revision) {
        return state.revisionOf(entity.id()).filter(at -> at > revision).isPresent();
    }

    private void hear(Replica.State after, List<Delta> deltas) {
        var now = clock.instant();
        var due = now.plus(Duration.ofMillis(config.batchMillis()));
        outbox.put(after.revision(), NovaEvents.of(deltas, after.topology()), due, now);
        deltas.stream()
                .filter(delta -> delta.id().equals(Turn.NOVA))
                .flatMap(delta -> delta.after().stream())
                .map(Delivery.class::cast)
                .forEach(delivery -> outbox.forgetUpTo(delivery.revision()));
    }

    private void run() {
        try {
            begin();
            while (true) {
                outbox.await(IDLE, clock);
                step();
            }
        } catch (InterruptedException e) {
            LOG.debug("Nova is told no more");
        }
    }

    /** So that a restart before the first event knows where to begin. */
    private void begin() throws InterruptedException {
        if (replica.state().topology().get(Turn.NOVA).isEmpty()) {
            note();
        }
    }

    private void step() throws InterruptedException {
        var others = others();
        if (others.isAfter(clock.instant())) {
            Thread.sleep(Duration.between(clock.instant(), others));
            return;
        }
        var letters = outbox.take(MOST_AT_ONCE, clock.instant());
        if (!letters.isEmpty()) {
            tell(letters);
            note();
        }
    }

    /** Until when another server tells Nova. */
    private Instant others() throws InterruptedException {
        try {
            return turn.take().orElse(Instant.MIN);
        } catch (StoreException | IllegalStateException e) {
            LOG.warn("it cannot be found out now which server tells Nova: {}", e.getMessage());
            return clock.instant().plus(SHORTEST);
        }
    }

    private void note() throws InterruptedException {
        try {
            turn.done(outbox.done());
        } catch (StoreException | IllegalStateException e) {
            LOG.warn("it cannot be kept how far Nova was told: {}", e.getMessage());
        }
    }

    private void tell(List<Outbox.Letter> letters) throws InterruptedException {
        List<NovaClient.Fate> fates;
        try {
            fates = nova.tell(letters.stream().map(Outbox.Letter::event).toList());
        } catch (InterruptedException e) {
            outbox.putBack(letters);
            throw e;
        }
        var again = new ArrayList<Outbox.Letter>();
        for (int i = 0; i < letters.size(); i++) {
            var letter = letters.get(i);
            var outcome = outcome(letter, fates.get(i));
            tally.accept(outcome);
            if (outcome == Outcome.RETRIED) {
                again.add(letter.again(clock.instant().plus(pause(letter.attempts()))));
            }
        }
        outbox.putBack(again);
    }

    private Outcome outcome(Outbox.Letter letter, NovaClient.Fate fate) {
        var event = letter.event();
        return switch (fate) {
            case TOLD -> Outcome.SENT;
            case NO_SERVER -> {
                LOG.info("Nova knows no such server: {}", event);
                yield Outcome.DROPPED;
            }
            case REFUSED -> {
                LOG.warn("Nova does not take {}", event);
                yield Outcome.DROPPED;
            }
            case AGAIN -> {
                var end = letter.since().plus(Duration.ofSeconds(config.giveUpSeconds()));
                if (clock.instant().isBefore(end)) {
                    yield Outcome.RETRIED;
                }
                LOG.error("Nova could not be told for {} s: {}", config.giveUpSeconds(), event);
                yield Outcome.FAILED;
            }
        };
    }

    private static Duration pause(int attempts) {
        var pause = SHORTEST.multipliedBy(1L << Math.min(attempts, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }

    /** What was not told is told by the next server, or after the next start. */
    @Override
    public void close() {
        replica.unsubscribe(ear);
        thread.interrupt();
        try {
            var _ = thread.join(Duration.ofSeconds(5));
            turn.leave(outbox.done());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StoreException | IllegalStateException e) {
            LOG.warn("it cannot be kept how far Nova was told: {}", e.getMessage());
        }
        nova.close();
        user.close();
    }
}

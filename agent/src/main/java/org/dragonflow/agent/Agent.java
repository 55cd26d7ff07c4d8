package org.dragonflow.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the switch of one chassis as the northbound wants it, from {@link #start} to {@link #close}. */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final Config config;
    private final Features features;
    private final Northbound.Source source;
    private final Metrics metrics = new Metrics();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private final StatusServer status;
    private volatile Optional<Life> life = Optional.empty();

    private Agent(Config config, Features features, Northbound.Source source) throws IOException {
        this.config = config;
        this.features = features;
        this.source = source;
        this.thread = Thread.ofPlatform().name("agent").unstarted(this::live);
        this.status = StatusServer.start(config.statusSocket(), config.metrics(), this::ask, metrics::text);
    }

    /** Begins, and returns; what cannot be reached yet is tried until it can. */
    public static Agent start(Config config, Northbound.Source source) throws IOException {
        return start(config, Features.standard(config.chassis()), source);
    }

    static Agent start(Config config, Features features, Northbound.Source source) throws IOException {
        var agent = new Agent(config, features, source);
        agent.thread.start();
        return agent;
    }

    private void live() {
        var pause = FIRST_PAUSE;
        while (closed.getCount() > 0) {
            long began = System.nanoTime();
            try (var present = Life.begin(config, features, source, metrics)) {
                life = Optional.of(present);
                present.run();
            } catch (InterruptedException _) {
                return;
            } catch (IOException | RuntimeException | StackOverflowError e) {
                metrics.faulted();
                LOG.error("the agent begins anew after a fault", e);
            } finally {
                life = Optional.empty();
            }
            boolean wasLong = System.nanoTime() - began > LONGEST_PAUSE.toNanos();
            pause = wasLong ? FIRST_PAUSE : pause.multipliedBy(2);
            if (isClosedWithin(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE)) {
                return;
            }
        }
    }

    private boolean isClosedWithin(Duration pause) {
        try {
            return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            return true;
        }
    }

    private Optional<CompletableFuture<String>> ask(StatusQuery query) {
        return life.map(present -> present.ask(query));
    }

    /** What the agent counts. */
    Metrics metrics() {
        return metrics;
    }

    /** Waits until the agent has ended, which it does when it is closed, or of an error that no restart of its own can mend. */
    public void await() throws InterruptedException {
        thread.join();
    }

    /** Ends the agent; the switch goes on with the flows it has. */
    @Override
    public void close() throws IOException {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(CLOSING);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        status.close();
    }
}

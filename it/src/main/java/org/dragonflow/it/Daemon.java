package org.dragonflow.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** One of a virtual switch's two daemons: it can be started, stopped, killed and started again, and keeps its database. */
public final class Daemon {
    private static final Duration READY = Duration.ofSeconds(15);

    private final String name;
    private final Space space;
    private final Command command;
    private final Path log;
    private final Command probe;
    private final Runnable afterwards;
    private Optional<Running> running = Optional.empty();

    /**
     * @param probe succeeds once the daemon answers
     * @param afterwards done after each start, when the daemon answers
     */
    Daemon(String name, Space space, Command command, Path log, Command probe, Runnable afterwards) {
        this.name = name;
        this.space = space;
        this.command = command;
        this.log = log;
        this.probe = probe;
        this.afterwards = afterwards;
    }

    /** Starts it and waits until it answers; does nothing if it runs. */
    public synchronized void start() {
        if (isRunning()) {
            return;
        }
        var started = space.start(command, log);
        running = Optional.of(started);
        Wait.until(name + " to answer", READY, () -> {
            if (!started.isAlive()) {
                throw new IllegalStateException("%s ended at once:%n%s".formatted(name, started.printed()));
            }
            return probe.run().succeeded();
        });
        afterwards.run();
    }

    /** Ends it as an operator would. */
    public synchronized void stop() {
        running.ifPresent(Running::close);
    }

    /** Ends it as a crash would. */
    public synchronized void kill() {
        running.ifPresent(Running::kill);
    }

    public synchronized void restart() {
        stop();
        start();
    }

    public synchronized boolean isRunning() {
        return running.filter(Running::isAlive).isPresent();
    }

    /** The process as it was last started; none before the first start. */
    public synchronized Optional<Running> process() {
        return running;
    }
}

package org.dragonflow.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Frames that tcpdump sees on a device, as the lines that it prints. */
public final class Capture implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(5);

    private final Running running;

    private Capture(Running running) {
        this.running = running;
    }

    /** When this returns, no later frame is missed. */
    static Capture start(Space space, String device, Path log, String... filter) {
        var words = new ArrayList<>(List.of("tcpdump", "-i", device, "-n", "-e", "-l", "-tt", "--immediate-mode"));
        words.addAll(List.of(filter));
        var running = space.start(Command.of(words), log);
        running.awaitLine("listening on", START);
        return new Capture(running);
    }

    /** One line for each frame seen so far. */
    public List<String> lines() {
        // A frame begins with its time; all other lines are tcpdump's own.
        return running.printed()
                .lines()
                .filter(line -> line.matches("\\d+\\.\\d+ .*"))
                .toList();
    }

    /** The first so many frames, as soon as there are that many. */
    public List<String> await(int count, Duration limit) {
        Wait.until(count + " frames", limit, () -> lines().size() >= count);
        return lines().subList(0, count);
    }

    @Override
    public void close() {
        running.close();
    }
}

package org.dragonflow.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv6;

/** Pings that go on until they are stopped. */
public final class Pinging implements AutoCloseable {
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);
    private static final Duration END = Duration.ofSeconds(5);

    private final Running running;

    private Pinging(Running running) {
        this.running = running;
    }

    static Pinging start(Space space, IpAddress target, Duration interval, Path log) {
        return new Pinging(space.start(Command.of(words(target, interval)), log));
    }

    static String[] words(IpAddress target, Duration interval) {
        var seconds = String.format(Locale.ROOT, "%.3f", interval.toNanos() / 1e9);
        // -O speaks of each ping that has no answer when the next one goes, so that the output tells how many were
        // sent.
        return new String[] {"ping", "-" + target.version(), "-n", "-D", "-O", "-i", seconds, onLink(target)};
    }

    /** What is local to a link is so to that of the one card. */
    private static String onLink(IpAddress target) {
        return target instanceof Ipv6 ipv6 && ipv6.isLinkLocal() ? ipv6 + "%" + Server.CARD : target.toString();
    }

    /** How many have been answered so far. */
    public int received() {
        var output = running.printed();
        return Pings.read(output, Pings.newest(output)).received();
    }

    /** Waits until so many more are answered than now. */
    public void awaitAnswers(int more, Duration limit) {
        int now = received();
        Wait.until(more + " answers to pings", limit, () -> received() >= now + more);
    }

    /** Counts the pings up to now; those still under way get a second to be answered. */
    public Pings stop() {
        int sent = Pings.newest(running.printed());
        long end = System.nanoTime() + LAST_ANSWERS.toNanos();
        while (System.nanoTime() < end
                && running.isAlive()
                && Pings.read(running.printed(), sent).lost() > 0) {
            Wait.pause();
        }
        running.signal("INT");
        running.awaitEnd(END);
        return Pings.read(running.printed(), sent);
    }

    @Override
    public void close() {
        running.close();
    }
}

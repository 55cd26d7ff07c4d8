package org.dragonflow.feed;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;
import org.dragonflow.model.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chassis' end of its feed: tells what concerns the chassis, in order and without a hole, over as many connections as it takes.
 */
public final class FeedClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedClient.class);
    private static final Duration GOODBYE = Duration.ofSeconds(5);

    private final FeedSource source;
    private final Consumer<FeedEvent> consumer;
    private final InstantSource clock;
    private final Backoff backoff;
    private final Acknowledger acknowledger;
    private final Thread thread;
    private volatile Chassis chassis;
    private volatile boolean closed;
    private volatile Optional<Connection> connection = Optional.empty();
    private Optional<Position> position;
    private Optional<FeedEvent.Disconnected> logged = Optional.empty();

    private FeedClient(FeedSource source, Consumer<FeedEvent> consumer, InstantSource clock, RandomGenerator random) {
        this.source = source;
        this.consumer = consumer;
        this.clock = clock;
        this.chassis = source.chassis();
        this.backoff = new Backoff(source.pace().shortest(), source.pace().longest(), random);
        this.acknowledger = new Acknowledger(source.chassis().id(), source.pace());
        this.position = source.from();
        this.thread = Thread.ofVirtual().name("feed").unstarted(this::run);
    }

    /**
     * Connects, and stays connected until closed.
     *
     * @param consumer is given the events one by one, on a thread of the client. While it holds one, no more is read; so it should put it
     *     somewhere and return. It does not throw.
     */
    public static FeedClient start(
            FeedSource source, Consumer<FeedEvent> consumer, InstantSource clock, RandomGenerator random) {
        var client = new FeedClient(source, consumer, clock, random);
        client.thread.start();
        return client;
    }

    /**
     * The switch holds the flows of this position, or of a later one, and these ports are in these states. Returns at once; what is said in
     * quick succession is sent together, and port states again on each new connection, as long as the ports are bound to the chassis.
     *
     * @param states those that are new
     */
    public void acknowledge(Position at, Map<Id<Port>, PortState> states) {
        acknowledger.acknowledge(at, states);
    }

    /** The chassis is connected to these physical networks from now on. Returns at once; what the server has not heard yet, it will. */
    public void report(List<Uplink> uplinks) {
        if (!uplinks.equals(chassis.uplinks())) {
            chassis = Schema.of(chassis).with(chassis, Map.of("uplinks", uplinks));
            acknowledger.report(chassis);
        }
    }

    /** Something was learnt from a port of the chassis. Returns at once; what the server cannot hear now it never will. */
    public void tell(Report report) {
        acknowledger.tell(report);
    }

    /** No event is told once this has returned. */
    @Override
    public void close() {
        closed = true;
        connection.ifPresent(Connection::close);
        acknowledger.close();
        thread.interrupt();
        if (!Thread.currentThread().equals(thread)) {
            try {
                var _ = thread.join(GOODBYE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            for (int attempt = 0; !closed; attempt++) {
                var server = source.servers().get(attempt % source.servers().size());
                var began = clock.instant();
                var end = attempt(server);
                acknowledger.disconnected();
                if (closed) {
                    return;
                }
                log(server, end);
                consumer.accept(end);
                if (Duration.between(began, clock.instant())
                                .compareTo(source.pace().longest())
                        > 0) {
                    backoff.reset();
                }
                Thread.sleep(backoff.next());
            }
        } catch (InterruptedException e) {
            LOG.debug("the feed is closed");
        }
    }

    /** Once for each cause, however often it strikes. */
    private void log(URI server, FeedEvent.Disconnected end) {
        if (logged.filter(end::equals).isEmpty()) {
            LOG.warn("no feed from {}: {}", server, end.detail());
            logged = Optional.of(end);
        }
    }

    private FeedEvent.Disconnected attempt(URI server) throws InterruptedException {
        try (var now = Connection.to(server, source, clock)) {
            connection = Optional.of(now);
            read(now);
            throw new IllegalStateException("a stream ends with a reason");
        } catch (Refused e) {
            if (e.reason() == Reason.MALFORMED || e.reason() == Reason.TOO_LARGE) {
                position = Optional.empty();
            }
            return new FeedEvent.Disconnected(e.reason(), e.detail());
        } catch (IOException e) {
            return new FeedEvent.Disconnected(Connection.reason(e), Connection.detail(e));
        } catch (RuntimeException e) {
            // Whoever was told something may have lost it: begin anew.
            LOG.error("a fault of this program while it read the feed", e);
            position = Optional.empty();
            return new FeedEvent.Disconnected(Reason.CLOSED, "a fault of this program: " + e);
        } finally {
            connection = Optional.empty();
        }
    }

    private void read(Connection now) throws IOException, Refused, InterruptedException {
        var hello = now.open(chassis, position);
        acknowledger.connected(now, hello);
        tell(new FeedEvent.Connected());
        boolean resumed = false;
        while (!closed) {
            switch (now.next()) {
                case Message.Hello _ -> throw new Refused(Reason.MALFORMED, "a second hello");
                case Message.Bye(var reason, var detail) -> throw new Refused(reason, detail);
                case Message.Snapshot(var revision, var entities) -> {
                    position = Optional.of(new Position(hello.line(), revision));
                    tell(new FeedEvent.Snapshot(position.get(), entities));
                    acknowledger.startAnew(entities);
                }
                case Message.Changes changes -> follow(hello.line(), changes);
            }
            if (!resumed) {
                resumed = true;
                logged = Optional.empty();
                acknowledger.heard();
            }
        }
        throw new Refused(Reason.CLOSED, "the client is closed");
    }

    private void follow(String line, Message.Changes message) throws Refused {
        if (!position.equals(Optional.of(new Position(line, message.after())))
                || message.revision() < message.after()) {
            throw new Refused(
                    Reason.MALFORMED,
                    "changes from revision %d to %d do not follow %s"
                            .formatted(message.after(), message.revision(), position));
        }
        if (message.revision() > message.after() || !message.changes().isEmpty()) {
            position = Optional.of(new Position(line, message.revision()));
            tell(new FeedEvent.Changes(position.get(), message.changes()));
            acknowledger.forgetUnbound(message.changes());
        }
    }

    private void tell(FeedEvent event) {
        if (!closed) {
            consumer.accept(event);
        }
    }
}

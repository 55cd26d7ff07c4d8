package org.dragonflow.ovsdb;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Follows part of a database for as long as it is open, through any number of connections.
 *
 * <p>The consumer hears {@link Event}s in order, on the replica's own thread. It may take its time: what comes meanwhile
 * is queued, and if the queue overflows the connection is made anew, which folds what was missed into one difference.
 */
public final class Replica implements Database, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    static final String NO_TRANSACTION = "00000000-0000-0000-0000-000000000000";
    private static final Duration CLOSING = Duration.ofSeconds(5);

    /** How the supervisor lets time pass between attempts. */
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    private final Endpoint endpoint;
    private final Monitored monitored;
    private final Options options;
    private final RandomGenerator random;
    private final Pause pause;
    private final Consumer<Event> consumer;
    private final Thread thread;
    private volatile Optional<Ovsdb> connection = Optional.empty();

    // Of the replica's thread alone.
    private final Contents contents = new Contents();
    private String lastTransaction = NO_TRANSACTION;
    private boolean inOutage;
    private int attempt;

    private Replica(
            Endpoint endpoint,
            Monitored monitored,
            Options options,
            RandomGenerator random,
            Pause pause,
            Consumer<Event> consumer) {
        this.endpoint = endpoint;
        this.monitored = monitored;
        this.options = options;
        this.random = random;
        this.pause = pause;
        this.consumer = consumer;
        this.thread = Thread.ofVirtual().name("replica of " + endpoint).unstarted(this::run);
    }

    /** Starts to follow; returns at once, whether or not the server is there. */
    public static Replica start(
            Endpoint endpoint, Monitored monitored, Options options, RandomGenerator random, Consumer<Event> consumer) {
        return start(endpoint, monitored, options, random, Thread::sleep, consumer);
    }

    static Replica start(
            Endpoint endpoint,
            Monitored monitored,
            Options options,
            RandomGenerator random,
            Pause pause,
            Consumer<Event> consumer) {
        var replica = new Replica(endpoint, monitored, options, random, pause, consumer);
        replica.thread.start();
        return replica;
    }

    /** Transacts on the present connection; while there is none, fails with {@link Fault.NotConnected}. */
    @Override
    public Outcome transact(List<Operation> operations) throws OvsdbException, InterruptedException {
        var present = connection;
        if (present.isEmpty()) {
            throw new OvsdbException(new Fault.NotConnected());
        }
        return present.get().transact(operations);
    }

    /** Ends the connection and the thread; no event comes after, unless the consumer is itself stuck in one. */
    @Override
    public void close() {
        thread.interrupt();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(CLOSING);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                var fault = session();
                if (Thread.interrupted()) {
                    throw new InterruptedException("closed while connecting");
                }
                noteOutage(fault);
                pause.of(options.backoff().delay(attempt++, random));
            }
        } catch (InterruptedException _) {
            LOG.debug("the replica of {} is closed", endpoint);
        } catch (RuntimeException e) {
            LOG.error("the replica of {} stops: its consumer failed", endpoint, e);
        }
    }

    /** Connects and follows until the connection ends; tells why it did. */
    private Fault session() throws InterruptedException {
        try (var ovsdb = Ovsdb.connect(endpoint, monitored.database(), options)) {
            ovsdb.becomeChangeAware();
            var schema = ovsdb.schema().only(monitored);
            begin(ovsdb, schema);
            return follow(ovsdb, schema);
        } catch (OvsdbException e) {
            if (e.fault() instanceof Fault.Malformed) {
                // Whatever led to this must not be built upon.
                lastTransaction = NO_TRANSACTION;
            }
            return e.fault();
        } finally {
            connection = Optional.empty();
        }
    }

    private void begin(Ovsdb ovsdb, Schema schema) throws OvsdbException, InterruptedException {
        var monitoring = ovsdb.monitor(monitored, lastTransaction);
        var changes = monitoring.found()
                ? contents.update(monitoring.updates(), schema)
                : contents.reload(monitoring.updates(), schema);
        lastTransaction = monitoring.transaction();
        connection = Optional.of(ovsdb);
        if (inOutage) {
            LOG.info("connected again to {} after {} attempts", endpoint, attempt);
        }
        inOutage = false;
        attempt = 0;
        consumer.accept(new Event.Connected(changes));
    }

    private Fault follow(Ovsdb ovsdb, Schema schema) throws OvsdbException, InterruptedException {
        while (true) {
            switch (ovsdb.next()) {
                case JsonRpc.Inbound.Ended(var fault) -> {
                    return fault;
                }
                case JsonRpc.Inbound.Notified(var method, var params) -> notified(method, params, schema);
            }
        }
    }

    private void notified(String method, JsonNode params, Schema schema) throws OvsdbException {
        switch (method) {
            case "update3" -> {
                var changes = contents.update(params.path(2), schema);
                lastTransaction = params.path(1).asString(NO_TRANSACTION);
                if (!changes.isEmpty()) {
                    consumer.accept(new Event.Changed(changes));
                }
            }
            case "monitor_canceled" -> throw new OvsdbException(new Fault.MonitorCancelled());
            case String other -> LOG.debug("{} notified of '{}', which was not asked for", endpoint, other);
        }
    }

    private void noteOutage(Fault fault) {
        if (inOutage) {
            LOG.debug("no connection to {}: {}", endpoint, fault);
            return;
        }
        inOutage = true;
        LOG.warn("no connection to {}: {}; trying until there is one", endpoint, fault);
        consumer.accept(new Event.Disconnected(fault));
    }
}

package org.dragonflow.feed;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.dragonflow.compile.App;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Report;
import org.dragonflow.model.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every chassis what concerns it of what changes in the store, and nothing else; and the store, what the chassis say of their ports.
 *
 * <p>A chassis that is slow holds up nobody: what it has not read yet is kept for it up to a limit, and beyond that it gets a snapshot.
 */
public final class Feeds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);

    private final Function<Id<Chassis>, List<App>> apps;
    private final Records records;
    private final FeedLimits limits;
    private final InstantSource clock;
    private final StatusWriter statuses;
    private final Thread sweeper;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Id<Chassis>, Line> lines = new HashMap<>();
    private final Timeline timeline = new Timeline();
    private final Realised realised;
    private final LongAdder snapshots = new LongAdder();
    private final LongAdder resumed = new LongAdder();
    private final LongAdder gaps = new LongAdder();
    private final LongAdder acknowledged = new LongAdder();
    private long revision;
    private Topology topology;
    private boolean closed;

    /**
     * Counts, for metrics.
     *
     * @param connected chassis that have a stream now
     * @param snapshots streams that began with everything
     * @param resumed streams that went on where the one before ended
     * @param gaps commits that a chassis was too slow for
     * @param acknowledged messages by which chassis confirmed a revision, or that they are there
     */
    public record Figures(int connected, long snapshots, long resumed, long gaps, long acknowledged) {}

    /**
     * @param apps as they run on a chassis: they say what it must know
     * @param revision the store's, at which {@code topology} was what it holds; {@link #changed} tells what follows
     */
    public Feeds(
            Function<Id<Chassis>, List<App>> apps,
            Records records,
            FeedLimits limits,
            InstantSource clock,
            long revision,
            Topology topology) {
        this.apps = apps;
        this.records = records;
        this.limits = limits;
        this.clock = clock;
        this.revision = revision;
        this.topology = topology;
        this.statuses = new StatusWriter(records);
        this.realised = new Realised(this::topology, this::find, timeline, clock, limits.heartbeat());
        this.sweeper = Thread.ofVirtual().name("feed-sweeper").start(this::sweep);
    }

    /**
     * The store has changed. Returns quickly, and waits for no chassis.
     *
     * @param after all of the store, with the changes in it
     * @param deltas at most one for each entity
     */
    public void changed(long revisionAfter, Topology after, List<Delta> deltas) {
        lock.lock();
        try {
            revision = revisionAfter;
            topology = after;
            timeline.add(revisionAfter, clock.instant(), deltas);
            lines.values().removeIf(line -> {
                boolean gap = line.inbox().put(revisionAfter, after, deltas);
                if (gap) {
                    gaps.increment();
                }
                return gap && line.session().isEmpty();
            });
        } finally {
            lock.unlock();
        }
    }

    /** The revision up to which each chassis has confirmed that its switch does what the store says. */
    public Map<Id<Chassis>, Long> confirmed() {
        return realised.confirmed();
    }

    /** How far the chassis are with what changes. */
    public Realised realised() {
        return realised;
    }

    /** Whether the chassis has a stream now. */
    public boolean isConnected(Id<Chassis> chassis) {
        lock.lock();
        try {
            return Optional.ofNullable(lines.get(chassis))
                    .flatMap(Line::session)
                    .isPresent();
        } finally {
            lock.unlock();
        }
    }

    public Figures figures() {
        return new Figures(sessions().size(), snapshots.sum(), resumed.sum(), gaps.sum(), acknowledged.sum());
    }

    /** A stream of the calling thread for a chassis, which is recorded. Another stream of the same chassis ends. */
    Session open(Chassis reported, Optional<Position> from) throws Refused, InterruptedException {
        records.register(reported);
        while (true) {
            var line = lineOf(reported.id());
            var session = Session.begin(UUID.randomUUID().toString(), line, from, limits, clock);
            if (isKept(line)) {
                (session.isResumed() ? resumed : snapshots).increment();
                LOG.info(
                        "{} is on the feed, {}",
                        reported.id(),
                        session.isResumed() ? "from where it was" : "from a snapshot");
                return session;
            }
            session.close();
        }
    }

    private Line lineOf(Id<Chassis> chassis) throws Refused {
        lock.lock();
        try {
            if (closed) {
                throw new Refused(Reason.CLOSED, "the server is going down");
            }
            return lines.computeIfAbsent(chassis, this::line);
        } finally {
            lock.unlock();
        }
    }

    /** The line of a chassis, also of one that was never there; empty once the feeds are closed. */
    private Optional<Line> find(Id<Chassis> chassis) {
        try {
            return Optional.of(lineOf(chassis));
        } catch (Refused e) {
            return Optional.empty();
        }
    }

    private Topology topology() {
        lock.lock();
        try {
            return topology;
        } finally {
            lock.unlock();
        }
    }

    /** A line that nobody sat on may have been given up in the meantime. */
    private boolean isKept(Line line) {
        lock.lock();
        try {
            return lines.get(line.chassis()) == line;
        } finally {
            lock.unlock();
        }
    }

    private Line line(Id<Chassis> chassis) {
        return new Line(
                chassis,
                apps.apply(chassis),
                UUID.randomUUID().toString(),
                limits.retained(),
                new Inbox(limits.pending(), revision, topology),
                realised.progress(chassis));
    }

    /** A chassis confirms the flows of a revision, and says how its ports are. */
    void acknowledge(Id<Chassis> chassis, String session, long at, Map<Id<Port>, PortState> states) throws Refused {
        var current = session(chassis, session);
        var due = current.acknowledge(at, states);
        acknowledged.increment();
        realised.confirm(chassis, current.line(), at);
        if (!due.isEmpty()) {
            statuses.write(due);
        }
    }

    /** A chassis is not as it was when it opened its stream. */
    void update(Chassis reported, String session) throws Refused, InterruptedException {
        var _ = session(reported.id(), session);
        records.register(reported);
    }

    /** A chassis has learnt something from its ports. */
    void told(Id<Chassis> chassis, String session, List<Report> reports) throws Refused, InterruptedException {
        var _ = session(chassis, session);
        records.told(chassis, reports);
    }

    /** That of a chassis which speaks. */
    private Session session(Id<Chassis> chassis, String name) throws Refused {
        lock.lock();
        try {
            var session = Optional.ofNullable(lines.get(chassis))
                    .flatMap(Line::session)
                    .filter(current -> current.name().equals(name))
                    .orElseThrow(() -> new Refused(
                            Reason.UNKNOWN_SESSION, "%s has no such stream; it may have ended".formatted(chassis)));
            realised.progress(chassis).heard();
            return session;
        } finally {
            lock.unlock();
        }
    }

    private List<Session> sessions() {
        lock.lock();
        try {
            return lines.values().stream()
                    .flatMap(line -> line.session().stream())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private void sweep() {
        try {
            var last = clock.instant();
            var awake = last;
            while (true) {
                Thread.sleep(limits.sweep());
                var now = clock.instant();
                // Who slept, or had no time, has heard of nobody, which says nothing of the others.
                if (last.plus(limits.downAfter().dividedBy(2)).isBefore(now)) {
                    awake = now;
                }
                last = now;
                endStuckAndSilent(now, awake);
                realised.forgetAbsent();
                seeWhoIsAlive(awake);
            }
        } catch (InterruptedException e) {
            LOG.debug("the feeds are closed");
        }
    }

    private void endStuckAndSilent(Instant now, Instant awake) {
        for (var session : sessions()) {
            if (session.isStuck(now)) {
                session.end(new Refused(Reason.STUCK, "the chassis does not read"));
            } else if (isGone(session.line().chassis(), awake)) {
                session.end(new Refused(
                        Reason.SILENT, "nothing was heard of the chassis for %s".formatted(limits.downAfter())));
            }
        }
    }

    private boolean isGone(Id<Chassis> chassis, Instant awake) {
        return realised.progress(chassis).isGoneFor(limits.downAfter(), awake);
    }

    private void seeWhoIsAlive(Instant awake) throws InterruptedException {
        var known = topology().find(Query.all(Chassis.class)).toList();
        for (var chassis : known) {
            boolean isGone = isGone(chassis.id(), awake);
            boolean isWronged = !chassis.alive() && !isGone && isConnected(chassis.id());
            if (chassis.alive() && isGone || isWronged) {
                try {
                    records.mark(chassis.id(), isWronged);
                } catch (Refused e) {
                    LOG.warn("whether {} is alive cannot be written: {}", chassis.id(), e.detail());
                }
            }
        }
    }

    /** Ends all streams. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        sessions().forEach(session -> session.end(new Refused(Reason.CLOSED, "the server is going down")));
        realised.close();
        statuses.close();
        sweeper.interrupt();
    }
}

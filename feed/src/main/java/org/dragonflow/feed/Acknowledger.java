package org.dragonflow.feed;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.LeaseUsedUp;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what a chassis confirms, on a thread of its own: the latest of it, when there is a connection, and one request at a time. If that is
 * nothing new, it says so once each heartbeat, by which the server knows that the chassis is there.
 */
final class Acknowledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Acknowledger.class);

    private final Id<Chassis> chassis;
    private final Duration pause;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Id<Port>, PortState> known = new HashMap<>();
    private final Map<Id<Port>, PortState> unsent = new LinkedHashMap<>();
    private final Map<Id<?>, Report> reports = new LinkedHashMap<>();
    private final Thread thread;
    private Optional<Chassis> record = Optional.empty();
    private Optional<Link> link = Optional.empty();
    private Position latest = new Position("", 0);
    private long sent;
    private boolean isHeard;

    /** When the next heartbeat is due, of the clock of {@link System#nanoTime}. */
    private long beat;

    private record Link(Connection connection, Message.Hello hello) {}

    private record Letter(
            Link link,
            long revision,
            Map<Id<Port>, PortState> states,
            Optional<Chassis> record,
            List<Report> reports) {}

    Acknowledger(Id<Chassis> chassis, FeedSource.Pace pace) {
        this.chassis = chassis;
        this.pause = pace.shortest();
        this.thread = Thread.ofVirtual().name("feed-acknowledge").start(this::run);
    }

    void acknowledge(Position at, Map<Id<Port>, PortState> states) {
        change(() -> {
            latest = at;
            known.putAll(states);
            unsent.putAll(states);
        });
    }

    /** The chassis is not as it said when it came. */
    void report(Chassis present) {
        change(() -> record = Optional.of(present));
    }

    /** Said on this stream or never: later another may have an address that was announced, whose chassis has said so. */
    void tell(Report report) {
        change(() -> {
            if (link.isPresent() && reports.size() < FeedApi.MOST_REPORTS) {
                reports.put(report.subject(), report);
            }
        });
    }

    /** There is a stream, on which all may be told anew, which takes its time: until it is {@link #heard}, only that the chassis is there is said. */
    void connected(Connection connection, Message.Hello hello) {
        change(() -> {
            link = Optional.of(new Link(connection, hello));
            isHeard = false;
            beat = beatOf(hello);
        });
    }

    /** The stream has told where it goes on from. Its server knows nothing of what was sent before. */
    void heard() {
        change(() -> {
            isHeard = true;
            sent = 0;
            unsent.putAll(known);
        });
    }

    void disconnected() {
        change(() -> {
            link = Optional.empty();
            reports.clear();
        });
    }

    /** The chassis has been told everything anew. */
    void startAnew(List<Entity> entities) {
        change(() -> {
            var bound =
                    entities.stream().filter(this::isBoundHere).map(Entity::id).collect(Collectors.toSet());
            known.keySet().retainAll(bound);
            unsent.keySet().retainAll(bound);
        });
    }

    void forgetUnbound(List<Change> changes) {
        var gone = new ArrayList<Id<?>>();
        for (var change : changes) {
            if (change.id().type() == Port.class
                    && change.after().filter(this::isBoundHere).isEmpty()) {
                gone.add(change.id());
            }
        }
        change(() -> gone.forEach(port -> {
            known.remove(port);
            unsent.remove(port);
        }));
    }

    private boolean isBoundHere(Entity entity) {
        return entity instanceof Port port && port.isBoundTo(chassis);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                var letter = take();
                try {
                    var _ = letter.link().connection().post(FeedApi.ACKNOWLEDGE, body(letter));
                } catch (Refused e) {
                    LOG.debug("the server does not take what {} confirms: {}", chassis, e.detail());
                    putBack(letter);
                    Thread.sleep(pause);
                } catch (IOException e) {
                    LOG.debug("what {} confirms could not be sent: {}", chassis, e.getMessage());
                    putBack(letter);
                    Thread.sleep(pause);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("nothing is confirmed any more");
        }
    }

    private Letter take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (link.isEmpty() || !isAnythingToSay() && System.nanoTime() - beat < 0) {
                if (link.isEmpty()) {
                    changed.await();
                } else {
                    var _ = changed.awaitNanos(beat - System.nanoTime());
                }
            }
            var letter = isHeard ? news(link.get()) : new Letter(link.get(), 0, Map.of(), Optional.empty(), List.of());
            beat = beatOf(letter.link().hello());
            return letter;
        } finally {
            lock.unlock();
        }
    }

    private boolean isAnythingToSay() {
        return isHeard && (!unsent.isEmpty() || record.isPresent() || !reports.isEmpty() || revision() > sent);
    }

    private Letter news(Link to) {
        var letter = new Letter(to, revision(), new LinkedHashMap<>(unsent), record, List.copyOf(reports.values()));
        unsent.clear();
        reports.clear();
        record = Optional.empty();
        sent = letter.revision();
        return letter;
    }

    private static long beatOf(Message.Hello hello) {
        return System.nanoTime() + hello.heartbeat().toNanos();
    }

    /** A revision of another line says nothing to this server. */
    private long revision() {
        return link.filter(l -> l.hello().line().equals(latest.line())).isPresent() ? latest.revision() : 0;
    }

    private void putBack(Letter letter) {
        change(() -> {
            letter.states().forEach(unsent::putIfAbsent);
            unsent.keySet().retainAll(known.keySet());
            record = record.or(letter::record);
            if (link.equals(Optional.of(letter.link()))) {
                letter.reports().forEach(report -> reports.putIfAbsent(report.subject(), report));
            }
            sent = 0;
        });
    }

    private Map<String, Object> body(Letter letter) {
        var body = new LinkedHashMap<String, Object>();
        body.put("chassis", chassis.value());
        body.put("session", letter.link().hello().session());
        body.put("revision", letter.revision());
        letter.record().ifPresent(present -> body.put("record", Entities.encode(present)));
        body.put(
                "announced",
                letter.reports().stream().flatMap(Acknowledger::announced).toList());
        body.put(
                "used_up",
                letter.reports().stream().flatMap(Acknowledger::usedUp).toList());
        for (var state : PortState.values()) {
            body.put(
                    state.wire(),
                    letter.states().entrySet().stream()
                            .filter(entry -> entry.getValue() == state)
                            .map(entry -> entry.getKey().value())
                            .toList());
        }
        return body;
    }

    private static Stream<Map<String, Object>> announced(Report report) {
        return report instanceof ActivePort active ? Stream.of(Entities.encode(active)) : Stream.of();
    }

    private static Stream<String> usedUp(Report report) {
        return report instanceof LeaseUsedUp(var lease) ? Stream.of(lease.value()) : Stream.of();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

package org.dragonflow.feed;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;

/** One stream to one chassis. The thread that made it asks what to say next; others may end it, which interrupts that thread. */
final class Session implements AutoCloseable {
    private final String name;
    private final Line line;
    private final FeedLimits limits;
    private final InstantSource clock;
    private final ReentrantLock ending = new ReentrantLock();
    private Optional<Thread> owner = Optional.of(Thread.currentThread());
    private volatile Optional<Refused> end = Optional.empty();
    private volatile Optional<Instant> writingSince = Optional.empty();
    private boolean anew;
    private long told;

    private Session(String name, Line line, FeedLimits limits, InstantSource clock) {
        this.name = name;
        this.line = line;
        this.limits = limits;
        this.clock = clock;
    }

    /** Takes the place of whatever session there was on the line, and goes on from the position, if that can be. */
    static Session begin(String name, Line line, Optional<Position> from, FeedLimits limits, InstantSource clock) {
        var session = new Session(name, line, limits, clock);
        Optional<Session> before;
        line.lock().lock();
        try {
            before = line.seat(Optional.of(session));
            session.anew = from.filter(line::reachesBackTo).isEmpty();
            session.told = from.map(Position::revision).orElse(0L);
        } finally {
            line.lock().unlock();
        }
        before.ifPresent(
                old -> old.end(new Refused(Reason.REPLACED, "%s has opened another stream".formatted(line.chassis()))));
        return session;
    }

    Message.Hello hello() {
        return new Message.Hello(Message.VERSION, name, line.name(), limits.heartbeat());
    }

    String name() {
        return name;
    }

    Line line() {
        return line;
    }

    boolean isResumed() {
        return !anew;
    }

    /** Waits for what is to be said next; if that is nothing, it is a heartbeat. */
    Message next() throws InterruptedException, Refused {
        long deadline = System.nanoTime() + limits.heartbeat().toNanos();
        while (true) {
            long left = deadline - System.nanoTime();
            var message = step(left <= 0);
            if (message.isPresent()) {
                return message.get();
            }
            line.inbox().await(Duration.ofNanos(left));
        }
    }

    private Optional<Message> step(boolean speak) throws Refused {
        line.lock().lock();
        try {
            requireOpen();
            if (anew || !line.reachesBackTo(told)) {
                anew = false;
                return Optional.of(said(line.startAnew()));
            }
            var missed = line.after(told).map(Line.Next.Some::new);
            if (missed.isPresent()) {
                return missed.map(this::said);
            }
            var next = line.advance().map(this::said);
            return next.isEmpty() && speak ? Optional.of(changes(line.revision(), List.of())) : next;
        } finally {
            line.lock().unlock();
        }
    }

    private Message said(Line.Next next) {
        return switch (next) {
            case Line.Next.All(var revision, var entities) -> {
                told = revision;
                yield new Message.Snapshot(revision, entities);
            }
            case Line.Next.Some(Line.Entry(var _, var revision, var changes)) -> changes(revision, changes);
        };
    }

    private Message changes(long revision, List<Change> changes) {
        var message = new Message.Changes(told, revision, changes);
        told = revision;
        return message;
    }

    private void requireOpen() throws Refused {
        if (end.isPresent()) {
            throw end.get();
        }
    }

    /** What follows for ports from what the chassis says. */
    List<PortStatus> acknowledge(long revision, Map<Id<Port>, PortState> states) throws Refused {
        line.lock().lock();
        try {
            requireOpen();
            if (revision > told) {
                throw new Refused(
                        Reason.MALFORMED,
                        "%s confirms revision %d and has been told of %d".formatted(line.chassis(), revision, told));
            }
            return line.realisation().acknowledge(revision, states);
        } finally {
            line.lock().unlock();
        }
    }

    /** Marks that the owner begins to write to the chassis, which may take until the chassis reads. */
    void writing() {
        writingSince = Optional.of(clock.instant());
    }

    void written() {
        writingSince = Optional.empty();
    }

    /** Whether the chassis has not read what it was sent for too long. */
    boolean isStuck(Instant now) {
        return writingSince
                .filter(since -> since.plus(limits.stuck()).isBefore(now))
                .isPresent();
    }

    void end(Refused why) {
        ending.lock();
        try {
            if (end.isEmpty()) {
                end = Optional.of(why);
                owner.ifPresent(Thread::interrupt);
            }
        } finally {
            ending.unlock();
        }
    }

    /** Why it was ended by others. */
    Optional<Refused> ended() {
        return end;
    }

    /** By the owner: nobody will interrupt it from now on. The line is free for the next one. */
    @Override
    public void close() {
        ending.lock();
        try {
            owner = Optional.empty();
            end = end.or(() ->
                    Optional.of(new Refused(Reason.CLOSED, "the stream of %s is closed".formatted(line.chassis()))));
        } finally {
            ending.unlock();
        }
        line.lock().lock();
        try {
            if (line.session().filter(s -> s == this).isPresent()) {
                var _ = line.seat(Optional.empty());
            }
        } finally {
            line.lock().unlock();
        }
        // An interrupt that came too late to be of use must not hit what the thread does next.
        var _ = Thread.interrupted();
    }
}

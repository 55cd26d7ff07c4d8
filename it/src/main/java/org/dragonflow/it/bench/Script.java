package org.dragonflow.it.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.dragonflow.agent.Northbound;
import org.dragonflow.feed.Change;
import org.dragonflow.feed.FeedEvent;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;

/** A northbound in this process that tells an agent what the bench wants it to hear, and notes when it is confirmed. */
final class Script implements Northbound.Source {
    private static final String LINE = "bench";

    private final List<Entity> entities;
    private Optional<Consumer<FeedEvent>> agent = Optional.empty();
    private long acknowledged = -1;
    private long confirmedNanos;

    /** Begins with this picture, at revision 1. */
    Script(List<Entity> entities) {
        this.entities = List.copyOf(entities);
    }

    @Override
    public Northbound open(String systemId, List<Uplink> uplinks, Optional<Position> from, Consumer<FeedEvent> to) {
        to.accept(new FeedEvent.Connected());
        to.accept(new FeedEvent.Snapshot(new Position(LINE, 1), entities));
        join(to);
        return new Northbound() {
            @Override
            public void acknowledge(Position at, Map<Id<Port>, PortState> states) {
                confirm(at.revision());
            }

            @Override
            public void tell(Report report) {}

            @Override
            public void report(List<Uplink> uplinks) {}

            @Override
            public void close() {}
        };
    }

    private synchronized void join(Consumer<FeedEvent> to) {
        agent = Optional.of(to);
    }

    private synchronized void confirm(long revision) {
        confirmedNanos = System.nanoTime();
        acknowledged = revision;
        notifyAll();
    }

    /** Says the change to the agent; the milliseconds until the agent says that the switch has it. */
    double change(long revision, Entity after, Duration limit) throws InterruptedException {
        Consumer<FeedEvent> to;
        synchronized (this) {
            to = agent.orElseThrow();
        }
        var change = new Change(after.id(), Optional.of(after));
        long began = System.nanoTime();
        to.accept(new FeedEvent.Changes(new Position(LINE, revision), List.of(change)));
        return (await(revision, limit) - began) / 1e6;
    }

    /** Waits for the confirmation of a revision, and tells when it came. */
    synchronized long await(long revision, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (acknowledged < revision) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new IllegalStateException("revision %d is not confirmed after %s".formatted(revision, limit));
            }
            wait(left);
        }
        return confirmedNanos;
    }
}

package org.dragonflow.agent;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.dragonflow.feed.Change;
import org.dragonflow.feed.FeedEvent;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.feed.Reason;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;

/** A northbound in the same process, that says what a test tells it to say. */
final class LocalServer implements Northbound.Source {
    private final Map<Id<Port>, PortState> states = new ConcurrentHashMap<>();
    private volatile Optional<Consumer<FeedEvent>> agent = Optional.empty();
    private volatile Optional<Position> asked = Optional.empty();
    private volatile Optional<FeedEvent> first = Optional.empty();
    private volatile List<Uplink> uplinks = List.of();
    private volatile long acknowledged = -1;

    /** Begins with this picture for whoever comes without one. */
    LocalServer(long revision, List<Entity> entities) {
        first = Optional.of(new FeedEvent.Snapshot(new Position("line", revision), entities));
    }

    /** Is away. */
    LocalServer() {}

    @Override
    public Northbound open(String systemId, List<Uplink> present, Optional<Position> from, Consumer<FeedEvent> to) {
        uplinks = present;
        agent = Optional.of(to);
        asked = from;
        if (first.isPresent()) {
            to.accept(new FeedEvent.Connected());
            to.accept(first.get());
        } else {
            to.accept(new FeedEvent.Disconnected(Reason.UNAVAILABLE, "it is away"));
        }
        return new Northbound() {
            @Override
            public void acknowledge(Position at, Map<Id<Port>, PortState> news) {
                states.putAll(news);
                acknowledged = at.revision();
            }

            @Override
            public void tell(Report report) {}

            @Override
            public void report(List<Uplink> now) {
                uplinks = now;
            }

            @Override
            public void close() {
                agent = Optional.empty();
            }
        };
    }

    void change(long revision, Delta... deltas) {
        var changes = List.of(deltas).stream()
                .map(delta -> new Change(delta.id(), delta.after()))
                .toList();
        agent.orElseThrow().accept(new FeedEvent.Changes(new Position("line", revision), changes));
    }

    /** Where the agent wanted to go on from. */
    Optional<Position> asked() {
        return asked;
    }

    /** What the agent said last of the physical networks that it is connected to. */
    List<Uplink> uplinks() {
        return uplinks;
    }

    long acknowledged() {
        return acknowledged;
    }

    Map<Id<Port>, PortState> states() {
        return states;
    }
}

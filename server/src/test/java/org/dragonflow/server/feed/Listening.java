package org.dragonflow.server.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.dragonflow.feed.FeedClient;
import org.dragonflow.feed.FeedEvent;
import org.dragonflow.feed.FeedSource;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.feed.Reason;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;
import org.dragonflow.model.Topology;

/** A chassis that takes in all that it is told, holds every step to what the store held, and confirms it. */
final class Listening implements AutoCloseable {
    static final FeedSource.Pace HASTY =
            new FeedSource.Pace(Duration.ofSeconds(5), Duration.ofMillis(5), Duration.ofMillis(40));

    private final Land land;
    private final Chassis chassis;

    // The first event may come before the client is known here.
    private final CompletableFuture<FeedClient> client = new CompletableFuture<>();

    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<FeedEvent> events = new CopyOnWriteArrayList<>();
    private final Set<Id<Port>> said = new HashSet<>();
    private volatile Topology topology = Topology.EMPTY;
    private volatile Optional<Position> position = Optional.empty();

    Listening(Land land, Chassis chassis, URI server, Optional<FeedSource.Identity> identity) {
        this(land, chassis, server, identity, Optional.empty(), Topology.EMPTY);
    }

    /** One that knows something already. */
    Listening(
            Land land,
            Chassis chassis,
            URI server,
            Optional<FeedSource.Identity> identity,
            Optional<Position> from,
            Topology known) {
        this.land = land;
        this.chassis = chassis;
        this.topology = known;
        this.position = from;
        client.complete(FeedClient.start(
                new FeedSource(List.of(server), chassis, identity, from, HASTY),
                this::hear,
                Clock.systemUTC(),
                new Random(7)));
    }

    void tell(Report report) {
        client.join().tell(report);
    }

    private void hear(FeedEvent event) {
        events.add(event);
        switch (event) {
            case FeedEvent.Connected() -> {}
            case FeedEvent.Disconnected _ -> {}
            case FeedEvent.Snapshot(var at, var entities) -> moved(at, Topology.of(entities));
            case FeedEvent.Changes(var at, var changes) -> {
                var next = topology;
                for (var change : changes) {
                    next = change.after().isPresent() ? next.put(change.after().get()) : next.remove(change.id());
                }
                moved(at, next);
            }
        }
    }

    private void moved(Position at, Topology next) {
        var expected = land.concerning(chassis.id().value(), at.revision());
        if (!next.equals(expected)) {
            faults.add("at %s: %s".formatted(at, next.since(expected).toList()));
        }
        topology = next;
        position = Optional.of(at);
        client.join().acknowledge(at, fresh());
    }

    /** The ports of which nothing was said yet are up. */
    private Map<Id<Port>, PortState> fresh() {
        var here = topology.find(Port.at(chassis.id())).map(Port::id).collect(Collectors.toSet());
        said.retainAll(here);
        return here.stream().filter(said::add).collect(Collectors.toMap(port -> port, _ -> PortState.UP));
    }

    Topology topology() {
        return topology;
    }

    Position position() {
        return position.orElseThrow();
    }

    List<FeedEvent> events() {
        return events;
    }

    long snapshots() {
        return events.stream().filter(FeedEvent.Snapshot.class::isInstance).count();
    }

    /** Why attempts failed or connections ended so far. */
    List<Reason> ends() {
        return events.stream()
                .filter(FeedEvent.Disconnected.class::isInstance)
                .map(end -> ((FeedEvent.Disconnected) end).reason())
                .toList();
    }

    /** Waits until an attempt has failed, or a connection ended, for this reason. */
    void awaitEnd(Reason reason) {
        await().atMost(Duration.ofSeconds(20)).until(() -> ends().contains(reason));
    }

    /** Says how the switch stands with ports, as of where it is. */
    void report(Map<Id<Port>, PortState> states) {
        client.join().acknowledge(position(), states);
    }

    /** Says what physical networks the chassis is connected to now. */
    void connect(Uplink... uplinks) {
        client.join().report(List.of(uplinks));
    }

    /** Waits until it has come as far as the store, and has found nothing amiss on the way. */
    void catchUp() {
        comeWithin(0);
        assertThat(faults).isEmpty();
    }

    /** Waits until it is no more than so many revisions behind the store. */
    void comeWithin(int revisions) {
        long least = land.revision() - revisions;
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> position.map(Position::revision).orElse(-1L) >= least);
    }

    @Override
    public void close() {
        client.join().close();
    }
}

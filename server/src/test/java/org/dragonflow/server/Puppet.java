package org.dragonflow.server;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.dragonflow.address.IpAddress;
import org.dragonflow.feed.FeedClient;
import org.dragonflow.feed.FeedEvent;
import org.dragonflow.feed.FeedSource;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.TunnelType;

/** A chassis that hears all that it is told, and confirms what a test has it confirm. */
final class Puppet implements AutoCloseable {
    private static final FeedSource.Pace HASTY =
            new FeedSource.Pace(Duration.ofSeconds(5), Duration.ofMillis(5), Duration.ofMillis(40));

    private final Cloud cloud;
    private final FeedClient client;
    private final AtomicReference<Optional<Position>> position = new AtomicReference<>(Optional.empty());

    Puppet(Cloud cloud, String name, int number) {
        this.cloud = cloud;
        var chassis = new Chassis(
                Id.of(Chassis.class, name),
                IpAddress.parse("192.0.2." + number),
                List.of(TunnelType.GENEVE),
                "system-" + name,
                Instant.EPOCH);
        var source = new FeedSource(
                List.of(URI.create(cloud.server().feedUrl())), chassis, Optional.empty(), Optional.empty(), HASTY);
        client = FeedClient.start(source, this::hear, Clock.systemUTC(), new Random(number));
        awaitNews();
        confirm();
    }

    private void hear(FeedEvent event) {
        switch (event) {
            case FeedEvent.Connected() -> {}
            case FeedEvent.Disconnected _ -> {}
            case FeedEvent.Snapshot(var at, var _) -> position.set(Optional.of(at));
            case FeedEvent.Changes(var at, var _) -> position.set(Optional.of(at));
        }
    }

    /** Waits until it was told all that the store holds now, also that none of the last of it is its concern. */
    void awaitNews() {
        long revision = cloud.revision();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> heard() >= revision);
    }

    long heard() {
        return position.get().map(Position::revision).orElse(-1L);
    }

    /** Has the flows of all that it was told. */
    void confirm() {
        client.acknowledge(position.get().orElseThrow(), Map.of());
    }

    void confirm(String port, PortState state) {
        client.acknowledge(position.get().orElseThrow(), Map.of(Id.of(Port.class, port), state));
    }

    @Override
    public void close() {
        client.close();
    }
}

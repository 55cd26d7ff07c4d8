package org.dragonflow.agent;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.dragonflow.feed.FeedClient;
import org.dragonflow.feed.FeedEvent;
import org.dragonflow.feed.FeedSource;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;

/** The northbound as the servers of a cloud tell it. */
public final class ServerFeed implements Northbound {
    private final FeedClient client;

    private ServerFeed(FeedClient client) {
        this.client = client;
    }

    /**
     * How the agent of this configuration gets in touch with its servers.
     *
     * @param servers tried in turn
     * @param credentials absent only for a server on this machine
     */
    public static Northbound.Source of(Config config, List<URI> servers, Optional<FeedSource.Identity> credentials) {
        return (systemId, uplinks, from, to) -> open(config, servers, credentials, systemId, uplinks, from, to);
    }

    private static Northbound open(
            Config config,
            List<URI> servers,
            Optional<FeedSource.Identity> credentials,
            String systemId,
            List<Uplink> uplinks,
            Optional<Position> from,
            Consumer<FeedEvent> to) {
        // When it joined, and whether it is alive, is the server's to say.
        var chassis = new Chassis(
                config.chassis(),
                config.tunnelAddress(),
                config.tunnelTypes(),
                systemId,
                config.bridge(),
                config.datapathType(),
                uplinks,
                true,
                Instant.EPOCH);
        var source = new FeedSource(servers, chassis, credentials, from, FeedSource.Pace.STANDARD);
        return new ServerFeed(FeedClient.start(source, to, Clock.systemUTC(), new SplittableRandom()));
    }

    @Override
    public void acknowledge(Position position, Map<Id<Port>, PortState> states) {
        client.acknowledge(position, states);
    }

    @Override
    public void report(List<Uplink> uplinks) {
        client.report(uplinks);
    }

    @Override
    public void tell(Report report) {
        client.tell(report);
    }

    @Override
    public void close() {
        client.close();
    }
}

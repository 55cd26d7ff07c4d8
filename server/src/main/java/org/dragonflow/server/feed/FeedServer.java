package org.dragonflow.server.feed;

import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.dragonflow.apps.Apps;
import org.dragonflow.feed.FeedApi;
import org.dragonflow.feed.FeedLimits;
import org.dragonflow.feed.Feeds;
import org.dragonflow.feed.Joining;
import org.dragonflow.feed.Realised;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.store.Replica;

/** The feeds of all chassis, on a port of their own: listens as soon as it is made, until it is closed. */
public final class FeedServer implements AutoCloseable {
    private final Replica replica;
    private final Replica.Listener ear;
    private final Feeds feeds;
    private final FeedListener listener;

    /**
     * Listens without TLS if there is none.
     *
     * @param name what tells it from others on the same store, and outlives a restart
     */
    public FeedServer(
            String name,
            Replica replica,
            InetSocketAddress address,
            Optional<SSLContext> tls,
            Optional<Joining> joining,
            FeedLimits limits,
            InstantSource clock) {
        this.replica = replica;
        // What comes between this state and the feeds that begin with it waits for them.
        var told = new CompletableFuture<Feeds>();
        this.ear = (after, deltas) -> told.join().changed(after.revision(), after.topology(), deltas);
        var state = replica.subscribe(ear);
        this.feeds = new Feeds(
                Apps::standard,
                new StoreRecords(replica, clock, name),
                limits,
                clock,
                state.revision(),
                state.topology());
        told.complete(feeds);
        var trust = tls.isPresent() ? FeedApi.Trust.CERTIFICATES : FeedApi.Trust.LOOPBACK;
        try {
            this.listener = FeedListener.start(address, tls, new FeedApi(feeds, trust, joining, clock));
        } catch (RuntimeException e) {
            silence();
            throw e;
        }
    }

    /** Where it listens. */
    public int port() {
        return listener.port();
    }

    /** The revision up to which each chassis has confirmed that its switch does what the store says. */
    public Map<Id<Chassis>, Long> confirmed() {
        return feeds.confirmed();
    }

    /** How far the chassis are with what changes. */
    public Realised realised() {
        return feeds.realised();
    }

    /** Whether the chassis is on the feed now. */
    public boolean isConnected(Id<Chassis> chassis) {
        return feeds.isConnected(chassis);
    }

    public Feeds.Figures figures() {
        return feeds.figures();
    }

    /** Whoever waits for chassis does so no more. */
    public void endWaits() {
        feeds.realised().close();
    }

    private void silence() {
        replica.unsubscribe(ear);
        feeds.close();
    }

    /** Ends all streams, and stops. */
    @Override
    public void close() {
        silence();
        listener.close();
    }
}

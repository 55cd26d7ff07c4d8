package org.dragonflow.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.dragonflow.server.access.Policy;
import org.dragonflow.server.access.TrustedHeaders;
import org.dragonflow.server.feed.ChassisFeed;
import org.dragonflow.server.feed.FeedServer;
import org.dragonflow.server.feed.JoinApi;
import org.dragonflow.server.http.HttpServer;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.neutron.AgentApi;
import org.dragonflow.server.neutron.Api;
import org.dragonflow.server.operator.ChassisProgress;
import org.dragonflow.server.operator.OperatorApi;
import org.dragonflow.store.MemoryStore;
import org.dragonflow.store.Replica;
import org.dragonflow.store.Retention;
import org.dragonflow.store.Store;
import org.dragonflow.store.sqlite.SqliteStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One API server on one store: listens as soon as it is made, until it is closed. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Store store;
    private final Replica replica;
    private final HttpServer http;
    private final ChassisFeed feed;

    private Server(Store store, Replica replica, HttpServer http, ChassisFeed feed) {
        this.store = store;
        this.replica = replica;
        this.http = http;
        this.feed = feed;
    }

    /**
     * Starts on the store that the configuration names.
     *
     * @throws IllegalArgumentException if the configuration is not safe
     */
    public static Server start(Config config) {
        requireSafe(config.api());
        return start(config, open(config.store()));
    }

    /** Starts on this store, which is closed with the server. */
    public static Server start(Config config, Store store) {
        var address = requireSafe(config.api());
        var replica = new Replica(store);
        var policy = config.identity().policyFile().isEmpty()
                ? Policy.standard()
                : Policy.read(Path.of(config.identity().policyFile()));
        var identity = new TrustedHeaders(policy);
        var api = new Api(
                replica,
                identity,
                Clock.systemUTC(),
                new SecureRandom(),
                config.quota().limits());
        var feed = ChassisFeed.start(replica, config.feed(), Clock.systemUTC());
        var metrics = new Metrics(replica, feed.server());
        var operator = new OperatorApi(identity, replica, progress(feed.server()));
        var agents = new AgentApi(identity, replica, Clock.systemUTC(), feed.server()::isConnected);
        var routes = new JoinApi(identity, feed)
                .routeTo(operator.routeTo(agents.routeTo(api.routes())))
                .on("GET", "/metrics", (_, _) -> metrics.page())
                .on("GET", "/healthz", (_, _) -> health(replica));
        var http = HttpServer.start(address, config.api().maxBodyBytes(), new Front(routes, metrics));
        LOG.info(
                "serving revision {} on {}:{}, and chassis at {}",
                replica.state().revision(),
                address.getHostString(),
                http.port(),
                feed.url());
        return new Server(store, replica, http, feed);
    }

    private static ChassisProgress progress(FeedServer feed) {
        return chassis -> Optional.of(new ChassisProgress.Standing(
                feed.isConnected(chassis), Optional.ofNullable(feed.realised().get(chassis))));
    }

    private static Store open(Config.Storage storage) {
        return storage.path().isEmpty()
                ? new MemoryStore(Clock.systemUTC(), Retention.STANDARD)
                : SqliteStore.open(Path.of(storage.path()), Clock.systemUTC(), Retention.STANDARD);
    }

    /** Callers are believed to be who they say, which is for one machine and nobody else. */
    private static InetSocketAddress requireSafe(Config.Api api) {
        try {
            var address = InetAddress.getByName(api.address());
            if (!address.isLoopbackAddress() && !api.trustEverybody()) {
                throw new IllegalArgumentException(
                        "api.address is %s, where others reach this server, and it does not ask who they are; set"
                                        .formatted(api.address())
                                + " api.trust-everybody=true if that is meant");
            }
            return new InetSocketAddress(address, api.port());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("api.address is no address: " + api.address(), e);
        }
    }

    private static Response health(Replica replica) {
        var state = replica.state();
        var health = new LinkedHashMap<String, Object>();
        health.put("ok", replica.isFollowing());
        health.put("revision", state.revision());
        health.put("entities", state.topology().size());
        return Response.json(replica.isFollowing() ? 200 : 503, health);
    }

    /** Where it listens. */
    public int port() {
        return http.port();
    }

    /** Where chassis get their feed. */
    public String feedUrl() {
        return feed.url();
    }

    /** What it serves. */
    public Replica replica() {
        return replica;
    }

    /** Answers what is under way, and lets go of the store. */
    @Override
    public void close() {
        http.close();
        feed.close();
        replica.close();
        store.close();
    }
}

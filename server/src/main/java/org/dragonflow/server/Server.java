package org.dragonflow.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.dragonflow.feed.Credentials;
import org.dragonflow.server.access.Basic;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.access.Keystone;
import org.dragonflow.server.access.Policy;
import org.dragonflow.server.access.TrustedHeaders;
import org.dragonflow.server.feed.ChassisFeed;
import org.dragonflow.server.feed.FeedServer;
import org.dragonflow.server.feed.JoinApi;
import org.dragonflow.server.http.HttpServer;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.neutron.AgentApi;
import org.dragonflow.server.neutron.Api;
import org.dragonflow.server.neutron.EdgeKeeper;
import org.dragonflow.server.neutron.World;
import org.dragonflow.server.nova.NovaNotifier;
import org.dragonflow.server.operator.ChassisProgress;
import org.dragonflow.server.operator.OperatorApi;
import org.dragonflow.server.realised.RealisedApi;
import org.dragonflow.server.realised.Waiting;
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
    private final Identity identity;
    private final Optional<NovaNotifier> nova;
    private final EdgeKeeper edge;

    private Server(
            Identity identity,
            Store store,
            Replica replica,
            HttpServer http,
            ChassisFeed feed,
            Optional<NovaNotifier> nova,
            EdgeKeeper edge) {
        this.identity = identity;
        this.store = store;
        this.replica = replica;
        this.http = http;
        this.feed = feed;
        this.nova = nova;
        this.edge = edge;
    }

    /**
     * Starts on the store that the configuration names.
     *
     * @throws IllegalArgumentException if the configuration is not safe
     */
    public static Server start(Config config) {
        requireSafe(config);
        return start(config, open(config.store()));
    }

    /** Starts on this store, which is closed with the server. */
    public static Server start(Config config, Store store) {
        var address = requireSafe(config);
        var tls = tls(config.api());
        var replica = new Replica(store);
        var policy = config.identity().policyFile().isEmpty()
                ? Policy.standard()
                : Policy.read(Path.of(config.identity().policyFile()));
        var identity = identity(config.identity(), policy);
        var world = new World(replica, Clock.systemUTC());
        var api = new Api(
                world,
                identity,
                Clock.systemUTC(),
                new SecureRandom(),
                config.quota().limits(),
                config.api().dnsDomain(),
                config.network().carriers(),
                config.network().mtus(),
                config.network().natPorts());
        var feed = ChassisFeed.start(replica, config.feed(), Clock.systemUTC());
        var metrics = new Metrics(replica, feed.server());
        var nova = nova(replica, config, metrics);
        var agents = new AgentApi(identity, world, Clock.systemUTC(), feed.server()::isConnected);
        var operator = new OperatorApi(identity, policy, replica, world, progress(feed.server()));
        var realised = new RealisedApi(identity, replica, feed.server().realised());
        var waiting =
                new Waiting(replica, feed.server().realised(), config.api().waiting());
        var routes = new JoinApi(identity, feed)
                .routeTo(realised.routeTo(operator.routeTo(agents.routeTo(api.routes(realised)))))
                .on("GET", "/metrics", (_, _) -> metrics.page())
                .on("GET", "/healthz", (_, _) -> health(replica));
        var http = HttpServer.start(
                address, tls, config.api().maxBodyBytes(), new Front(identity, routes, world, waiting, metrics));
        if (tls.isEmpty() && !address.getAddress().isLoopbackAddress()) {
            LOG.warn(
                    "what callers prove themselves with goes over the network in the clear: set api.tls-certificate and api.tls-key, or have a proxy with TLS on this machine");
        }
        LOG.info(
                "serving revision {} on {}://{}:{}, and chassis at {}",
                replica.state().revision(),
                tls.isPresent() ? "https" : "http",
                address.getHostString(),
                http.port(),
                feed.url());
        return new Server(identity, store, replica, http, feed, nova, api.edge().start());
    }

    private static Optional<NovaNotifier> nova(Replica replica, Config config, Metrics metrics) {
        return config.nova().enabled()
                ? Optional.of(NovaNotifier.start(replica, config, Clock.systemUTC(), metrics::nova))
                : Optional.empty();
    }

    private static ChassisProgress progress(FeedServer feed) {
        return chassis -> Optional.of(new ChassisProgress.Standing(
                feed.isConnected(chassis), Optional.ofNullable(feed.confirmed().get(chassis))));
    }

    private static Store open(Config.Storage storage) {
        var retention = new Retention(storage.historyCommits(), Duration.ofHours(storage.historyHours()));
        return storage.path().isEmpty()
                ? new MemoryStore(Clock.systemUTC(), retention)
                : SqliteStore.open(Path.of(storage.path()), Clock.systemUTC(), retention);
    }

    private static Identity identity(Config.Identity config, Policy policy) {
        return switch (config.kind()) {
            case NOAUTH -> new TrustedHeaders(policy);
            case BASIC -> {
                if (config.passwordFile().isEmpty()) {
                    throw new IllegalArgumentException(
                            "identity.kind is basic, and identity.password-file does not say where its users are");
                }
                yield new Basic(Path.of(config.passwordFile()), policy, Clock.systemUTC());
            }
            case KEYSTONE -> Keystone.at(config.keystone(), policy, Clock.systemUTC());
        };
    }

    private static Optional<SSLContext> tls(Config.Api api) {
        if (api.tlsCertificate().isEmpty() != api.tlsKey().isEmpty()) {
            throw new IllegalArgumentException("api.tls-certificate and api.tls-key are set both or not at all");
        }
        if (api.tlsCertificate().isEmpty()) {
            return Optional.empty();
        }
        var certificate = Path.of(api.tlsCertificate());
        try {
            // Callers prove who they are in other ways, so whose certificates would be believed does not matter.
            return Optional.of(Credentials.read(new Credentials.Files(certificate, Path.of(api.tlsKey()), certificate))
                    .tls());
        } catch (IOException e) {
            throw new IllegalArgumentException("the API's key and certificate cannot be used: " + e.getMessage(), e);
        }
    }

    /** Where others reach the server, it must ask who they are. */
    private static InetSocketAddress requireSafe(Config config) {
        var api = config.api();
        try {
            var address = InetAddress.getByName(api.address());
            boolean believesAll = config.identity().kind() == Config.Identity.Kind.NOAUTH;
            if (!address.isLoopbackAddress() && believesAll && !api.trustEverybody()) {
                throw new IllegalArgumentException(
                        "api.address is %s, where others reach this server, and it does not ask who they are; set"
                                        .formatted(api.address())
                                + " identity.kind, or api.trust-everybody=true if that is meant");
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
        feed.server().endWaits();
        http.close();
        feed.close();
        edge.close();
        nova.ifPresent(NovaNotifier::close);
        replica.close();
        store.close();
        identity.close();
    }
}

package org.dragonflow.server.feed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.feed.Authority;
import org.dragonflow.feed.Credentials;
import org.dragonflow.feed.FeedLimits;
import org.dragonflow.feed.Joining;
import org.dragonflow.feed.Token;
import org.dragonflow.server.Config;
import org.dragonflow.store.Replica;

/** The server's side of the chassis as an operator sets it up: where it listens, whose certificates it believes, and how chassis join. */
public final class ChassisFeed implements AutoCloseable {
    private final FeedServer server;
    private final Optional<Authority> authority;
    private final StoreTokens tokens;
    private final String url;

    private ChassisFeed(FeedServer server, Optional<Authority> authority, StoreTokens tokens, String url) {
        this.server = server;
        this.authority = authority;
        this.tokens = tokens;
        this.url = url;
    }

    /**
     * Listens as soon as it is made.
     *
     * @throws IllegalArgumentException if the configuration cannot be
     */
    public static ChassisFeed start(Replica replica, Config.Feed config, Clock clock) {
        var address = address(config);
        var tokens = new StoreTokens(replica, clock);
        try {
            var authority = isPlain(address) || !config.certificate().isEmpty()
                    ? Optional.<Authority>empty()
                    : Optional.of(Authority.open(stateDirectory(config), clock));
            var credentials = isPlain(address)
                    ? Optional.<Credentials>empty()
                    : Optional.of(credentials(config, authority, address));
            var host = names(config, address).getFirst();
            var server = new FeedServer(
                    "%s port %d".formatted(host, config.port()),
                    replica,
                    address,
                    credentials.map(Credentials::tls),
                    authority.map(a -> new Joining(a, tokens, Duration.ofDays(config.certificateDays()))),
                    FeedLimits.STANDARD.withDownAfter(Duration.ofSeconds(config.downAfterSeconds())),
                    clock);
            var scheme = credentials.isPresent() ? "https" : "http";
            var url = "%s://%s:%d".formatted(scheme, host.contains(":") ? "[" + host + "]" : host, server.port());
            return new ChassisFeed(server, authority, tokens, url);
        } catch (IOException e) {
            throw new UncheckedIOException("the feed's keys and certificates cannot be used: " + e.getMessage(), e);
        }
    }

    private static InetSocketAddress address(Config.Feed config) {
        try {
            return new InetSocketAddress(InetAddress.getByName(config.address()), config.port());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("feed.address is no address: " + config.address(), e);
        }
    }

    private static boolean isPlain(InetSocketAddress address) {
        return address.getAddress().isLoopbackAddress();
    }

    private static Path stateDirectory(Config.Feed config) {
        if (config.stateDirectory().isEmpty()) {
            throw new IllegalArgumentException(
                    "feed.state-directory is not set, where the server keeps the key by which chassis are known; set it, or bring certificates with feed.certificate, feed.key and feed.authority");
        }
        return Path.of(config.stateDirectory());
    }

    private static Credentials credentials(Config.Feed config, Optional<Authority> authority, InetSocketAddress address)
            throws IOException {
        if (authority.isPresent()) {
            return authority.get().server(names(config, address));
        }
        return Credentials.read(new Credentials.Files(
                Path.of(config.certificate()), Path.of(config.key()), Path.of(config.authority())));
    }

    /** What chassis call it; the first is the one to tell them. */
    private static List<String> names(Config.Feed config, InetSocketAddress address) {
        var names = new ArrayList<String>();
        if (!address.getAddress().isAnyLocalAddress()) {
            names.add(address.getAddress().getHostAddress());
        }
        for (var name : config.names().split(",", -1)) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException(
                    "the feed listens on every address: set feed.names to those that chassis use");
        }
        return names;
    }

    /** Where chassis find it. */
    public String url() {
        return url;
    }

    /** The revision up to which each chassis has confirmed that its switch does what the store says, and how many are connected. */
    public FeedServer server() {
        return server;
    }

    /**
     * Lets a chassis join once; gives the token and the command to run there.
     *
     * @throws IllegalStateException if certificates are not this server's to give
     */
    public Map<String, String> invite(String chassis) throws InterruptedException {
        var token = Token.create(
                chassis,
                authority.orElseThrow(() -> new IllegalStateException("chassis need no token here: "
                        + (url.startsWith("https")
                                ? "the operator brings their certificates"
                                : "the feed is on this machine only"))));
        tokens.remember(token);
        var command = "dragonflow join --server=%s --token=%s".formatted(url, token.text());
        return Map.of("name", chassis, "token", token.text(), "server", url, "command", command);
    }

    @Override
    public void close() {
        server.close();
    }
}

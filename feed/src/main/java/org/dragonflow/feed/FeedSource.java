package org.dragonflow.feed;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dragonflow.model.Chassis;

/**
 * Where a chassis gets its feed from, and as whom.
 *
 * @param servers tried in turn, such as {@code https://10.0.0.1:9697}
 * @param chassis as it is to be recorded at first; the server decides when it joined
 * @param credentials read anew for each connection; absent only for a server on this machine
 * @param from how far the chassis is; absent, if it knows nothing
 */
public record FeedSource(
        List<URI> servers, Chassis chassis, Optional<Identity> credentials, Optional<Position> from, Pace pace) {
    public FeedSource {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("a feed has at least one server");
        }
    }

    /**
     * Where the chassis' credentials are.
     *
     * @param renewed whether the server gave the certificate, and gives a new one before it expires
     */
    public record Identity(Credentials.Files files, boolean renewed) {}

    /**
     * How patient the client is.
     *
     * @param connect a server that has not answered by then is taken not to
     * @param shortest the pause after the first failure; doubled after each further one
     * @param longest the longest pause
     */
    public record Pace(Duration connect, Duration shortest, Duration longest) {
        public static final Pace STANDARD =
                new Pace(Duration.ofSeconds(10), Duration.ofMillis(200), Duration.ofSeconds(10));
    }
}

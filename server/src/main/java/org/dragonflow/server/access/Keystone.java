package org.dragonflow.server.access;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.dragonflow.server.Config;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;

/** Believes tokens that Keystone (Identity API v3) says are valid, and remembers for a short while that it did. */
public final class Keystone implements Identity {
    private static final int MOST_REMEMBERED = 10_000;

    /** Long enough for a client that asks again and again, too short to notice when a token becomes valid. */
    private static final Duration REMEMBERED_AS_WRONG = Duration.ofSeconds(5);

    private final KeystoneClient client;
    private final Policy policy;
    private final InstantSource clock;
    private final Duration remembered;
    private final String challenge;
    private final Callers callers;

    private Keystone(
            Config.Keystone config, KeystoneClient client, List<URI> urls, Policy policy, InstantSource clock) {
        this.client = client;
        this.policy = policy;
        this.clock = clock;
        this.remembered = Duration.ofSeconds(config.rememberSeconds());
        var found = config.publicUrl().isEmpty() ? urls.getFirst().toString() : config.publicUrl();
        this.challenge = "Keystone uri=\"%s\"".formatted(found);
        this.callers = new Callers(MOST_REMEMBERED, clock);
    }

    /**
     * Asks nothing yet.
     *
     * @throws IllegalArgumentException if the settings cannot be; the message says which
     */
    public static Keystone at(Config.Keystone config, Policy policy, InstantSource clock) {
        var client = new KeystoneClient(KeystoneUser.of(config, clock));
        return new Keystone(config, client, KeystoneUser.urls(config.urls()), policy, clock);
    }

    @Override
    public Caller of(Request request) {
        return request.header("X-Auth-Token")
                .flatMap(token -> callers.of(token, () -> verdict(token)))
                .orElseThrow(() -> Refusal.unauthenticated(challenge));
    }

    private Callers.Verdict verdict(String token) {
        var now = clock.instant();
        return client.validate(token)
                .filter(valid -> now.isBefore(valid.expires()))
                .map(valid -> new Callers.Verdict(
                        Optional.of(new Caller(valid.credentials(), policy)),
                        earlier(valid.expires(), now.plus(remembered))))
                .orElseGet(() -> new Callers.Verdict(Optional.empty(), now.plus(REMEMBERED_AS_WRONG)));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    @Override
    public void close() {
        client.close();
    }
}

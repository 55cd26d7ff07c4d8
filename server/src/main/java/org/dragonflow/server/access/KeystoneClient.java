package org.dragonflow.server.access;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dragonflow.server.Config;
import org.dragonflow.server.http.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Asks Keystone whose tokens are, as a user of its own whose token it renews in time, and when it is refused. */
final class KeystoneClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeystoneClient.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What can be in a header; the longest tokens there are have a few thousand characters. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,16384}");

    /** Renewed when a fifth of its life is left, so that a Keystone that is away for a while does no harm. */
    private static final double LIFE_USED = 0.8;

    private final Config.Keystone config;
    private final KeystoneEndpoints endpoints;
    private final InstantSource clock;
    private Optional<Own> own = Optional.empty();

    private record Own(String token, Instant renewed) {}

    KeystoneClient(Config.Keystone config, KeystoneEndpoints endpoints, InstantSource clock) {
        this.config = config;
        this.endpoints = endpoints;
        this.clock = clock;
    }

    /**
     * What Keystone says of a token; empty if it is not valid.
     *
     * @throws Refusal with status 503 if that cannot be found out now
     */
    Optional<KeystoneToken> validate(String token) {
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        var as = own(Optional.empty());
        var answer = ask(token, as);
        if (answer.statusCode() == 401) {
            answer = ask(token, own(Optional.of(as)));
        }
        return switch (answer.statusCode()) {
            case 200 -> Optional.of(read(answer));
            case 401, 404 -> Optional.empty();
            default -> throw unusable("the user %s may not ask about tokens".formatted(config.user()), answer);
        };
    }

    private HttpResponse<byte[]> ask(String token, Own as) {
        return endpoints.send(
                "?nocatalog",
                request -> request.GET().header("X-Auth-Token", as.token()).header("X-Subject-Token", token));
    }

    /** The server's own token, another than the one that was refused. */
    private synchronized Own own(Optional<Own> refused) {
        var usable = own.filter(token -> clock.instant().isBefore(token.renewed()))
                .filter(token -> refused.isEmpty() || !refused.get().equals(token));
        if (usable.isPresent()) {
            return usable.get();
        }
        var fresh = authenticate();
        own = Optional.of(fresh);
        return fresh;
    }

    private Own authenticate() {
        var body = JSON.writeValueAsBytes(Map.of("auth", Map.of("identity", identity(), "scope", scope())));
        var answer = endpoints.send(
                "?nocatalog",
                request -> request.POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .header("Content-Type", "application/json"));
        if (answer.statusCode() != 201) {
            throw unusable("the user %s is not let in".formatted(config.user()), answer);
        }
        var now = clock.instant();
        var life = Duration.between(now, read(answer).expires());
        var token =
                answer.headers().firstValue("X-Subject-Token").orElseThrow(() -> unusable("it gives no token", answer));
        return new Own(token, now.plusMillis((long) (life.toMillis() * LIFE_USED)));
    }

    private Map<String, ?> identity() {
        var user = Map.of(
                "name", config.user(),
                "domain", Map.of("name", config.userDomain()),
                "password", config.password());
        return Map.of("methods", List.of("password"), "password", Map.of("user", user));
    }

    private Map<String, ?> scope() {
        return config.project().isEmpty()
                ? Map.of("system", Map.of("all", true))
                : Map.of("project", Map.of("name", config.project(), "domain", Map.of("name", config.projectDomain())));
    }

    private static KeystoneToken read(HttpResponse<byte[]> answer) {
        try {
            return KeystoneToken.read(answer.body());
        } catch (IllegalArgumentException e) {
            throw unusable(String.valueOf(e.getMessage()), answer);
        }
    }

    /** What is wrong is the operator's to know, and not the caller's. */
    private static Refusal unusable(String why, HttpResponse<byte[]> answer) {
        LOG.error("Keystone at {} answers with status {}: {}", answer.uri(), answer.statusCode(), why);
        return Refusal.unavailable("Keystone cannot be asked now who callers are.");
    }

    @Override
    public void close() {
        endpoints.close();
    }
}

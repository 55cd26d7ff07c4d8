package org.dragonflow.server.access;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.server.Config;
import org.dragonflow.server.http.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server itself as a user of Keystone, whose token it renews in time, and when it is refused. */
public final class KeystoneUser implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeystoneUser.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Renewed when a fifth of its life is left, so that a Keystone that is away for a while does no harm. */
    private static final double LIFE_USED = 0.8;

    private final Config.Keystone config;
    private final KeystoneEndpoints keystone;
    private final InstantSource clock;
    private Optional<Own> own = Optional.empty();

    private record Own(String token, Instant renewed) {}

    private KeystoneUser(Config.Keystone config, KeystoneEndpoints keystone, InstantSource clock) {
        this.config = config;
        this.keystone = keystone;
        this.clock = clock;
    }

    /**
     * Asks nothing yet.
     *
     * @throws IllegalArgumentException if the settings cannot be; the message says which
     */
    public static KeystoneUser of(Config.Keystone config, InstantSource clock) {
        if (config.password().isEmpty()) {
            throw new IllegalArgumentException(
                    "identity.keystone.password is not set, and without it Keystone does not let the server in");
        }
        var tls = Authorities.tls("identity.keystone.authority", config.authority());
        var timeout = Duration.ofMillis(config.timeoutMillis());
        return new KeystoneUser(config, new KeystoneEndpoints(urls(config.urls()), timeout, tls), clock);
    }

    static List<URI> urls(String setting) {
        var urls = Arrays.stream(setting.split(",", -1))
                .map(String::strip)
                .filter(url -> !url.isEmpty())
                .map(url -> url("identity.keystone.urls", url))
                .toList();
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("identity.keystone.urls is empty");
        }
        return urls;
    }

    /**
     * The URL of a service.
     *
     * @param setting where it is from
     */
    public static URI url(String setting, String text) {
        if (!text.matches("https?://[^\\s/?#\"]+(/[^\\s?#\"]*)?")) {
            throw new IllegalArgumentException(
                    "%s has '%s', which is none such as https://keystone.example:5000".formatted(setting, text));
        }
        return URI.create(text);
    }

    KeystoneEndpoints keystone() {
        return keystone;
    }

    /**
     * The token to show now.
     *
     * @throws Refusal with status 503 if there is none to be had now
     */
    public String token() {
        return own(Optional.empty()).token();
    }

    /** Another than one that was refused. */
    public String tokenInsteadOf(String refused) {
        return own(Optional.of(refused)).token();
    }

    private synchronized Own own(Optional<String> refused) {
        var usable = own.filter(token -> clock.instant().isBefore(token.renewed()))
                .filter(token -> refused.isEmpty() || !refused.get().equals(token.token()));
        if (usable.isPresent()) {
            return usable.get();
        }
        var fresh = authenticate();
        own = Optional.of(fresh);
        return fresh;
    }

    private Own authenticate() {
        var body = JSON.writeValueAsBytes(Map.of("auth", Map.of("identity", identity(), "scope", scope())));
        var answer = keystone.send(
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

    /**
     * Where Keystone's catalogue says that a service is.
     *
     * @param type such as compute
     * @param region any, if it is empty
     * @param side public, internal or admin
     * @throws Refusal with status 503 if that cannot be found out now
     */
    public URI endpoint(String type, String region, String side) {
        var token = token();
        var answer = catalogue(token);
        if (answer.statusCode() == 401) {
            answer = catalogue(tokenInsteadOf(token));
        }
        if (answer.statusCode() != 200) {
            throw unusable("the user %s may not see the catalogue".formatted(config.user()), answer);
        }
        return endpoints(answer, type)
                .filter(endpoint -> endpoint.path("interface").asString("").equals(side))
                .filter(endpoint -> region.isEmpty()
                        || region.equals(endpoint.path("region_id").asString(""))
                        || region.equals(endpoint.path("region").asString("")))
                .map(endpoint -> endpoint.path("url").asString(""))
                .findFirst()
                .map(url -> url("the catalogue of Keystone", url))
                .orElseThrow(() -> Refusal.unavailable("Keystone's catalogue has no %s endpoint of type %s%s"
                        .formatted(side, type, region.isEmpty() ? "" : " in region " + region)));
    }

    private HttpResponse<byte[]> catalogue(String token) {
        return keystone.send(
                "", request -> request.GET().header("X-Auth-Token", token).header("X-Subject-Token", token));
    }

    private static Stream<JsonNode> endpoints(HttpResponse<byte[]> answer, String type) {
        try {
            return JSON.readTree(answer.body())
                    .at("/token/catalog")
                    .valueStream()
                    .filter(service -> service.path("type").asString("").equals(type))
                    .flatMap(service -> service.path("endpoints").valueStream());
        } catch (JacksonException e) {
            throw unusable("its answer is no JSON", answer);
        }
    }

    static KeystoneToken read(HttpResponse<byte[]> answer) {
        try {
            return KeystoneToken.read(answer.body());
        } catch (IllegalArgumentException e) {
            throw unusable(String.valueOf(e.getMessage()), answer);
        }
    }

    /** What is wrong is the operator's to know, and not the caller's. */
    static Refusal unusable(String why, HttpResponse<byte[]> answer) {
        LOG.error("Keystone at {} answers with status {}: {}", answer.uri(), answer.statusCode(), why);
        return Refusal.unavailable("Keystone cannot be asked now who callers are.");
    }

    @Override
    public void close() {
        keystone.close();
    }
}

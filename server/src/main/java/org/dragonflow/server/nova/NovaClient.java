package org.dragonflow.server.nova;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.dragonflow.server.Config;
import org.dragonflow.server.access.Authorities;
import org.dragonflow.server.access.KeystoneUser;
import org.dragonflow.server.http.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tells Nova of events, by {@code POST /os-server-external-events} of its Compute API 2.1. */
final class NovaClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NovaClient.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PATH = "/os-server-external-events";
    private static final int MOST_BYTES = 4 << 20;

    private final Config.Nova config;
    private final KeystoneUser user;
    private final Duration timeout;
    private final HttpClient http;
    private Optional<URI> endpoint = Optional.empty();
    private boolean isSilent;

    /** What became of an event. */
    enum Fate {
        /** Nova has it. */
        TOLD,
        /** Nova could not be told, or cannot do anything with it yet. */
        AGAIN,
        /** Nova has no such server. */
        NO_SERVER,
        /** Nova does not take it, and will not. */
        REFUSED
    }

    NovaClient(Config.Nova config, KeystoneUser user) {
        this.config = config;
        this.user = user;
        this.timeout = Duration.ofMillis(config.timeoutMillis());
        if (!config.endpoint().isEmpty()) {
            endpoint = Optional.of(KeystoneUser.url("nova.endpoint", config.endpoint()));
        }
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout);
        Authorities.tls("nova.authority", config.authority()).ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /** What became of each, in their order. */
    List<Fate> tell(List<NovaEvent> events) throws InterruptedException {
        var body = JSON.writeValueAsBytes(
                Map.of("events", events.stream().map(NovaEvent::json).toList()));
        try {
            var token = user.token();
            var answer = post(body, token);
            if (answer.statusCode() == 401) {
                answer = post(body, user.tokenInsteadOf(token));
            }
            return fates(events, answer);
        } catch (Refusal e) {
            return silent(events, e.reason());
        } catch (TimeoutException e) {
            return silent(events, "it does not answer in %d ms".formatted(timeout.toMillis()));
        } catch (ExecutionException e) {
            return silent(events, String.valueOf(e.getCause()));
        }
    }

    private HttpResponse<byte[]> post(byte[] body, String token)
            throws InterruptedException, ExecutionException, TimeoutException {
        var request = HttpRequest.newBuilder(URI.create(endpoint() + PATH))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("OpenStack-API-Version", "compute 2.1")
                .header("X-OpenStack-Nova-API-Version", "2.1")
                .header("X-Auth-Token", token)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        // The limit holds for the whole answer; that of HttpRequest ends when the body begins.
        var answer = http.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            answer.cancel(true);
        }
    }

    private String endpoint() {
        var found = endpoint.orElseGet(() -> user.endpoint(
                "compute", config.region(), config.side().toString().toLowerCase(Locale.ROOT)));
        endpoint = Optional.of(found);
        return found.toString().replaceAll("/+$", "");
    }

    private List<Fate> fates(List<NovaEvent> events, HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        if (status == 401 || status == 403 || status == 429 || status >= 500) {
            return silent(events, "it answers with status " + status);
        }
        if (isSilent) {
            LOG.info("Nova can be told of events again");
            isSilent = false;
        }
        return switch (status) {
            case 200, 207 -> perEvent(events, answer, status);
            case 404 -> all(events, Fate.NO_SERVER);
            default -> {
                LOG.warn("Nova does not take {} events: it answers with status {}", events.size(), status);
                yield all(events, Fate.REFUSED);
            }
        };
    }

    /** Each event comes back with what Nova makes of it. */
    private static List<Fate> perEvent(List<NovaEvent> events, HttpResponse<byte[]> answer, int status) {
        var codes = new HashMap<Map<String, String>, Integer>();
        try {
            for (var event : JSON.readTree(answer.body()).path("events")) {
                codes.put(key(event), event.path("code").asInt(status));
            }
        } catch (JacksonException e) {
            LOG.warn("Nova's answer to {} events is no JSON", events.size());
        }
        return events.stream()
                .map(event -> fate(codes.getOrDefault(key(JSON.valueToTree(event.json())), status)))
                .toList();
    }

    private static Map<String, String> key(JsonNode event) {
        return Map.of(
                "name", event.path("name").asString(""),
                "server_uuid", event.path("server_uuid").asString(""),
                "tag", event.path("tag").asString(""));
    }

    private static Fate fate(int code) {
        return switch (code) {
            case 200 -> Fate.TOLD;
            case 404 -> Fate.NO_SERVER;
            // 422: the server has no host yet. 207: Nova says nothing of this one.
            case 207, 422 -> Fate.AGAIN;
            default -> code >= 500 ? Fate.AGAIN : Fate.REFUSED;
        };
    }

    /** Logged once, until it is well again. */
    private List<Fate> silent(List<NovaEvent> events, String why) {
        if (!isSilent) {
            LOG.warn("Nova cannot be told of events, trying again: {}", why);
            isSilent = true;
        }
        if (config.endpoint().isEmpty()) {
            endpoint = Optional.empty();
        }
        return all(events, Fate.AGAIN);
    }

    private static List<Fate> all(List<NovaEvent> events, Fate fate) {
        return Collections.nCopies(events.size(), fate);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

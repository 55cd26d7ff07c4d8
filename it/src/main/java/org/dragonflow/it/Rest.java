package org.dragonflow.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the public API that believes nothing: every answer but the one expected is an error with the server's own words. */
public final class Rest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private final URI endpoint;
    private final String token;

    public Rest(URI endpoint) {
        this(endpoint, "");
    }

    /** @param token who asks, if that matters there; else empty */
    public Rest(URI endpoint, String token) {
        this.endpoint = endpoint;
        this.token = token;
    }

    /** Creates one, and gives it back as the server has it. */
    public JsonNode create(String collection, String singular, Map<String, ?> attributes) {
        return send("POST", "/v2.0/" + collection, Map.of(singular, attributes), 201)
                .get(singular);
    }

    public JsonNode update(String collection, String singular, String id, Map<String, ?> attributes) {
        return send("PUT", "/v2.0/" + collection + "/" + id, Map.of(singular, attributes), 200)
                .get(singular);
    }

    public JsonNode show(String collection, String singular, String id) {
        return send("GET", "/v2.0/" + collection + "/" + id, Map.of(), 200).get(singular);
    }

    public void delete(String collection, String id) {
        send("DELETE", "/v2.0/" + collection + "/" + id, Map.of(), 204);
    }

    public JsonNode put(String path, Map<String, ?> body) {
        return send("PUT", path, body, 200);
    }

    public JsonNode get(String path) {
        return send("GET", path, Map.of(), 200);
    }

    public JsonNode post(String path, Map<String, ?> body, int expected) {
        return send("POST", path, body, expected);
    }

    /** Whether anybody answers, and says that all is well. */
    public boolean isUp() {
        try {
            var request = HttpRequest.newBuilder(endpoint.resolve("/healthz"))
                    .timeout(LIMIT)
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** How a request that may be refused was answered: its status, and what the server said. */
    public record Answer(int status, String body) {}

    /** Sends what may well be refused. */
    public Answer attempt(String method, String path, Map<String, ?> body) {
        try {
            var content = body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
            var request = HttpRequest.newBuilder(endpoint.resolve(path))
                    .timeout(LIMIT)
                    .header("Content-Type", "application/json")
                    .method(method, content);
            if (!token.isEmpty()) {
                request.header("X-Auth-Token", token);
            }
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException("%s %s was not answered".formatted(method, path), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private JsonNode send(String method, String path, Map<String, ?> body, int expected) {
        var answer = attempt(method, path, body);
        if (answer.status() != expected) {
            throw new IllegalStateException(
                    "%s %s gave %d, not %d: %s".formatted(method, path, answer.status(), expected, answer.body()));
        }
        return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }

    /** What the API calls the resource that it gave. */
    public static String id(JsonNode resource) {
        return resource.get("id").asString();
    }
}

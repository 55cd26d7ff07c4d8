package org.dragonflow.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Asks a server. */
final class ServerClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String endpoint;
    private final Proof proof;

    ServerClient(String endpoint, Proof proof) throws Failure {
        if (!endpoint.matches("https?://[^/\\s]+/?")) {
            throw new Failure("'%s' is no endpoint; write one such as http://127.0.0.1:9696".formatted(endpoint));
        }
        this.endpoint = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
        this.proof = proof;
    }

    JsonNode get(String path) throws Failure, InterruptedException {
        return accepted(send("GET", path, "", Map.of()));
    }

    /** An answer of any status, as long as it is JSON. */
    JsonNode getAnyhow(String path) throws Failure, InterruptedException {
        return json(send("GET", path, "", Map.of()));
    }

    JsonNode post(String path, Map<String, ?> body) throws Failure, InterruptedException {
        return accepted(send("POST", path, JSON.writeValueAsString(body), Map.of()));
    }

    JsonNode post(String path, JsonNode body, Map<String, String> headers) throws Failure, InterruptedException {
        return accepted(send("POST", path, JSON.writeValueAsString(body), headers));
    }

    JsonNode delete(String path) throws Failure, InterruptedException {
        return accepted(send("DELETE", path, "", Map.of()));
    }

    static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpResponse<String> send(String method, String path, String body, Map<String, String> headers)
            throws Failure, InterruptedException {
        try (var http = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
            var request = HttpRequest.newBuilder(URI.create(endpoint + path))
                    .timeout(ANSWER)
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
            proof.headers().forEach(request::header);
            headers.forEach(request::header);
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new Failure(
                    "no server answers at %s; start one (dragonflow server), or say where it is (--endpoint, DRAGONFLOW_ENDPOINT)"
                            .formatted(endpoint));
        } catch (HttpTimeoutException e) {
            throw new Failure("the server at %s does not answer in time; see its log".formatted(endpoint));
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure("the server at %s cannot be asked: %s".formatted(endpoint, e.getMessage()));
        }
    }

    private JsonNode accepted(HttpResponse<String> response) throws Failure {
        if (response.statusCode() == 204) {
            return MissingNode.getInstance();
        }
        var answer = json(response);
        if (response.statusCode() == 401) {
            throw new Failure(
                    "the server wants to know who asks: set OS_TOKEN, or DRAGONFLOW_USER and DRAGONFLOW_PASSWORD");
        }
        if (response.statusCode() >= 300) {
            var why = answer.path("NeutronError").path("message").asString("");
            throw new Failure((why.isEmpty() ? "the server says %d".formatted(response.statusCode()) : why)
                    + where(answer.path("operation")));
        }
        return answer;
    }

    /** Which part of a bundle an answer is about, if it is about one. */
    private static String where(JsonNode operation) {
        return operation.isMissingNode()
                ? ""
                : " (operation %d: %s %s)"
                        .formatted(
                                operation.path("index").asInt(0),
                                operation.path("method").asString(""),
                                operation.path("path").asString(""));
    }

    private JsonNode json(HttpResponse<String> response) throws Failure {
        try {
            return JSON.readTree(response.body());
        } catch (JacksonException e) {
            throw new Failure("what answers at %s (status %d) is no Dragonflow server; check the endpoint"
                    .formatted(endpoint, response.statusCode()));
        }
    }
}

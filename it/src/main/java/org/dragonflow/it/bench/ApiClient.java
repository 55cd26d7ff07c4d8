package org.dragonflow.it.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks the network API. Any thread may call. */
final class ApiClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger counter = new AtomicInteger();
    private final URI root;
    private final String token;

    /** @param token what Keystone gave the client */
    ApiClient(int port, String token) {
        this.token = token;
        this.root = URI.create("http://127.0.0.1:%d/".formatted(port));
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A number that was not given before, from 0. */
    int count() {
        return counter.getAndIncrement();
    }

    private byte[] send(HttpRequest.Builder request, int expected) throws IOException, InterruptedException {
        var response = http.send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != expected) {
            throw new IOException("%s answers %d: %s"
                    .formatted(
                            response.uri(),
                            response.statusCode(),
                            new String(response.body(), StandardCharsets.UTF_8)));
        }
        return response.body();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(root.resolve(path)).header("X-Auth-Token", token);
    }

    byte[] get(String path) throws IOException, InterruptedException {
        return send(to("v2.0/" + path), 200);
    }

    byte[] post(String path, String body) throws IOException, InterruptedException {
        return send(
                to("v2.0/" + path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                201);
    }

    /** Makes one, and gives its id. */
    String create(String path, String body) throws IOException, InterruptedException {
        return only(JSON.readTree(post(path, body))).path("id").asString();
    }

    private static JsonNode only(JsonNode json) {
        return json.values().iterator().next();
    }

    String firstPort(String network) throws IOException, InterruptedException {
        var ports = only(JSON.readTree(get("ports?limit=1&network_id=" + network)));
        return ports.path(0).path("id").asString();
    }

    /** How many objects the server has. */
    int entities() throws IOException, InterruptedException {
        return JSON.readTree(send(to("healthz"), 200)).path("entities").asInt();
    }

    void awaitHealthy(Jvm server) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                entities();
                return;
            } catch (IOException e) {
                server.requireAlive();
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("the server is not healthy after " + LIMIT, e);
                }
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    @Override
    public void close() {
        http.close();
    }
}

package org.dragonflow.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP server that takes external events as Nova's Compute API 2.1 does, and is as ill as a test wants. */
final class FakeNova implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> NAMES =
            Set.of("network-changed", "network-vif-plugged", "network-vif-unplugged", "network-vif-deleted");

    private final HttpServer server;
    private final List<List<String>> batches = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> codes = new ConcurrentHashMap<>();
    private final AtomicInteger status = new AtomicInteger();
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile String token = "server-0";

    FakeNova() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v2.1/os-server-external-events", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:%d/v2.1".formatted(server.getAddress().getPort());
    }

    /** To everything; 0 is well again. */
    void answersWith(int anything) {
        status.set(anything);
    }

    /** What is said of the events of a server. */
    void answersOf(String serverUuid, int code) {
        codes.put(serverUuid, code);
    }

    void wantsToken(String wanted) {
        token = wanted;
    }

    int attempts() {
        return attempts.get();
    }

    /** What was taken, request by request, each as "name status tag". */
    List<List<String>> batches() {
        return List.copyOf(batches);
    }

    List<String> taken() {
        return batches.stream().flatMap(List::stream).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        attempts.incrementAndGet();
        var body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        if (!token.equals(exchange.getRequestHeaders().getFirst("X-Auth-Token"))) {
            answer(exchange, 401, Map.of());
        } else if (status.get() != 0) {
            answer(exchange, status.get(), Map.of());
        } else if (!exchange.getRequestMethod().equals("POST")
                || !"compute 2.1".equals(exchange.getRequestHeaders().getFirst("OpenStack-API-Version"))
                || body.path("events").isEmpty()
                || !body.path("events").valueStream().allMatch(FakeNova::isEvent)) {
            answer(exchange, 400, Map.of());
        } else {
            take(exchange, body.path("events"));
        }
    }

    /** As the schema of Nova has it: nothing more, and nothing less. */
    private static boolean isEvent(JsonNode event) {
        return NAMES.contains(event.path("name").asString(""))
                && event.path("server_uuid").asString("").matches("[0-9a-f-]{36}")
                && !event.path("tag").asString("").isEmpty()
                && Set.of("completed", "failed").contains(event.path("status").asString("completed"))
                && Set.of("name", "server_uuid", "tag", "status").containsAll(event.propertyNames());
    }

    private void take(HttpExchange exchange, JsonNode events) throws IOException {
        var batch = new ArrayList<String>();
        var answers = new ArrayList<Map<String, Object>>();
        for (var event : events) {
            int code = codes.getOrDefault(event.path("server_uuid").asString(""), 200);
            var answer = new LinkedHashMap<String, Object>();
            event.propertyStream()
                    .forEach(property ->
                            answer.put(property.getKey(), property.getValue().asString("")));
            answer.put("status", code == 200 ? event.path("status").asString("completed") : "failed");
            answer.put("code", code);
            answers.add(answer);
            if (code == 200) {
                batch.add("%s %s %s"
                        .formatted(
                                event.path("name").asString(""),
                                event.path("status").asString("-"),
                                event.path("tag").asString("")));
            }
        }
        boolean isWhole = batch.size() == events.size();
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        answer(exchange, isWhole ? 200 : batch.isEmpty() ? 404 : 207, Map.of("events", answers));
    }

    private static void answer(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        try (exchange) {
            var bytes = JSON.writeValueAsBytes(body);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

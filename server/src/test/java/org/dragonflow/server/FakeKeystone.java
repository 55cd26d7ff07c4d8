package org.dragonflow.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server that speaks as much of the Identity API as it takes to validate tokens, and is as ill as a test wants. */
final class FakeKeystone implements AutoCloseable {
    private static final String PATH = "/v3/auth/tokens";

    private final HttpServer server;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final AtomicInteger servers = new AtomicInteger();
    private final AtomicInteger validations = new AtomicInteger();
    private final AtomicInteger status = new AtomicInteger();

    FakeKeystone() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(PATH, this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String[] settings(String urls) {
        return new String[] {
            "--identity.kind=keystone",
            "--identity.keystone.urls=" + urls,
            "--identity.keystone.password=secret",
            "--identity.keystone.timeout-millis=500"
        };
    }

    static String token(String user, String project, String role, Instant expires) {
        return """
                {"token": {"user": {"id": "%s"}, "project": {"id": "%s"}, "roles": [{"name": "%s"}], "expires_at": "%s"}}""".formatted(user, project, role, expires);
    }

    void knows(String token, String user, String project, String role) {
        answersOf(token, token(user, project, role, Instant.now().plusSeconds(3600)));
    }

    void answersOf(String token, String answer) {
        answers.put(token, answer);
    }

    /** To everything; 0 is well again. */
    void answersWith(int anything) {
        status.set(anything);
    }

    /** The tokens that it gave to servers are good no more. */
    void forgetServer() {
        servers.incrementAndGet();
    }

    int validations() {
        return validations.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        var own = "server-" + servers.get();
        if (status.get() != 0) {
            answer(exchange, status.get(), "{}");
        } else if (exchange.getRequestMethod().equals("POST")) {
            boolean isRight = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                    .contains("\"password\":\"secret\"");
            exchange.getResponseHeaders().add("X-Subject-Token", own);
            answer(
                    exchange,
                    isRight ? 201 : 401,
                    token("server", "service", "service", Instant.now().plusSeconds(60)));
        } else if (!own.equals(exchange.getRequestHeaders().getFirst("X-Auth-Token"))) {
            answer(exchange, 401, "{}");
        } else {
            validations.incrementAndGet();
            var subject = exchange.getRequestHeaders().getFirst("X-Subject-Token");
            answer(exchange, answers.containsKey(subject) ? 200 : 404, answers.getOrDefault(subject, "{}"));
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package org.dragonflow.feed;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** Brings requests of a chassis to one server, and answers back. */
final class Courier implements AutoCloseable {
    private static final int MAX_ANSWER = 64 << 10;

    private final URI server;
    private final Duration patience;
    private final HttpClient http;

    private Courier(URI server, Duration patience, HttpClient http) {
        this.server = server;
        this.patience = patience;
        this.http = http;
    }

    static Courier to(URI server, Duration patience, Optional<SSLContext> tls) {
        var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(patience);
        tls.ifPresent(http::sslContext);
        return new Courier(server, patience, http.build());
    }

    /** Posts an object, and returns the answer, which is one. */
    Json post(String path, Map<String, Object> body) throws IOException, Refused, InterruptedException {
        try (var answer = open(path, body)) {
            return Json.read(answer.readNBytes(MAX_ANSWER));
        }
    }

    /** Posts an object, and returns an answer that has only begun. */
    // Not HttpRequest.timeout: from JDK 26 on it would bound the whole answer, not only the wait for its beginning.
    InputStream open(String path, Map<String, Object> body) throws IOException, Refused, InterruptedException {
        var request = HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        var answer = send(request);
        try {
            var response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw refusal(response);
            }
            return response.body();
        } catch (TimeoutException e) {
            throw new IOException("no answer within %s".formatted(patience), e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private CompletableFuture<HttpResponse<InputStream>> send(HttpRequest request) throws IOException {
        try {
            return http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (RejectedExecutionException e) {
            throw new IOException("the connection has been closed", e);
        }
    }

    private static Refused refusal(HttpResponse<InputStream> response) throws IOException {
        try (var body = response.body()) {
            var json = Json.read(body.readNBytes(MAX_ANSWER));
            var reason = Reason.ofWire(json.text("error")).orElse(Reason.CLOSED);
            return new Refused(reason, json.text("message"));
        } catch (Refused e) {
            return new Refused(
                    Reason.MALFORMED, "an answer of status %d that is not of a feed".formatted(response.statusCode()));
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

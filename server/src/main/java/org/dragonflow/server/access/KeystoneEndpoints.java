package org.dragonflow.server.access;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.dragonflow.server.http.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several addresses of one Keystone: a request goes to the one that answered last, and to the others in order if it does not. */
final class KeystoneEndpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeystoneEndpoints.class);
    private static final int MOST_BYTES = 1 << 20;

    private final List<URI> endpoints;
    private final Duration timeout;
    private final HttpClient http;

    /** Those that did not answer when last asked; each is told of once. */
    private final Set<URI> silent = ConcurrentHashMap.newKeySet();

    private volatile int preferred;

    /** @param endpoints with or without the version at their end */
    KeystoneEndpoints(List<URI> endpoints, Duration timeout, Optional<SSLContext> tls) {
        this.endpoints = endpoints.stream().map(KeystoneEndpoints::tokens).toList();
        this.timeout = timeout;
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout);
        tls.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    private static URI tokens(URI endpoint) {
        var text = endpoint.toString().replaceAll("/+$", "");
        return URI.create((text.endsWith("/v3") ? text : text + "/v3") + "/auth/tokens");
    }

    /**
     * Asks at the path of tokens, with {@code query} after it.
     *
     * @throws Refusal with status 503 if no endpoint answers
     */
    HttpResponse<byte[]> send(String query, UnaryOperator<HttpRequest.Builder> request) {
        int first = preferred;
        for (int i = 0; i < endpoints.size(); i++) {
            int index = (first + i) % endpoints.size();
            var endpoint = endpoints.get(index);
            var answer = answer(
                    endpoint,
                    request.apply(HttpRequest.newBuilder(URI.create(endpoint + query)))
                            .build());
            if (answer.isPresent()) {
                preferred = index;
                return answer.get();
            }
        }
        throw Refusal.unavailable("Keystone does not answer, and without it nobody can say who they are.");
    }

    private Optional<HttpResponse<byte[]>> answer(URI endpoint, HttpRequest request) {
        // The limit holds for the whole answer; that of HttpRequest ends when the body begins.
        // Once more at once: a connection that was kept may have been closed while the request went out on it.
        var answer = sent(request).exceptionallyCompose(_ -> sent(request));
        try {
            var response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() >= 500 || response.statusCode() == 429) {
                return failed(endpoint, "it answers with status " + response.statusCode());
            }
            if (silent.remove(endpoint)) {
                LOG.info("Keystone answers at {} again", endpoint);
            }
            return Optional.of(response);
        } catch (TimeoutException e) {
            answer.cancel(true);
            return failed(endpoint, "it does not answer in %d ms".formatted(timeout.toMillis()));
        } catch (ExecutionException e) {
            return failed(endpoint, String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw Refusal.unavailable("The server is going down.");
        }
    }

    private CompletableFuture<HttpResponse<byte[]>> sent(HttpRequest request) {
        return http.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
    }

    private Optional<HttpResponse<byte[]>> failed(URI endpoint, String why) {
        if (silent.add(endpoint)) {
            LOG.warn("Keystone is of no use at {}: {}", endpoint, why);
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

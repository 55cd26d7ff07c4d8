package org.dragonflow.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.dragonflow.store.Bytes;

/** Speaks HTTP/1.1 on one address; each request has a virtual thread of its own, which may block. */
public final class HttpServer implements AutoCloseable {
    private final WebServer server;
    private final int maxBody;
    private final String scheme;
    private final Function<Request, Response> endpoint;

    private HttpServer(
            InetSocketAddress address, Optional<SSLContext> tls, int maxBody, Function<Request, Response> endpoint) {
        this.maxBody = maxBody;
        this.scheme = tls.isPresent() ? "https" : "http";
        this.endpoint = endpoint;
        var builder = WebServer.builder()
                .address(address.getAddress())
                .port(address.getPort())
                .shutdownHook(false)
                // An answer goes out in several writes; the last must not wait for the client to acknowledge the first.
                .connectionOptions(socket -> socket.tcpNoDelay(true))
                .contentEncoding(new AsSent())
                .routing(routing -> routing.any(this::handle));
        tls.ifPresent(context -> builder.tls(config -> config.sslContext(context)));
        this.server = builder.build();
    }

    /**
     * Listens from now on.
     *
     * @param tls what the server proves itself with; without it, it speaks plain HTTP
     * @param maxBody a request with more bytes is refused
     */
    public static HttpServer start(
            InetSocketAddress address, Optional<SSLContext> tls, int maxBody, Function<Request, Response> endpoint) {
        var server = new HttpServer(address, tls, maxBody, endpoint);
        server.server.start();
        requireRunning(server.server, "the API", address);
        return server;
    }

    /** Helidon only logs that it could not listen. */
    public static void requireRunning(WebServer server, String what, InetSocketAddress address) {
        if (!server.isRunning()) {
            throw new IllegalStateException("%s cannot listen on %s port %d: it is taken, or no address of this machine"
                    .formatted(what, address.getAddress().getHostAddress(), address.getPort()));
        }
    }

    /** Where it listens. */
    public int port() {
        return server.port();
    }

    /** Answers what is under way, and stops. */
    @Override
    public void close() {
        server.stop();
    }

    private void handle(ServerRequest from, ServerResponse to) {
        var id = "req-" + UUID.randomUUID();
        Response response;
        try {
            var request = request(id, from);
            response = Gzip.encoded(request, endpoint.apply(request));
        } catch (Refusal refusal) {
            response = refusal.response();
        }
        send(response.with("X-Openstack-Request-Id", id), from, to);
    }

    private Request request(String id, ServerRequest from) {
        var headers = new HashMap<String, String>();
        from.headers().forEach(header -> headers.putIfAbsent(header.name().toLowerCase(Locale.ROOT), header.get()));
        headers.putIfAbsent("x-forwarded-proto", scheme);
        var prologue = from.prologue();
        var url = Url.of(prologue.uriPath().rawPath(), prologue.query().rawValue());
        return new Request(id, prologue.method().text(), url.path(), url.query(), headers, Bytes.of(body(from)));
    }

    private byte[] body(ServerRequest from) {
        try (var stream = from.content().inputStream()) {
            var body = limited(stream);
            return from.headers().contains(HeaderNames.CONTENT_ENCODING)
                    ? decoded(
                            body,
                            from.headers().get(HeaderNames.CONTENT_ENCODING).get())
                    : body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] limited(InputStream stream) throws IOException {
        var body = stream.readNBytes(maxBody + 1);
        if (body.length > maxBody) {
            throw new Refusal(413, "HTTPRequestEntityTooLarge", "The body has more than %d bytes.".formatted(maxBody));
        }
        return body;
    }

    private byte[] decoded(byte[] body, String coding) {
        return switch (coding.strip().toLowerCase(Locale.ROOT)) {
            case "identity" -> body;
            case Gzip.NAME -> {
                try (var stream = Gzip.decoded(body)) {
                    yield limited(stream);
                } catch (IOException e) {
                    throw Refusal.badRequest("The body is not in gzip, as its Content-Encoding says.");
                }
            }
            default ->
                throw new Refusal(
                        415,
                        "HTTPUnsupportedMediaType",
                        "A body in the coding '%s' is not understood; send it as it is, or in gzip.".formatted(coding));
        };
    }

    private static void send(Response response, ServerRequest from, ServerResponse to) {
        to.status(Status.create(response.status()));
        response.headers().forEach((name, value) -> to.header(HeaderNames.create(name), value));
        if (from.prologue().method().text().equals("HEAD")) {
            to.contentLength(response.body().size());
            to.send();
        } else if (response.body().size() == 0) {
            to.send();
        } else {
            to.send(response.body().toArray());
        }
    }
}

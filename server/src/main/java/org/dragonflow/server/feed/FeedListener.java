package org.dragonflow.server.feed;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.tls.TlsClientAuth;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.dragonflow.feed.Call;
import org.dragonflow.feed.FeedApi;
import org.dragonflow.server.http.HttpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries the requests of chassis over HTTP/1.1; each has a virtual thread of its own, which may block for as long as a stream lasts. */
final class FeedListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedListener.class);

    private final WebServer server;
    private final FeedApi api;

    private FeedListener(InetSocketAddress address, Optional<SSLContext> tls, FeedApi api) {
        this.api = api;
        var builder = WebServer.builder()
                .address(address.getAddress())
                .port(address.getPort())
                .shutdownHook(false)
                // A commit must not wait for the chassis to acknowledge the packet before.
                .connectionOptions(socket -> socket.tcpNoDelay(true))
                // A stream is written by its own thread: a chassis that does not read must be felt there, not fill a
                // queue.
                .writeQueueLength(0)
                .routing(routing -> routing.any(this::handle));
        // Only asked for, since who comes to join has none; all other requests are refused without one.
        tls.ifPresent(
                context -> builder.tls(config -> config.sslContext(context).clientAuth(TlsClientAuth.OPTIONAL)));
        this.server = builder.build();
    }

    /**
     * Listens from now on.
     *
     * @param tls without it, the address is one of this machine
     */
    static FeedListener start(InetSocketAddress address, Optional<SSLContext> tls, FeedApi api) {
        if (tls.isEmpty() && !address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("the feed needs certificates on %s, where others reach it"
                    .formatted(address.getAddress().getHostAddress()));
        }
        var listener = new FeedListener(address, tls, api);
        listener.server.start();
        HttpServer.requireRunning(listener.server, "the feed", address);
        return listener;
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }

    private void handle(ServerRequest request, ServerResponse response) {
        try {
            api.handle(new HelidonCall(request, response));
        } catch (IOException | UncheckedIOException | DataReader.InsufficientDataAvailableException e) {
            LOG.debug(
                    "a request of {} was not answered: {}", request.remotePeer().host(), e.getMessage());
            throw new CloseConnectionException("the other side is gone", e);
        }
    }

    private record HelidonCall(ServerRequest request, ServerResponse response) implements Call {
        @Override
        public String method() {
            return request.prologue().method().text();
        }

        @Override
        public String path() {
            return request.path().rawPath();
        }

        @Override
        public Optional<X509Certificate> certificate() {
            return request.remotePeer().tlsCertificates().stream()
                    .flatMap(Stream::of)
                    .findFirst()
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast);
        }

        @Override
        public InputStream body() {
            return request.content().inputStream();
        }

        @Override
        public void answer(int status, byte[] json) {
            response.status(Status.create(status));
            response.header(HeaderNames.CONTENT_TYPE, "application/json");
            response.send(json);
        }

        @Override
        public OutputStream stream() {
            response.status(Status.OK_200);
            response.header(HeaderNames.CONTENT_TYPE, "application/x-ndjson");
            return response.outputStream();
        }
    }
}

package org.dragonflow.feed;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt of a client to follow its feed: a stream from a server, and requests to it on the side. */
final class Connection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** So many heartbeats may be missing before the server is given up. */
    private static final int MISSED_HEARTBEATS = 3;

    private static final int MAX_ANSWER = 64 << 10;

    private final URI server;
    private final FeedSource source;
    private final InstantSource clock;
    private final HttpClient http;
    private final Thread watch;
    private Optional<MessageReader> reader = Optional.empty();
    private volatile Optional<InputStream> stream = Optional.empty();
    private volatile Duration patience;
    private volatile Instant heard;
    private volatile boolean silent;

    private Connection(URI server, FeedSource source, InstantSource clock, HttpClient http) {
        this.server = server;
        this.source = source;
        this.clock = clock;
        this.http = http;
        this.patience = source.pace().connect();
        this.heard = clock.instant();
        this.watch = Thread.ofVirtual().name("feed-watch").start(this::watch);
    }

    static Connection to(URI server, FeedSource source, InstantSource clock) throws IOException, Refused {
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(source.pace().connect());
        if (source.credentials().isPresent()) {
            http.sslContext(Credentials.read(source.credentials().get().files()).tls());
        }
        return new Connection(server, source, clock, http.build());
    }

    /** Asks for what follows the position. */
    Message.Hello open(Optional<Position> from) throws IOException, Refused, InterruptedException {
        var opening = new LinkedHashMap<String, Object>();
        opening.put("version", Message.VERSION);
        opening.put("chassis", Entities.encode(source.chassis()));
        from.ifPresent(at -> opening.put("from", Map.of("line", at.line(), "revision", at.revision())));
        var response = send(FeedApi.STREAM, opening);
        if (response.statusCode() != 200) {
            throw refusal(response);
        }
        var body = new Heard(response.body());
        stream = Optional.of(body);
        var messages = new MessageReader(body);
        reader = Optional.of(messages);
        if (!(messages.next() instanceof Message.Hello hello)) {
            throw new Refused(Reason.MALFORMED, "the server does not begin with a hello");
        }
        if (hello.version() != Message.VERSION) {
            throw new Refused(Reason.WRONG_VERSION, "the server speaks version %d".formatted(hello.version()));
        }
        patience = hello.heartbeat().multipliedBy(MISSED_HEARTBEATS);
        return hello;
    }

    Message next() throws IOException, Refused {
        try {
            return reader.orElseThrow().next();
        } catch (IOException | Refused e) {
            if (silent) {
                throw new Refused(Reason.SILENT, "nothing was heard of the server for %s".formatted(patience));
            }
            throw e;
        }
    }

    /** Posts an object and returns the answer, which is one. */
    Json post(String path, Map<String, Object> body) throws IOException, Refused, InterruptedException {
        var response = send(path, body);
        if (response.statusCode() != 200) {
            throw refusal(response);
        }
        try (var answer = response.body()) {
            return Json.read(answer.readNBytes(MAX_ANSWER));
        }
    }

    // Not HttpRequest.timeout: from JDK 26 on it would bound the whole stream, not only the wait for its beginning.
    private HttpResponse<InputStream> send(String path, Map<String, Object> body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        var answer = http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        try {
            return answer.get(source.pace().connect().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within %s".formatted(source.pace().connect()), e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
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

    static Reason reason(IOException e) {
        return e instanceof SSLException ? Reason.UNTRUSTED : Reason.UNREACHABLE;
    }

    static String detail(IOException e) {
        return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(patience.dividedBy(4));
                if (stream.isPresent() && heard.plus(patience).isBefore(clock.instant())) {
                    silent = true;
                    closeStream();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeStream() {
        try {
            if (stream.isPresent()) {
                stream.get().close();
            }
        } catch (IOException e) {
            LOG.debug("a stream that is given up could not be closed: {}", detail(e));
        }
    }

    @Override
    public void close() {
        watch.interrupt();
        closeStream();
        http.shutdownNow();
    }

    /** Notes when something was heard. */
    private final class Heard extends FilterInputStream {
        Heard(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            heard = clock.instant();
            return count;
        }
    }
}

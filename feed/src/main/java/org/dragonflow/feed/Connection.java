package org.dragonflow.feed;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.dragonflow.model.Chassis;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt of a client to follow its feed: a stream from a server, and requests to it on the side. */
final class Connection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** So many heartbeats may be missing before the server is given up. */
    private static final int MISSED_HEARTBEATS = 3;

    private final InstantSource clock;
    private final Courier courier;
    private final Optional<Renewal> renewal;
    private final Thread watch;
    private Optional<MessageReader> reader = Optional.empty();
    private volatile Optional<InputStream> stream = Optional.empty();
    private volatile Duration patience;
    private volatile Instant heard;
    private volatile boolean silent;

    private Connection(Duration patience, InstantSource clock, Courier courier, Optional<Renewal> renewal) {
        this.clock = clock;
        this.courier = courier;
        this.renewal = renewal;
        this.patience = patience;
        this.heard = clock.instant();
        this.watch = Thread.ofVirtual().name("feed-watch").unstarted(this::watch);
    }

    static Connection to(URI server, FeedSource source, InstantSource clock) throws IOException {
        var patience = source.pace().connect();
        if (source.credentials().isEmpty()) {
            return new Connection(patience, clock, Courier.to(server, patience, Optional.empty()), Optional.empty());
        }
        var identity = source.credentials().get();
        var credentials = read(identity.files());
        var renewal = Optional.of(
                        new Renewal(source.chassis().id().value(), identity.files(), credentials.certificate(), clock))
                .filter(_ -> identity.renewed());
        return new Connection(patience, clock, Courier.to(server, patience, Optional.of(credentials.tls())), renewal);
    }

    private static Credentials read(Credentials.Files files) throws IOException {
        try {
            return Credentials.read(files);
        } catch (NoSuchFileException e) {
            throw new IOException(e.getMessage() + " is not there: a chassis gets it with 'dragonflow join'", e);
        }
    }

    /** Asks for what follows the position, as the chassis that is to be recorded. */
    Message.Hello open(Chassis chassis, Optional<Position> from) throws IOException, Refused, InterruptedException {
        var opening = new LinkedHashMap<String, Object>();
        opening.put("version", Message.VERSION);
        opening.put("chassis", Entities.encode(chassis));
        from.ifPresent(at -> opening.put("from", Map.of("line", at.line(), "revision", at.revision())));
        var body = new Heard(courier.open(FeedApi.STREAM, opening));
        heard = clock.instant();
        stream = Optional.of(body);
        watch.start();
        var messages = new MessageReader(body);
        reader = Optional.of(messages);
        if (!(next() instanceof Message.Hello hello)) {
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

    Json post(String path, Map<String, Object> body) throws IOException, Refused, InterruptedException {
        return courier.post(path, body);
    }

    static Reason reason(IOException e) {
        return e instanceof SSLException ? Reason.UNTRUSTED : Reason.UNREACHABLE;
    }

    static String detail(IOException e) {
        return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    }

    private void watch() {
        try {
            while (!silent) {
                Thread.sleep(patience.dividedBy(4));
                if (heard.plus(patience).isBefore(clock.instant())) {
                    silent = true;
                    closeStream();
                } else if (renewal.isPresent()) {
                    renewal.get().renewIfDue(courier);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the connection is over");
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
        courier.close();
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

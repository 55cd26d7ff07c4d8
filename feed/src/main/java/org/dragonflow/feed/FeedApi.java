package org.dragonflow.feed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.LeaseUsedUp;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;
import org.dragonflow.model.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of chassis: the stream, what they confirm, and how they come by their certificates.
 *
 * <p>A chassis is who its certificate says, and speaks for itself only.
 */
public final class FeedApi {
    static final String STREAM = "/feed/v1/stream";
    static final String ACKNOWLEDGE = "/feed/v1/acknowledgements";
    static final String JOIN = "/feed/v1/join";
    static final String RENEW = "/feed/v1/renew";

    private static final Logger LOG = LoggerFactory.getLogger(FeedApi.class);
    private static final int MOST_UPLINKS = 256;
    static final int MOST_REPORTS = 256;
    private static final int MAX_BODY = 4 << 20;

    private final Feeds feeds;
    private final Trust trust;
    private final Optional<Joining> joining;
    private final InstantSource clock;

    /** By what a listener knows its callers. */
    public enum Trust {
        /** By their certificates. */
        CERTIFICATES,
        /** Not at all: they are on this machine. */
        LOOPBACK
    }

    /**
     * Answers for these feeds.
     *
     * @param joining absent where certificates are not this server's to give
     */
    public FeedApi(Feeds feeds, Trust trust, Optional<Joining> joining, InstantSource clock) {
        this.feeds = feeds;
        this.trust = trust;
        this.joining = joining;
        this.clock = clock;
    }

    /** Answers the call. A stream lasts until it ends. */
    public void handle(Call call) throws IOException {
        try {
            switch (call.method() + " " + call.path()) {
                case "POST " + STREAM -> stream(call);
                case "POST " + ACKNOWLEDGE -> acknowledge(call);
                case "POST " + JOIN ->
                    call.answer(200, Json.bytes(requireJoining().join(body(call))));
                case "POST " + RENEW -> renew(call);
                default ->
                    throw new Refused(Reason.NOT_FOUND, "there is no %s %s".formatted(call.method(), call.path()));
            }
        } catch (Refused e) {
            refuse(call, e);
        } catch (InterruptedException e) {
            refuse(call, new Refused(Reason.UNAVAILABLE, "the server is going down"));
        }
    }

    private Joining requireJoining() throws Refused {
        return joining.orElseThrow(() ->
                new Refused(Reason.NO_AUTHORITY, "the operator of this server gives out certificates, not the server"));
    }

    /** Who speaks for a chassis may go on doing so with a new key. */
    private void renew(Call call) throws IOException, Refused {
        var name = Certificates.name(requireCertificate(call))
                .orElseThrow(() -> new Refused(Reason.WRONG_CERTIFICATE, "a certificate of nobody"));
        call.answer(200, Json.bytes(requireJoining().renew(name, body(call))));
    }

    private static void refuse(Call call, Refused why) throws IOException {
        call.answer(
                why.reason().status(), Json.bytes(Map.of("error", why.reason().wire(), "message", why.detail())));
    }

    private static Json body(Call call) throws IOException, Refused {
        var bytes = call.body().readNBytes(MAX_BODY + 1);
        if (bytes.length > MAX_BODY) {
            throw new Refused(Reason.TOO_LARGE, "a request of more than %d bytes".formatted(MAX_BODY));
        }
        return Json.read(bytes);
    }

    private void stream(Call call) throws IOException, Refused, InterruptedException {
        var body = body(call);
        if (body.integer("version") != Message.VERSION) {
            throw new Refused(
                    Reason.WRONG_VERSION,
                    "the chassis speaks version %d of the feed, the server %d"
                            .formatted(body.integer("version"), Message.VERSION));
        }
        var chassis = chassis(body.object("chassis"));
        var until = requireCaller(call, chassis.id());
        try (var session = feeds.open(chassis, from(body))) {
            speak(call, chassis.id(), session, until);
        }
    }

    private static Chassis chassis(Json json) throws Refused {
        var chassis = Entities.decode(Schema.of(Chassis.class), json);
        if (chassis.uplinks().size() > MOST_UPLINKS) {
            throw new Refused(Reason.TOO_LARGE, "more than %d uplinks".formatted(MOST_UPLINKS));
        }
        return chassis;
    }

    private static Optional<Position> from(Json body) throws Refused {
        if (body.find("from").isEmpty()) {
            return Optional.empty();
        }
        var from = body.object("from");
        return Optional.of(new Position(from.text("line"), from.count("revision")));
    }

    /** The caller is this chassis, until then. */
    private Instant requireCaller(Call call, Id<Chassis> chassis) throws Refused {
        return switch (trust) {
            case LOOPBACK -> Instant.MAX;
            case CERTIFICATES -> {
                var certificate = requireCertificate(call);
                var name = Certificates.name(certificate);
                if (!name.equals(Optional.of(chassis.value()))) {
                    throw new Refused(
                            Reason.WRONG_CERTIFICATE,
                            "a certificate of %s does not speak for %s".formatted(name.orElse("nobody"), chassis));
                }
                yield certificate.getNotAfter().toInstant();
            }
        };
    }

    private static X509Certificate requireCertificate(Call call) throws Refused {
        return call.certificate()
                .orElseThrow(() -> new Refused(Reason.NO_CERTIFICATE, "a chassis shows a certificate here"));
    }

    private void speak(Call call, Id<Chassis> chassis, Session session, Instant until)
            throws IOException, InterruptedException {
        var out = call.stream();
        var writer = new MessageWriter(out);
        try {
            say(writer, session, session.hello());
            while (true) {
                say(writer, session, session.next());
                if (clock.instant().isAfter(until)) {
                    throw new Refused(Reason.WRONG_CERTIFICATE, "the certificate has expired");
                }
            }
        } catch (Refused e) {
            bye(chassis, writer, e);
        } catch (InterruptedException e) {
            bye(chassis, writer, session.ended().orElseThrow(() -> e));
        } catch (IOException | UncheckedIOException e) {
            LOG.info(
                    "the stream to {} broke: {}",
                    chassis,
                    session.ended().<Throwable>map(end -> end).orElse(e).getMessage());
        }
        out.close();
    }

    private static void say(MessageWriter writer, Session session, Message message) throws IOException {
        session.writing();
        writer.write(message);
        session.written();
    }

    private static void bye(Id<Chassis> chassis, MessageWriter writer, Refused why) throws IOException {
        LOG.info("the stream to {} ends: {}", chassis, why.detail());
        writer.write(new Message.Bye(why.reason(), why.detail()));
    }

    private void acknowledge(Call call) throws IOException, Refused, InterruptedException {
        var body = body(call);
        var chassis = Id.of(Chassis.class, body.text("chassis"));
        var _ = requireCaller(call, chassis);
        var session = body.text("session");
        if (body.find("record").isPresent()) {
            var record = chassis(body.object("record"));
            if (!record.id().equals(chassis)) {
                throw new Refused(Reason.WRONG_NAME, "%s speaks for %s".formatted(chassis, record.id()));
            }
            feeds.update(record, session);
        }
        var reports = reports(body);
        if (!reports.isEmpty()) {
            feeds.told(chassis, session, reports);
        }
        feeds.acknowledge(chassis, session, body.count("revision"), states(body));
        call.answer(200, Json.bytes(Map.of()));
    }

    private static List<Report> reports(Json body) throws Refused {
        var reports = new ArrayList<Report>();
        for (var one : body.objects("announced")) {
            reports.add(Entities.decode(Schema.of(ActivePort.class), one));
        }
        for (var lease : body.texts("used_up")) {
            reports.add(new LeaseUsedUp(Id.of(NatLease.class, lease)));
        }
        if (reports.size() > MOST_REPORTS) {
            throw new Refused(Reason.TOO_LARGE, "more than %d reports".formatted(MOST_REPORTS));
        }
        return reports;
    }

    private static Map<Id<Port>, PortState> states(Json body) throws Refused {
        var states = new LinkedHashMap<Id<Port>, PortState>();
        for (var state : PortState.values()) {
            for (var port : body.texts(state.wire())) {
                states.put(Id.of(Port.class, port), state);
            }
        }
        return states;
    }
}

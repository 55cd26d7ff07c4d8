package org.dragonflow.server.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dragonflow.feed.Authority;
import org.dragonflow.feed.Credentials;
import org.dragonflow.feed.FeedEvent;
import org.dragonflow.feed.FeedLimits;
import org.dragonflow.feed.FeedSource;
import org.dragonflow.feed.Join;
import org.dragonflow.feed.Joining;
import org.dragonflow.feed.Reason;
import org.dragonflow.feed.Refused;
import org.dragonflow.feed.Token;
import org.dragonflow.model.Chassis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Who may be on the feed where others than this machine reach it. */
final class FeedTlsTest {
    private static final FeedLimits LIMITS =
            new FeedLimits(Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofMinutes(5), 500, 200);
    private static final Chassis HV1 = Land.chassis("hv1", "192.0.2.1", "system-1");

    @TempDir
    private Path directory;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Land land;
    private Authority authority;
    private FeedServer server;
    private volatile Instant now = Instant.now();

    @BeforeEach
    void start() throws Exception {
        log.start();
        root().addAppender(log);
        land = new Land();
        authority = Authority.open(directory.resolve("server"), () -> now);
        server = serve(authority);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private FeedServer serve(Authority by) throws IOException {
        return new FeedServer(
                "here",
                land.replica(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.of(by.server(List.of("127.0.0.1")).tls()),
                Optional.of(new Joining(by, new StoreTokens(land.replica(), () -> now), Duration.ofDays(90))),
                LIMITS,
                Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        server.close();
        land.close();
        root().detachAppender(log);
    }

    private URI uri() {
        return URI.create("https://127.0.0.1:" + server.port());
    }

    private Token token(String chassis) throws InterruptedException {
        var token = Token.create(chassis, authority);
        new StoreTokens(land.replica(), () -> now).remember(token);
        return token;
    }

    private FeedSource.Identity join(Token token) throws Exception {
        var state = directory.resolve(token.chassis());
        Join.join(uri(), token, state);
        return new FeedSource.Identity(Join.files(state), true);
    }

    private Listening listen(FeedSource.Identity identity) {
        return new Listening(land, HV1, uri(), Optional.of(identity));
    }

    private static void assertRefused(Reason reason, ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void aChassisThatJoinedIsToldWhatConcernsIt() throws Exception {
        var random = new Random(5);
        try (var hv1 = listen(join(token("hv1")))) {
            for (int i = 0; i < 200; i++) {
                land.change(random);
            }
            hv1.catchUp();
            assertThat(hv1.ends()).isEmpty();
        }
    }

    @Test
    void aChassisThatHasNotJoinedIsToldSo() throws Exception {
        try (var hv1 = listen(new FeedSource.Identity(Join.files(directory.resolve("hv1")), true))) {
            await().until(() -> !hv1.ends().isEmpty());
            assertThat(hv1.events().getFirst())
                    .isInstanceOfSatisfying(
                            FeedEvent.Disconnected.class,
                            end -> assertThat(end.detail())
                                    .contains("hv1/chassis.pem is not there", "dragonflow join"));
        }
    }

    @Test
    void keysAreForTheirOwnersEyes() throws Exception {
        join(token("hv1"));
        for (var file : List.of("server/authority.key", "hv1/chassis.pem")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aTokenIsUsedUpByTheFirstWhoJoinsEvenIfTheServerIsRestarted() throws Exception {
        var token = token("hv1");
        join(token);
        assertRefused(Reason.UNKNOWN_TOKEN, () -> join(token));
        server.close();
        server = serve(Authority.open(directory.resolve("server"), () -> now));
        assertRefused(Reason.UNKNOWN_TOKEN, () -> join(token));
    }

    @Test
    void aTokenIsGoodForADay() throws Exception {
        var early = token("hv1");
        var late = token("hv1");
        now = now.plus(Duration.ofHours(23));
        join(early);
        now = now.plus(Duration.ofHours(2));
        assertRefused(Reason.EXPIRED_TOKEN, () -> join(late));
    }

    @Test
    void aTokenIsGoodForItsChassisOnlyAndNotSpentByAnother() throws Exception {
        var token = token("hv1");
        assertRefused(Reason.WRONG_NAME, () -> join(new Token("hv2", token.secret(), token.fingerprint())));
        join(token);
    }

    @Test
    void aTokenThatWasNeverGivenOutIsRefused() {
        assertRefused(Reason.UNKNOWN_TOKEN, () -> join(Token.create("hv1", authority)));
    }

    @Test
    void aServerOfAnotherAuthorityDoesNotGetToSeeTheToken() throws Exception {
        var token = token("hv1");
        try (var impostor = serve(Authority.open(directory.resolve("impostor"), () -> now))) {
            assertNotJoined(token, impostor);
        }
        join(token);
    }

    @Test
    void aChassisDoesNotGetToSeeTheTokenOfAnother() throws Exception {
        var hv2 = Credentials.read(join(token("hv2")).files());
        var chain = List.of(hv2.certificate(), hv2.authorities().getFirst());
        var asServer = new Credentials(hv2.key(), chain, hv2.authorities());
        var token = token("hv1");
        try (var impostor = new FeedServer(
                "here",
                land.replica(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.of(asServer.tls()),
                Optional.of(new Joining(authority, new StoreTokens(land.replica(), () -> now), Duration.ofDays(1))),
                LIMITS,
                Clock.systemUTC())) {
            assertNotJoined(token, impostor);
        }
        join(token);
    }

    private void assertNotJoined(Token token, FeedServer impostor) {
        var uri = URI.create("https://127.0.0.1:" + impostor.port());
        assertThatThrownBy(() -> Join.join(uri, token, directory.resolve("hv1")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aCertificateOfAnotherChassisIsRefused() throws Exception {
        var hv2 = join(token("hv2"));
        try (var hv1 = listen(hv2)) {
            hv1.awaitEnd(Reason.WRONG_CERTIFICATE);
            assertThat(hv1.events()).noneMatch(FeedEvent.Connected.class::isInstance);
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
        var elsewhere = Authority.open(directory.resolve("elsewhere"), () -> now);
        try (var other = serve(elsewhere)) {
            var token = Token.create("hv1", elsewhere);
            new StoreTokens(land.replica(), () -> now).remember(token);
            var state = directory.resolve("foreign");
            Join.join(URI.create("https://127.0.0.1:" + other.port()), token, state);
            // It trusts this server, but this server has no reason to trust it.
            Files.copy(
                    directory.resolve("server/authority.crt"),
                    state.resolve("authority.crt"),
                    StandardCopyOption.REPLACE_EXISTING);
            var foreign = new FeedSource.Identity(Join.files(state), true);
            try (var hv1 = listen(foreign)) {
                await().until(() -> hv1.ends().size() > 1);
                assertThat(hv1.events()).noneMatch(FeedEvent.Connected.class::isInstance);
            }
        }
    }

    @Test
    void whoShowsNoCertificateIsRefused() throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(
                "authority",
                authority.server(List.of("127.0.0.1")).authorities().getFirst());
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        var tls = SSLContext.getInstance("TLSv1.3");
        tls.init(null, trust.getTrustManagers(), null);
        try (var http = HttpClient.newBuilder().sslContext(tls).build()) {
            for (var path : List.of("/feed/v1/stream", "/feed/v1/acknowledgements", "/feed/v1/renew")) {
                var body = """
                        {"version":2,"session":"s","revision":1,"request":"r","chassis":%s}""".formatted(path.endsWith("stream") ? """
                                        {"id":"hv1","address":"192.0.2.1","tunnel_types":["geneve"],\
                                        "system_id":"s","created_at":"2026-01-01T00:00:00Z"}""" : "\"hv1\"");
                var answer = http.send(
                        HttpRequest.newBuilder(uri().resolve(path))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(401);
                assertThat(answer.body()).contains("no_certificate");
            }
        }
    }

    @Test
    void aCertificateIsRenewedWhenTwoThirdsOfItsLifeAreOver() throws Exception {
        now = Instant.now().minus(Duration.ofDays(61));
        var identity = join(token("hv1"));
        var before = Files.readString(identity.files().certificate());
        now = Instant.now();
        try (var hv1 = listen(identity)) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            !Files.readString(identity.files().certificate()).equals(before));
            hv1.catchUp();
        }
        try (var again = listen(identity)) {
            again.catchUp();
            assertThat(again.ends()).isEmpty();
        }
    }

    @Test
    void aCertificateThatTheOperatorBringsIsLeftToTheOperatorHoweverOldItIs() throws Exception {
        now = Instant.now().minus(Duration.ofDays(61));
        var joined = join(token("hv1"));
        var before = Files.readString(joined.files().certificate());
        now = Instant.now();
        try (var hv1 = listen(new FeedSource.Identity(joined.files(), false))) {
            hv1.catchUp();
            // Longer than it takes in the test before this one, and nobody so much as tries.
            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(4))
                    .until(() -> log.list.stream()
                            .noneMatch(event -> event.getFormattedMessage().contains("new certificate")));
            assertThat(Files.readString(joined.files().certificate())).isEqualTo(before);
        }
    }

    @Test
    void nothingSecretIsLogged() throws Exception {
        root().setLevel(Level.DEBUG);
        var token = token("hv1");
        var secret = token.secret();
        try (var hv1 = listen(join(token))) {
            hv1.catchUp();
        }
        assertRefused(Reason.UNKNOWN_TOKEN, () -> join(token));
        assertThat(token.toString()).doesNotContain(secret);
        assertThat(List.copyOf(log.list))
                .isNotEmpty()
                .noneMatch(event -> event.getFormattedMessage().contains(secret)
                        || event.getFormattedMessage().contains("PRIVATE KEY"));
    }
}

package org.dragonflow.server.access;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.dragonflow.server.Config;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;

/** Believes tokens that Keystone (Identity API v3) says are valid, and remembers for a short while that it did. */
public final class Keystone implements Identity {
    private static final int MOST_REMEMBERED = 10_000;

    /** Long enough for a client that asks again and again, too short to notice when a token becomes valid. */
    private static final Duration REMEMBERED_AS_WRONG = Duration.ofSeconds(5);

    private final KeystoneClient client;
    private final Policy policy;
    private final InstantSource clock;
    private final Duration remembered;
    private final String challenge;
    private final Callers callers;

    private Keystone(
            Config.Keystone config, KeystoneClient client, List<URI> urls, Policy policy, InstantSource clock) {
        this.client = client;
        this.policy = policy;
        this.clock = clock;
        this.remembered = Duration.ofSeconds(config.rememberSeconds());
        var found = config.publicUrl().isEmpty() ? urls.getFirst().toString() : config.publicUrl();
        this.challenge = "Keystone uri=\"%s\"".formatted(found);
        this.callers = new Callers(MOST_REMEMBERED, clock);
    }

    /**
     * Asks nothing yet.
     *
     * @throws IllegalArgumentException if the settings cannot be; the message says which
     */
    public static Keystone at(Config.Keystone config, Policy policy, InstantSource clock) {
        if (config.password().isEmpty()) {
            throw new IllegalArgumentException(
                    "identity.keystone.password is not set, and without it Keystone does not say who callers are");
        }
        var urls = urls(config.urls());
        var endpoints = new KeystoneEndpoints(urls, Duration.ofMillis(config.timeoutMillis()), tls(config.authority()));
        return new Keystone(config, new KeystoneClient(config, endpoints, clock), urls, policy, clock);
    }

    private static List<URI> urls(String setting) {
        var urls = Arrays.stream(setting.split(",", -1))
                .map(String::strip)
                .filter(url -> !url.isEmpty())
                .map(Keystone::url)
                .toList();
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("identity.keystone.urls is empty");
        }
        return urls;
    }

    private static URI url(String text) {
        if (!text.matches("https?://[^\\s/?#\"]+(/[^\\s?#\"]*)?")) {
            throw new IllegalArgumentException(
                    "identity.keystone.urls has '%s', which is none such as https://keystone.example:5000"
                            .formatted(text));
        }
        return URI.create(text);
    }

    private static Optional<SSLContext> tls(String authority) {
        if (authority.isEmpty()) {
            return Optional.empty();
        }
        try (var in = Files.newInputStream(Path.of(authority))) {
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(authorities(in));
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return Optional.of(context);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "identity.keystone.authority %s holds no certificates: %s".formatted(authority, e.getMessage()), e);
        }
    }

    private static KeyStore authorities(InputStream pem) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
            store.setCertificateEntry("authority" + store.size(), certificate);
        }
        if (store.size() == 0) {
            throw new IOException("it is empty");
        }
        return store;
    }

    @Override
    public Caller of(Request request) {
        return request.header("X-Auth-Token")
                .flatMap(token -> callers.of(token, () -> verdict(token)))
                .orElseThrow(() -> Refusal.unauthenticated(challenge));
    }

    private Callers.Verdict verdict(String token) {
        var now = clock.instant();
        return client.validate(token)
                .filter(valid -> now.isBefore(valid.expires()))
                .map(valid -> new Callers.Verdict(
                        Optional.of(new Caller(valid.credentials(), policy)),
                        earlier(valid.expires(), now.plus(remembered))))
                .orElseGet(() -> new Callers.Verdict(Optional.empty(), now.plus(REMEMBERED_AS_WRONG)));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    @Override
    public void close() {
        client.close();
    }
}

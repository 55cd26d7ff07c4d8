package org.dragonflow.agent.metadata;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.dragonflow.address.IpAddress;
import org.dragonflow.agent.MetadataConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Nova for the metadata of the server behind a port, in the way of Neutron's metadata agent: Nova believes who signs with the shared
 * secret. Nothing that the server says of itself is passed on.
 */
final class NovaProxy implements Metadata {
    private static final Logger LOG = LoggerFactory.getLogger(NovaProxy.class);
    private static final Duration CONNECTING = Duration.ofSeconds(5);
    private static final Duration ANSWERING = Duration.ofSeconds(60);
    private static final String ALGORITHM = "HmacSHA256";
    private static final List<String> PASSED_ON = List.of("accept", "content-type", "user-agent");
    private static final List<String> PASSED_BACK = List.of(
            "Content-Type", "Content-Length", "Content-Encoding", "ETag", "Last-Modified", "Location", "Retry-After");

    private final String base;
    private final SecretKeySpec secret;
    private final HttpClient client;
    private volatile Optional<String> fault = Optional.empty();

    NovaProxy(MetadataConfig.Nova nova) throws IOException {
        this.base = nova.url().toString().replaceAll("/+$", "");
        this.secret = secret(nova.secret());
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECTING)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (nova.authority().isPresent()) {
            builder.sslContext(trusting(nova.authority().get()));
        }
        this.client = builder.build();
    }

    private static SecretKeySpec secret(Path file) throws IOException {
        var text = Files.readString(file).strip();
        if (text.isEmpty()) {
            throw new IOException("there is no secret in " + file);
        }
        return new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    private static SSLContext trusting(Path authority) throws IOException {
        try (var in = Files.newInputStream(authority)) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority" + number++, certificate);
            }
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("%s is of no use: %s".formatted(authority, e.getMessage()), e);
        }
    }

    /** What was wrong with the last question, if it was not answered. */
    @Override
    public Optional<String> fault() {
        return fault;
    }

    @Override
    public Reply answer(Request request, Asker asker) {
        if (asker.card().deviceId().isEmpty()) {
            return Reply.fault(404, "No server is known to use this port.");
        }
        try {
            var response = client.send(question(request, asker), HttpResponse.BodyHandlers.ofInputStream());
            fault = Optional.empty();
            return reply(response);
        } catch (IllegalArgumentException _) {
            return Reply.fault(400, "This is no path.");
        } catch (IOException e) {
            LOG.debug("Nova did not answer", e);
            fault = Optional.of("Nova's metadata service at %s does not answer: %s".formatted(base, e));
            return Reply.fault(503, "The compute service does not answer for its metadata; try again later.");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Reply.fault(503, "The metadata service ends; try again later.");
        }
    }

    private HttpRequest question(Request request, Asker asker) {
        var server = asker.card().deviceId();
        var body = request.body().length() == 0
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(request.body().toArray());
        var question = HttpRequest.newBuilder(URI.create(base + request.target()))
                .timeout(ANSWERING)
                .method(request.method(), body)
                .header("X-Instance-ID", server)
                .header("X-Tenant-ID", asker.card().projectId())
                .header("X-Instance-ID-Signature", signature(server));
        asker.address().map(IpAddress::toString).ifPresent(address -> question.header("X-Forwarded-For", address));
        PASSED_ON.forEach(name -> request.header(name).ifPresent(value -> question.header(name, value)));
        return question.build();
    }

    private String signature(String server) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return HexFormat.of().formatHex(mac.doFinal(server.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Reply reply(HttpResponse<InputStream> response) {
        var headers = new LinkedHashMap<String, String>();
        PASSED_BACK.forEach(name -> response.headers().firstValue(name).ifPresent(value -> headers.put(name, value)));
        return new Reply(response.statusCode(), headers, response.body());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

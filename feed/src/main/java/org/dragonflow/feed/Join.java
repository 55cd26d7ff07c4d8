package org.dragonflow.feed;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** How a chassis comes by its certificate: it makes a key, shows its token, and keeps both key and certificate where its agent looks. */
public final class Join {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Join() {}

    /** Where the credentials of a chassis are in the state directory of its agent. */
    public static Credentials.Files files(Path stateDirectory) {
        return new Credentials.Files(
                stateDirectory.resolve("chassis.crt"),
                stateDirectory.resolve("chassis.key"),
                stateDirectory.resolve("authority.crt"));
    }

    /**
     * Joins, and writes the credentials.
     *
     * @throws Refused if the server does not take the token
     * @throws IOException if the server cannot be reached, or is not the one that gave the token
     */
    public static void join(URI server, Token token, Path stateDirectory)
            throws IOException, Refused, InterruptedException {
        var keys = Authority.newKeys();
        var answer = ask(server, token, request(token.chassis(), keys));
        Files.createDirectories(stateDirectory);
        var files = files(stateDirectory);
        Pem.writeSecret(files.key(), Pem.text(List.of(keys.getPrivate())));
        Pem.writeSecret(files.certificate(), answer.text("certificate"));
        Pem.writeSecret(files.authority(), answer.text("authority"));
    }

    private static String request(String chassis, KeyPair keys) {
        try {
            var name = new X500NameBuilder().addRDN(BCStyle.CN, chassis).build();
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
            return Pem.text(List.of(new JcaPKCS10CertificationRequestBuilder(name, keys.getPublic()).build(signer)));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("this Java has no SHA256withECDSA", e);
        }
    }

    private static Json ask(URI server, Token token, String request) throws IOException, Refused, InterruptedException {
        var body = Json.bytes(Map.of("chassis", token.chassis(), "secret", token.secret(), "request", request));
        try (var http = HttpClient.newBuilder()
                .connectTimeout(LIMIT)
                .sslContext(trusting(token.fingerprint()))
                .build()) {
            var post = HttpRequest.newBuilder(server.resolve(FeedApi.JOIN))
                    .timeout(LIMIT)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            var response = http.send(post, HttpResponse.BodyHandlers.ofByteArray());
            var answer = Json.read(response.body());
            if (response.statusCode() != 200) {
                throw new Refused(Reason.ofWire(answer.text("error")).orElse(Reason.MALFORMED), answer.text("message"));
            }
            return answer;
        }
    }

    /** Believes a server whose chain ends in the authority of this fingerprint, and no other. */
    private static SSLContext trusting(String fingerprint) {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new Pinned(fingerprint)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS 1.3", e);
        }
    }

    /** Checks the chain by hand, since nothing is known of the authority yet but its fingerprint. */
    private static final class Pinned extends X509ExtendedTrustManager {
        private final String fingerprint;

        Pinned(String fingerprint) {
            this.fingerprint = fingerprint;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            var last = chain[chain.length - 1];
            if (!Authority.fingerprint(last).equals(fingerprint)) {
                throw new CertificateException(
                        "this server is not the one that gave the token: its authority is another");
            }
            try {
                for (int i = 0; i < chain.length; i++) {
                    chain[i].checkValidity();
                    chain[i].verify(chain[Math.min(i + 1, chain.length - 1)].getPublicKey());
                }
            } catch (GeneralSecurityException e) {
                throw new CertificateException("the server's certificate is not sound: " + e.getMessage(), e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("nobody is a client here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("nobody is a client here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("nobody is a client here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

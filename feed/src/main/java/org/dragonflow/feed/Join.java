package org.dragonflow.feed;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        // Key and certificate in one file, so that a renewal replaces both or none.
        var own = stateDirectory.resolve("chassis.pem");
        return new Credentials.Files(own, own, stateDirectory.resolve("authority.crt"));
    }

    /**
     * Joins, and writes the credentials, which their owner alone can read.
     *
     * @throws Refused if the server does not take the token
     * @throws IOException if the server cannot be reached, or is not the one that gave the token
     */
    public static void join(URI server, Token token, Path stateDirectory)
            throws IOException, Refused, InterruptedException {
        var keys = Authority.newKeys();
        try (var courier = Courier.to(server, LIMIT, Optional.of(Pinned.tls(token.fingerprint())))) {
            var answer = courier.post(
                    FeedApi.JOIN,
                    Map.of(
                            "chassis", token.chassis(),
                            "secret", token.secret(),
                            "request", request(token.chassis(), keys)));
            var authority = Pem.certificatesIn(answer.text("authority")).getFirst();
            if (!Authority.fingerprint(authority).equals(token.fingerprint())) {
                throw new Refused(Reason.UNTRUSTED, "the server gives a certificate of another authority");
            }
            var own = own(answer, keys, authority);
            Files.createDirectories(stateDirectory);
            var files = files(stateDirectory);
            Pem.writeSecret(files.authority(), Pem.text(List.of(authority)));
            write(files, keys, own);
        }
    }

    /** Gets a certificate for a new key, by the one that the courier shows. */
    static void renew(Courier courier, String chassis, Credentials.Files files)
            throws IOException, Refused, InterruptedException {
        var keys = Authority.newKeys();
        var answer = courier.post(FeedApi.RENEW, Map.of("request", request(chassis, keys)));
        write(files, keys, own(answer, keys, Pem.certificates(files.authority()).getFirst()));
    }

    private static X509Certificate own(Json answer, KeyPair keys, X509Certificate authority)
            throws IOException, Refused {
        var own = Pem.certificatesIn(answer.text("certificate")).getFirst();
        try {
            own.verify(authority.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new Refused(Reason.UNTRUSTED, "the certificate is not of the authority: " + e.getMessage());
        }
        if (!own.getPublicKey().equals(keys.getPublic())) {
            throw new Refused(Reason.MALFORMED, "the certificate is for another key");
        }
        return own;
    }

    private static void write(Credentials.Files files, KeyPair keys, X509Certificate own) throws IOException {
        Pem.writeSecret(files.certificate(), Pem.text(List.of(keys.getPrivate(), own)));
    }

    private static String request(String chassis, KeyPair keys) {
        try {
            var name = new X500NameBuilder().addRDN(BCStyle.CN, chassis).build();
            var signer = new JcaContentSignerBuilder(Authority.SIGNATURE).build(keys.getPrivate());
            return Pem.text(List.of(new JcaPKCS10CertificationRequestBuilder(name, keys.getPublic()).build(signer)));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("this Java has no " + Authority.SIGNATURE, e);
        }
    }
}

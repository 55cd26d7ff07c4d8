package org.dragonflow.server.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whose certificates are believed of a service that is asked. */
public final class Authorities {
    private Authorities() {}

    /**
     * Those of a PEM file; empty if there is none, and those of this Java are believed.
     *
     * @param setting what names the file
     * @throws IllegalArgumentException if the file holds none
     */
    public static Optional<SSLContext> tls(String setting, String file) {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (var in = Files.newInputStream(Path.of(file))) {
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(read(in));
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return Optional.of(context);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "%s %s holds no certificates: %s".formatted(setting, file, e.getMessage()), e);
        }
    }

    private static KeyStore read(InputStream pem) throws IOException, GeneralSecurityException {
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
}

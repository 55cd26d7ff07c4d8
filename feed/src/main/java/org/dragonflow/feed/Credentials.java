package org.dragonflow.feed;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * By what one side of a connection is known to the other, and knows it.
 *
 * @param chain its own certificate first, and those that lead to an authority
 * @param authorities who must have signed the other side's certificate
 */
public record Credentials(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authorities) {
    public Credentials {
        chain = List.copyOf(chain);
        authorities = List.copyOf(authorities);
        if (chain.isEmpty() || authorities.isEmpty()) {
            throw new IllegalArgumentException("credentials need a certificate and an authority");
        }
    }

    /** Where credentials are, as PEM; the three may be the same file. */
    public record Files(Path certificate, Path key, Path authority) {}

    public static Credentials read(Files files) throws IOException {
        return new Credentials(
                Pem.key(files.key()), Pem.certificates(files.certificate()), Pem.certificates(files.authority()));
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** For either side of TLS. */
    public SSLContext tls() {
        try {
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(keyStore(), new char[0]);
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trustStore(authorities));
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("these credentials are of no use: " + e.getMessage(), e);
        }
    }

    private KeyStore keyStore() throws GeneralSecurityException, IOException {
        var store = emptyStore();
        store.setKeyEntry("key", key, new char[0], chain.toArray(X509Certificate[]::new));
        return store;
    }

    static KeyStore trustStore(List<X509Certificate> authorities) throws GeneralSecurityException, IOException {
        var store = emptyStore();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority" + i, authorities.get(i));
        }
        return store;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Nothing of the key. */
    @Override
    public String toString() {
        return "credentials of " + certificate().getSubjectX500Principal();
    }
}

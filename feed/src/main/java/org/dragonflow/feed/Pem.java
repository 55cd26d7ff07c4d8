package org.dragonflow.feed;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;

/** Keys and certificates in files, as PEM (RFC 7468). */
final class Pem {
    private static final int MAX_FILE = 1 << 20;

    private Pem() {}

    static PrivateKey key(Path file) throws IOException {
        var converter = new JcaPEMKeyConverter();
        for (var object : objects(file)) {
            if (object instanceof PrivateKeyInfo key) {
                return converter.getPrivateKey(key);
            }
            if (object instanceof PEMKeyPair pair) {
                return converter.getPrivateKey(pair.getPrivateKeyInfo());
            }
        }
        throw new IOException("%s holds no private key that is not encrypted".formatted(file));
    }

    /** All of the file, at least one. */
    static List<X509Certificate> certificates(Path file) throws IOException {
        return certificatesAmong(objects(file), file.toString());
    }

    /** All of the text, at least one. */
    static List<X509Certificate> certificatesIn(String text) throws IOException {
        return certificatesAmong(objects(new StringReader(text)), "the answer");
    }

    private static List<X509Certificate> certificatesAmong(List<Object> objects, String where) throws IOException {
        var certificates = new ArrayList<X509Certificate>();
        for (var object : objects) {
            if (object instanceof X509CertificateHolder holder) {
                certificates.add(certificate(holder));
            }
        }
        if (certificates.isEmpty()) {
            throw new IOException("%s holds no certificate".formatted(where));
        }
        return certificates;
    }

    static X509Certificate certificate(X509CertificateHolder holder) throws IOException {
        try {
            return new JcaX509CertificateConverter().getCertificate(holder);
        } catch (CertificateException e) {
            throw new IOException("not a certificate: " + e.getMessage(), e);
        }
    }

    private static List<Object> objects(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE) {
            throw new IOException("%s is too large for keys and certificates".formatted(file));
        }
        return objects(Files.newBufferedReader(file, StandardCharsets.US_ASCII));
    }

    private static List<Object> objects(Reader from) throws IOException {
        var objects = new ArrayList<Object>();
        try (var parser = new PEMParser(from)) {
            for (var object = parser.readObject(); object != null; object = parser.readObject()) {
                objects.add(object);
            }
        }
        return objects;
    }

    static String text(List<?> objects) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            for (var object : objects) {
                // A key as PKCS #8 says of itself which curve it is on; what Bouncy Castle would write does not.
                writer.writeObject(
                        object instanceof PrivateKey key ? new PemObject("PRIVATE KEY", key.getEncoded()) : object);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be written as PEM: " + e.getMessage(), e);
        }
        return text.toString();
    }

    /** Puts the text in a file that only the owner reads; the file is whole at any time. */
    static void writeSecret(Path file, String text) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel =
                FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

package org.dragonflow.feed;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The built-in certificate authority: who may speak for a chassis is whom it has given a certificate. Its key never leaves its file. */
public final class Authority {
    private static final Duration OWN_LIFETIME = Duration.ofDays(3650);

    // Clocks of two machines differ a little.
    private static final Duration SKEW = Duration.ofMinutes(5);
    static final String SIGNATURE = "SHA256withECDSA";

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    private Authority(PrivateKey key, X509Certificate certificate, InstantSource clock) {
        this.key = key;
        this.certificate = certificate;
        this.clock = clock;
    }

    /** The authority whose files are in the directory, made anew if there are none. */
    public static Authority open(Path directory, InstantSource clock) throws IOException {
        var keyFile = directory.resolve("authority.key");
        var certificateFile = directory.resolve("authority.crt");
        if (!Files.exists(keyFile)) {
            Files.createDirectories(directory);
            var pair = newKeys();
            var made = new Authority(pair.getPrivate(), selfSigned(pair, clock.instant()), clock);
            Pem.writeSecret(certificateFile, Pem.text(List.of(made.certificate)));
            Pem.writeSecret(keyFile, Pem.text(List.of(pair.getPrivate())));
            return made;
        }
        return new Authority(Pem.key(keyFile), Pem.certificates(certificateFile).getFirst(), clock);
    }

    static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no P-256", e);
        }
    }

    private static X509Certificate selfSigned(KeyPair pair, Instant now) throws IOException {
        var name = new X500NameBuilder()
                .addRDN(BCStyle.CN, "Dragonflow authority " + HexFormat.of().toHexDigits(new SecureRandom().nextInt()))
                .build();
        var builder = builder(name, name, pair.getPublic(), now, now.plus(OWN_LIFETIME), new SecureRandom());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        return signed(builder, pair.getPrivate());
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Instant now, Instant end, SecureRandom random) {
        return new JcaX509v3CertificateBuilder(
                issuer, new BigInteger(127, random), Date.from(now.minus(SKEW)), Date.from(end), subject, key);
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key) throws IOException {
        try {
            return Pem.certificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("this Java has no " + SIGNATURE, e);
        }
    }

    /** SHA-256 of the authority's certificate, in hexadecimal: by this a chassis knows it before it has anything of it. */
    public String fingerprint() {
        return fingerprint(certificate);
    }

    static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate without an encoding", e);
        }
    }

    private Instant end() {
        return certificate.getNotAfter().toInstant();
    }

    /** Credentials for a server that is reached at these names and addresses; the key is in memory only, and new at each start. */
    public Credentials server(List<String> names) throws IOException {
        var pair = newKeys();
        var subject =
                new X500NameBuilder().addRDN(BCStyle.CN, "dragonflow-server").build();
        var builder = builder(issuer(), subject, pair.getPublic(), clock.instant(), end(), random);
        var alternatives = names.stream().map(Authority::alternative).toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        return new Credentials(pair.getPrivate(), List.of(signed(builder, key), certificate), List.of(certificate));
    }

    private static GeneralName alternative(String name) {
        boolean isAddress = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
        return new GeneralName(isAddress ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private X500Name issuer() {
        return Certificates.holder(certificate).getSubject();
    }

    /** A certificate that lets the holder of the key speak for the chassis; the authority's own behind it. */
    List<X509Certificate> chassis(String name, PublicKey holder, Duration lifetime) throws IOException {
        var now = clock.instant();
        var end = now.plus(lifetime).isBefore(end()) ? now.plus(lifetime) : end();
        var subject = new X500NameBuilder().addRDN(BCStyle.CN, name).build();
        var builder = builder(issuer(), subject, holder, now, end, random);
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        return List.of(signed(builder, key), certificate);
    }
}

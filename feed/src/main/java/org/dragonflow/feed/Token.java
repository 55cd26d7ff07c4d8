package org.dragonflow.feed;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * What lets a chassis join, once: the chassis' name, a secret, and the fingerprint by which it knows the server's authority.
 *
 * @param secret 256 bits, in URL-safe base 64; never written to a log or a store
 * @param fingerprint of the authority's certificate, SHA-256 in hexadecimal
 */
public record Token(String chassis, String secret, String fingerprint) {
    private static final String PREFIX = "df1";
    private static final int SECRET_BYTES = 32;

    public static Token create(String chassis, Authority authority) {
        var secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return new Token(
                chassis, Base64.getUrlEncoder().withoutPadding().encodeToString(secret), authority.fingerprint());
    }

    /** Reads what {@link #text} wrote. */
    public static Token parse(String text) {
        var parts = text.strip().split("~", -1);
        if (parts.length != 4 || !parts[0].equals(PREFIX) || !parts[3].matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("this is no join token; 'dfctl chassis add NAME' prints one");
        }
        return new Token(parts[1], parts[2], parts[3]);
    }

    /** One word that a shell leaves alone. */
    public String text() {
        return String.join("~", PREFIX, chassis, secret, fingerprint);
    }

    /** What the server keeps of the secret. */
    public String digest() {
        return digest(secret);
    }

    static String digest(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** Nothing of the secret. */
    @Override
    public String toString() {
        return "token for " + chassis;
    }
}

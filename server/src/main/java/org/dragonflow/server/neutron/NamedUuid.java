package org.dragonflow.server.neutron;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** UUIDs made of names, with SHA-1 (RFC 9562, section 5.5): the same name in the same space has the same UUID everywhere. */
final class NamedUuid {
    private static final long VERSION = 0x5000;
    private static final long VERSION_MASK = 0xf000;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long VARIANT_MASK = 0xc000_0000_0000_0000L;

    private NamedUuid() {}

    static UUID of(UUID space, String name) {
        var text = name.getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(2 * Long.BYTES + text.length)
                .putLong(space.getMostSignificantBits())
                .putLong(space.getLeastSignificantBits())
                .put(text);
        var digest = ByteBuffer.wrap(sha1(bytes.array()));
        return new UUID(digest.getLong() & ~VERSION_MASK | VERSION, digest.getLong() & ~VARIANT_MASK | VARIANT);
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}

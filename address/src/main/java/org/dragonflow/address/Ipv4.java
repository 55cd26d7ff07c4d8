package org.dragonflow.address;

import java.nio.ByteBuffer;

/**
 * An IPv4 address.
 *
 * @param bits the address, most significant octet first
 */
public record Ipv4(int bits) implements IpAddress {
    public static final Ipv4 ANY = new Ipv4(0);
    public static final Ipv4 BROADCAST = new Ipv4(-1);

    /** Reads four decimal octets without leading zeros, so that no one can take them for octal. */
    public static Ipv4 parse(String text) {
        var octets = text.split("\\.", -1);
        if (octets.length != 4) {
            throw malformed(text);
        }
        int bits = 0;
        for (var octet : octets) {
            if (!octet.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(octet) > 255) {
                throw malformed(text);
            }
            bits = bits << 8 | Integer.parseInt(octet);
        }
        return new Ipv4(bits);
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("'%s' is not an IPv4 address".formatted(text));
    }

    /** Reads exactly four bytes. */
    public static Ipv4 of(byte[] bytes) {
        if (bytes.length != 4) {
            throw new IllegalArgumentException("an IPv4 address has 4 bytes, not " + bytes.length);
        }
        return new Ipv4(ByteBuffer.wrap(bytes).getInt());
    }

    @Override
    public int version() {
        return 4;
    }

    @Override
    public int width() {
        return 32;
    }

    @Override
    public byte[] bytes() {
        return new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    }

    @Override
    public Ipv4 plus(long distance) {
        return new Ipv4((int) (bits + distance));
    }

    @Override
    public boolean isMulticast() {
        return bits >>> 28 == 0xe;
    }

    @Override
    public Ipv4 masked(int length) {
        return new Ipv4(bits & mask(length));
    }

    @Override
    public Ipv4 filled(int length) {
        return new Ipv4(bits | ~mask(length));
    }

    /** {@code length} ones, then zeros. */
    public static int mask(int length) {
        return length == 0 ? 0 : -1 << (32 - length);
    }

    @Override
    public long high() {
        return 0;
    }

    @Override
    public long low() {
        return bits & 0xffff_ffffL;
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }
}

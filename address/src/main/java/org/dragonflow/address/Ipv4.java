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
        int bits = 0;
        int at = 0;
        for (int octet = 0; octet < 4; octet++) {
            int end = octet < 3 ? text.indexOf('.', at) : text.length();
            bits = bits << 8 | octet(text, at, end);
            at = end + 1;
        }
        return new Ipv4(bits);
    }

    private static int octet(String text, int from, int to) {
        int length = to - from;
        if (length < 1 || length > 3 || length > 1 && text.charAt(from) == '0') {
            throw malformed(text);
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                throw malformed(text);
            }
            value = 10 * value + digit - '0';
        }
        if (value > 255) {
            throw malformed(text);
        }
        return value;
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

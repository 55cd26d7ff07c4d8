package org.dragonflow.address;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * An IPv6 address.
 *
 * @param high the most significant 64 bits
 * @param low the least significant 64 bits
 */
public record Ipv6(long high, long low) implements IpAddress {
    public static final Ipv6 ANY = new Ipv6(0, 0);
    public static final Ipv6 ALL_NODES = parse("ff02::1");
    public static final Ipv6 ALL_ROUTERS = parse("ff02::2");

    /** Reads the text forms of RFC 4291, section 2.2, the one with a dotted tail included. */
    public static Ipv6 parse(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            throw malformed(text);
        }
        var head = groups(gap >= 0 ? text.substring(0, gap) : text, gap < 0, text);
        var tail = gap >= 0 ? groups(text.substring(gap + 2), true, text) : List.<Integer>of();
        int missing = 8 - head.size() - tail.size();
        if (gap >= 0 ? missing < 1 : missing != 0) {
            throw malformed(text);
        }
        var all = new ArrayList<>(head);
        for (int i = 0; i < missing; i++) {
            all.add(0);
        }
        all.addAll(tail);
        return new Ipv6(quarter(all, 0), quarter(all, 4));
    }

    private static List<Integer> groups(String part, boolean isLast, String text) {
        var groups = new ArrayList<Integer>();
        if (part.isEmpty()) {
            return groups;
        }
        var words = part.split(":", -1);
        for (int i = 0; i < words.length; i++) {
            if (isLast && i == words.length - 1 && words[i].indexOf('.') > 0) {
                int bits = dotted(words[i], text);
                groups.add(bits >>> 16);
                groups.add(bits & 0xffff);
            } else if (words[i].matches("[0-9a-fA-F]{1,4}")) {
                groups.add(Integer.parseInt(words[i], 16));
            } else {
                throw malformed(text);
            }
        }
        return groups;
    }

    private static int dotted(String word, String text) {
        try {
            return Ipv4.parse(word).bits();
        } catch (IllegalArgumentException e) {
            throw malformed(text);
        }
    }

    private static long quarter(List<Integer> groups, int from) {
        long bits = 0;
        for (int i = from; i < from + 4; i++) {
            bits = bits << 16 | groups.get(i);
        }
        return bits;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("'%s' is not an IPv6 address".formatted(text));
    }

    /** Reads exactly sixteen bytes. */
    public static Ipv6 of(byte[] bytes) {
        if (bytes.length != 16) {
            throw new IllegalArgumentException("an IPv6 address has 16 bytes, not " + bytes.length);
        }
        var buffer = ByteBuffer.wrap(bytes);
        return new Ipv6(buffer.getLong(), buffer.getLong());
    }

    @Override
    public int version() {
        return 6;
    }

    @Override
    public int width() {
        return 128;
    }

    @Override
    public byte[] bytes() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    @Override
    public Ipv6 plus(long distance) {
        long sum = low + distance;
        long carry = distance >= 0 && Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        long borrow = distance < 0 && Long.compareUnsigned(sum, low) > 0 ? 1 : 0;
        return new Ipv6(high + carry - borrow, sum);
    }

    @Override
    public boolean isMulticast() {
        return high >>> 56 == 0xff;
    }

    /** Whether the address means something on its own link only (fe80::/10). */
    public boolean isLinkLocal() {
        return high >>> 54 == 0x3fa;
    }

    /** The group on which a host with this address listens for solicitations (RFC 4291, section 2.7.1). */
    public Ipv6 solicitedNode() {
        return new Ipv6(0xff02_0000_0000_0000L, 0x1_ff00_0000L | low & 0xff_ffff);
    }

    /** The Ethernet address of a multicast group (RFC 2464, section 7). */
    public Mac multicastMac() {
        return new Mac(0x3333_0000_0000L | low & 0xffff_ffffL);
    }

    @Override
    public Ipv6 masked(int length) {
        return new Ipv6(high & maskHigh(length), low & maskLow(length));
    }

    @Override
    public Ipv6 filled(int length) {
        return new Ipv6(high | ~maskHigh(length), low | ~maskLow(length));
    }

    /** The upper half of {@code length} ones, then zeros. */
    public static long maskHigh(int length) {
        return length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
    }

    /** The lower half of {@code length} ones, then zeros. */
    public static long maskLow(int length) {
        return length <= 64 ? 0 : length == 128 ? -1L : -1L << (128 - length);
    }

    /** The canonical text of RFC 5952. */
    @Override
    public String toString() {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (int) ((i < 4 ? high : low) >>> (48 - 16 * (i % 4))) & 0xffff;
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}

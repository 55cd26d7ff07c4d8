package org.dragonflow.address;

import java.util.Locale;

/**
 * A 48-bit link-layer address (IEEE 802). The text form is lower-case hexadecimal with colons.
 *
 * @param bits the address in the low 48 bits; the upper 16 are zero
 */
public record Mac(long bits) implements Comparable<Mac> {
    public static final Mac BROADCAST = new Mac(0xffff_ffff_ffffL);
    public static final Mac ZERO = new Mac(0);

    public Mac {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("a MAC address has 48 bits: 0x%x".formatted(bits));
        }
    }

    /** Reads {@code aa:bb:cc:dd:ee:ff}; hyphens may stand for colons, and case does not matter. */
    public static Mac parse(String text) {
        if (text.length() != 17) {
            throw malformed(text);
        }
        long bits = 0;
        for (int at = 0; at < 17; at += 3) {
            int high = Character.digit(text.charAt(at), 16);
            int low = Character.digit(text.charAt(at + 1), 16);
            if (high < 0 || low < 0 || at + 2 < 17 && text.charAt(at + 2) != ':' && text.charAt(at + 2) != '-') {
                throw malformed(text);
            }
            bits = bits << 8 | (long) high << 4 | low;
        }
        return new Mac(bits);
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("'%s' is not a MAC address".formatted(text));
    }

    /** Whether frames to this address are for more than one station; broadcast is. */
    public boolean isMulticast() {
        return (bits & 0x0100_0000_0000L) != 0;
    }

    /** The link-local IPv6 address that a host forms from this address (RFC 4291, appendix A). */
    public Ipv6 linkLocal() {
        return eui64(0xfe80_0000_0000_0000L);
    }

    /** The address that a host forms from this address under a /64 prefix (RFC 4862). */
    public Ipv6 eui64(long prefix) {
        long oui = (bits >>> 24 ^ 0x02_0000) & 0xff_ffff;
        return new Ipv6(prefix, oui << 40 | 0xff_fe00_0000L | bits & 0xff_ffff);
    }

    @Override
    public int compareTo(Mac other) {
        return Long.compare(bits, other.bits);
    }

    @Override
    public String toString() {
        var text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            int octet = (int) (bits >>> shift) & 0xff;
            text.append(Character.forDigit(octet >>> 4, 16)).append(Character.forDigit(octet & 15, 16));
            if (shift > 0) {
                text.append(':');
            }
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }
}

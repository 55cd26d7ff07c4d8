package org.dragonflow.address;

/** An IPv4 or IPv6 address. Addresses order by version first, then by value. */
public sealed interface IpAddress extends Comparable<IpAddress> permits Ipv4, Ipv6 {

    /** Reads either version: dotted decimal, or RFC 4291 text. Names and zones are not addresses. */
    static IpAddress parse(String text) {
        return text.indexOf(':') >= 0 ? Ipv6.parse(text) : Ipv4.parse(text);
    }

    /** Reads 4 or 16 bytes, most significant first. */
    static IpAddress of(byte[] bytes) {
        return switch (bytes.length) {
            case 4 -> Ipv4.of(bytes);
            case 16 -> Ipv6.of(bytes);
            default -> throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    /** 4 or 6. */
    int version();

    /** 32 or 128. */
    int width();

    /** The address in network byte order. */
    byte[] bytes();

    /** The address this many after it; wraps at the end of the address space. */
    IpAddress plus(long distance);

    boolean isMulticast();

    /** The first {@code length} bits kept, the rest zero. */
    IpAddress masked(int length);

    /** The first {@code length} bits kept, the rest one. */
    IpAddress filled(int length);

    /** The most significant 64 bits; 0 in IPv4. */
    long high();

    /** The least significant 64 bits; the whole address, unsigned, in IPv4. */
    long low();

    @Override
    default int compareTo(IpAddress other) {
        if (version() != other.version()) {
            return Integer.compare(version(), other.version());
        }
        int byHigh = Long.compareUnsigned(high(), other.high());
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low(), other.low());
    }
}

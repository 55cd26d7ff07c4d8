package org.dragonflow.address;

/**
 * A block of addresses: those that share the first {@code length} bits of {@code address}.
 *
 * @param address the first address of the block; no bit past the length is set
 * @param length how many leading bits are shared, 0 to 32 or 128
 */
public record IpPrefix(IpAddress address, int length) implements Comparable<IpPrefix> {
    public IpPrefix {
        if (length < 0 || length > address.width()) {
            throw new IllegalArgumentException(
                    "%s/%d: the length is not in 0..%d".formatted(address, length, address.width()));
        }
        if (!address.masked(length).equals(address)) {
            throw new IllegalArgumentException("%s/%d has bits set past its length; the block is %s/%d"
                    .formatted(address, length, address.masked(length), length));
        }
    }

    /** Reads {@code address/length}; refuses bits past the length. */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("'%s' is not a CIDR block".formatted(text));
        }
        return new IpPrefix(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** Reads {@code address/length}, where bits past the length are dropped, or an address alone, which is a block of one. */
    public static IpPrefix parseLoosely(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return host(IpAddress.parse(text));
        }
        if (!text.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("'%s' is not a CIDR block".formatted(text));
        }
        var address = IpAddress.parse(text.substring(0, slash));
        int length = Integer.parseInt(text.substring(slash + 1));
        return new IpPrefix(address.masked(Math.min(length, address.width())), length);
    }

    /** The block of this one address. */
    public static IpPrefix host(IpAddress address) {
        return new IpPrefix(address, address.width());
    }

    /** The block of this length that holds the address. */
    public static IpPrefix around(IpAddress address, int length) {
        return new IpPrefix(address.masked(length), length);
    }

    public int version() {
        return address.version();
    }

    public boolean contains(IpAddress candidate) {
        return candidate.version() == version() && candidate.masked(length).equals(address);
    }

    public boolean contains(IpPrefix other) {
        return other.length >= length && contains(other.address);
    }

    public boolean overlaps(IpPrefix other) {
        return contains(other) || other.contains(this);
    }

    public IpAddress first() {
        return address;
    }

    public IpAddress last() {
        return address.filled(length);
    }

    @Override
    public int compareTo(IpPrefix other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}

package org.dragonflow.trace;

import java.util.Optional;
import org.dragonflow.packet.Bytes;

/**
 * The packet that an ICMP error quotes. It may be cut off behind the ports.
 *
 * @param error the frame of the error
 * @param layout of the error
 * @param frame the quote in a frame of its own; the length that it announces is the length that is there
 */
record Quote(Bytes error, Layout layout, Bytes frame) {
    private static final int ETHERNET = 14;
    private static final int ICMP = 8;
    private static final int LEAST = 8;

    /** Whether the frame is an ICMP error, which speaks of another packet. */
    static boolean isIn(Bytes frame) {
        var octets = Octets.of(frame);
        var layout = Layout.of(octets);
        if (!layout.isIp() || !layout.reaches(ICMP)) {
            return false;
        }
        int type = octets.u8(layout.transport());
        return layout.etherType() == Layout.IPV4
                ? layout.protocol() == Layout.ICMP && (type == 3 || type == 4 || type == 5 || type == 11 || type == 12)
                : layout.protocol() == Layout.ICMPV6 && type >= 1 && type <= 4;
    }

    /** What an ICMP error quotes; empty if it is too short to tell. */
    static Optional<Quote> of(Bytes error) {
        var layout = Layout.of(Octets.of(error));
        int from = layout.transport() + ICMP;
        boolean is4 = layout.etherType() == Layout.IPV4;
        int header = is4 ? 20 : 40;
        if (layout.end() - from < header + LEAST) {
            return Optional.empty();
        }
        var quote = error.slice(from, layout.end()).toArray();
        int length = is4 ? quote.length : quote.length - header;
        quote[is4 ? 2 : 4] = (byte) (length >>> 8);
        quote[is4 ? 3 : 5] = (byte) length;
        var whole = error.slice(0, ETHERNET - 2)
                .plus(Bytes.of((byte) (is4 ? 0x08 : 0x86), (byte) (is4 ? 0 : 0xdd)))
                .plus(Bytes.of(quote));
        return Optional.of(new Quote(error, layout, whole));
    }

    /** The conversation that the quoted packet belongs to; none is found for a fragment. */
    Optional<Tuple> tuple() {
        return Tuple.of(frame).filter(_ -> !Layout.of(Octets.of(frame)).isFragment());
    }

    /** The error, with the quoted packet as changed. */
    Bytes changed(Bytes quote) {
        int at = layout.transport() + ICMP;
        var octets = Octets.of(error);
        var bytes = Octets.of(quote);
        for (int i = ETHERNET; i < bytes.length(); i++) {
            octets.put8(at + i - ETHERNET, bytes.u8(i));
        }
        int length = at + (layout.etherType() == Layout.IPV4 ? 2 : 4);
        octets.put16(length, Octets.of(error).u16(length));
        octets.put16(layout.transport() + 2, 0);
        octets.put16(layout.transport() + 2, checksum(octets));
        return octets.toBytes();
    }

    /** Of the error's message, in IPv6 with the addresses before it (RFC 8200, section 8.1). */
    private long checksum(Octets octets) {
        int at = layout.transport();
        long sum = words(octets, at, layout.end());
        if (layout.etherType() == Layout.IPV6) {
            int addresses = layout.network() + 8;
            sum += words(octets, addresses, addresses + 32) + (layout.end() - at) + Layout.ICMPV6;
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }

    private static long words(Octets octets, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i += 2) {
            sum += i + 1 < to ? octets.u16(i) : (long) octets.u8(i) << 8;
        }
        return sum;
    }
}

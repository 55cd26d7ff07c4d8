package org.dragonflow.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Header;
import org.dragonflow.packet.Bytes;

/**
 * Puts changed headers into a frame, as Open vSwitch's userspace datapath does ({@code commit_odp_actions} in its lib/odp-util.c and
 * lib/packets.c). Checksums are corrected by what changed, so that a wrong one stays wrong.
 */
final class Rewriting {
    private static final int ND_BODY = 24;

    private final Headers before;
    private final Headers now;
    private final Octets frame;
    private final Layout layout;

    private Rewriting(Packet packet, Headers now) {
        this.before = packet.headers();
        this.now = now;
        this.frame = Octets.of(packet.frame());
        this.layout = Layout.of(frame);
    }

    /** The frame of the packet with its headers as they are now. */
    static Bytes of(Packet packet, Headers now) {
        return packet.frame().length() < 14 ? packet.frame() : new Rewriting(packet, now).all();
    }

    private Bytes all() {
        put(Header.ETH_DST, 0, 6);
        put(Header.ETH_SRC, 6, 6);
        if (layout.network() != Layout.NONE) {
            network(layout.network());
        }
        return tags(frame.toBytes());
    }

    // Open vSwitch takes an IP protocol or an ARP operation of 0 for a missing header, and leaves it alone.
    private void network(int at) {
        switch (layout.etherType()) {
            case Layout.IPV4 -> {
                if (layout.protocol() != 0) {
                    ipv4(at);
                    transport();
                }
            }
            case Layout.IPV6 -> {
                if (layout.protocol() != 0 && layout.transport() != Layout.NONE) {
                    ipv6(at);
                    transport();
                }
            }
            default -> {
                if (now.number(Header.ARP_OP) != 0) {
                    arp(at);
                }
            }
        }
    }

    private void arp(int at) {
        put(Header.ARP_OP, at + 6, 2);
        put(Header.ARP_SHA, at + 8, 6);
        put(Header.ARP_SPA, at + 14, 4);
        put(Header.ARP_THA, at + 18, 6);
        put(Header.ARP_TPA, at + 24, 4);
    }

    private void ipv4(int at) {
        int own = at + 10;
        int pseudo = layout.protocol() == Layout.TCP || layout.protocol() == Layout.UDP ? checksum() : Layout.NONE;
        put(Header.IPV4_SRC, at + 12, 4, own, pseudo);
        put(Header.IPV4_DST, at + 16, 4, own, pseudo);
        if (changed(Header.IP_DSCP) || changed(Header.IP_ECN)) {
            write(at + 1, 1, Bits.of(trafficClass()), own);
        }
        put(Header.IP_TTL, at + 8, 1, own);
    }

    private long trafficClass() {
        return now.number(Header.IP_DSCP) << 2 | now.number(Header.IP_ECN);
    }

    private void ipv6(int at) {
        put(Header.IPV6_SRC, at + 8, 16, checksum());
        // With a routing header, the checksum is over the last destination, not over this one.
        put(Header.IPV6_DST, at + 24, 16, layout.routed() ? Layout.NONE : checksum());
        if (changed(Header.IP_DSCP) || changed(Header.IP_ECN)) {
            frame.put16(at, frame.u16(at) & 0xf00f | trafficClass() << 4);
        }
        if (changed(Header.IPV6_FLABEL)) {
            long label = now.number(Header.IPV6_FLABEL);
            frame.put16(at, frame.u16(at) & 0xfff0 | label >>> 16);
            frame.put16(at + 2, label);
        }
        put(Header.IP_TTL, at + 7, 1);
        if (layout.protocol() == Layout.ICMPV6 && layout.reaches(ND_BODY)) {
            neighbour(layout.transport());
        }
    }

    // The type of the option first, so that the address goes into the option it has become.
    private void neighbour(int at) {
        put(Header.ND_RESERVED, at + 4, 4, checksum());
        if (layout.end() > at + ND_BODY) {
            put(Header.ND_OPTIONS_TYPE, at + ND_BODY, 1, checksum());
        }
        put(Header.ND_TARGET, at + 8, 16, checksum());
        int option = at + ND_BODY;
        while (layout.end() - option >= 8 && frame.u8(option + 1) != 0) {
            int type = frame.u8(option);
            if ((type == 1 || type == 2) && frame.u8(option + 1) == 1) {
                put(type == 1 ? Header.ND_SLL : Header.ND_TLL, option + 2, 6, checksum());
                return;
            }
            option += frame.u8(option + 1) * 8;
        }
    }

    private void transport() {
        int at = layout.transport();
        switch (layout.protocol()) {
            case Layout.TCP -> ports(Header.TCP_SRC, Header.TCP_DST);
            case Layout.UDP -> ports(Header.UDP_SRC, Header.UDP_DST);
            case Layout.SCTP -> sctp();
            case Layout.ICMP -> icmp(at, Header.ICMPV4_TYPE, Header.ICMPV4_CODE);
            case Layout.ICMPV6 -> icmp(at, Header.ICMPV6_TYPE, Header.ICMPV6_CODE);
            default -> {}
        }
    }

    private void ports(Header source, Header destination) {
        if (checksum() != Layout.NONE) {
            put(source, layout.transport(), 2, checksum());
            put(destination, layout.transport() + 2, 2, checksum());
        }
    }

    private void icmp(int at, Header type, Header code) {
        if (layout.reaches(8)) {
            put(type, at, 1, at + 2);
            put(code, at + 1, 1, at + 2);
        }
    }

    // SCTP has a CRC (RFC 9260, section 6.8), which takes the whole packet; a wrong one stays wrong by the same bits.
    private void sctp() {
        boolean isChanged = changed(Header.SCTP_SRC) || changed(Header.SCTP_DST);
        if (!isChanged || !layout.reaches(12)) {
            return;
        }
        int at = layout.transport();
        long error = frame.u32(at + 8) ^ crc();
        put(Header.SCTP_SRC, at, 2);
        put(Header.SCTP_DST, at + 2, 2);
        write(at + 8, 4, Bits.of(error ^ crc()));
    }

    private long crc() {
        int at = layout.transport();
        var bytes = frame.toBytes().slice(at, layout.end()).toArray();
        java.util.Arrays.fill(bytes, 8, 12, (byte) 0);
        var crc = new CRC32C();
        crc.update(bytes);
        return Integer.reverseBytes((int) crc.getValue()) & 0xffff_ffffL;
    }

    /** Where the transport checksum stands; {@link Layout#NONE} if the packet has none that can be reached. */
    private int checksum() {
        int at = layout.transport();
        return switch (layout.protocol()) {
            case Layout.TCP -> layout.reaches(20) ? at + 16 : Layout.NONE;
            case Layout.UDP -> layout.reaches(8) ? at + 6 : Layout.NONE;
            case Layout.ICMPV6 -> layout.reaches(4) ? at + 2 : Layout.NONE;
            default -> Layout.NONE;
        };
    }

    private boolean changed(Header header) {
        return !before.get(header).equals(now.get(header));
    }

    private void put(Header header, int at, int length, int... checksums) {
        if (changed(header)) {
            write(at, length, now.get(header), checksums);
        }
    }

    private void write(int at, int length, Bits value, int... checksums) {
        // Layers begin at even places, so that the words of the frame are those of the checksum.
        long difference = -words(at, length);
        for (int i = 0; i < length; i++) {
            frame.put8(at + i, value.shiftRight(8 * (length - 1 - i)).low());
        }
        difference += words(at, length);
        for (int checksum : checksums) {
            if (checksum != Layout.NONE) {
                correct(checksum, difference);
            }
        }
    }

    private long words(int at, int length) {
        long sum = 0;
        for (int i = at & ~1; i < at + length; i += 2) {
            sum += frame.u16(i);
        }
        return sum;
    }

    // RFC 1624. In UDP, zero says that there is no checksum (RFC 768).
    private void correct(int at, long difference) {
        boolean isUdp = layout.protocol() == Layout.UDP && at == checksum();
        if (isUdp && frame.u16(at) == 0) {
            return;
        }
        long sum = (~frame.u16(at) & 0xffff) + Math.floorMod(difference, 0xffffL);
        sum = (sum & 0xffff) + (sum >>> 16);
        long checksum = ~sum & 0xffff;
        frame.put16(at, isUdp && checksum == 0 ? 0xffff : checksum);
    }

    private Bytes tags(Bytes bytes) {
        var had = known(before);
        var has = known(now);
        if (had.equals(has)) {
            return bytes;
        }
        boolean isKept = !had.isEmpty() && !has.isEmpty() && had.getFirst().equals(has.getFirst());
        var result = layout.tagged() && !isKept ? bytes.slice(0, 12).plus(bytes.slice(16, bytes.length())) : bytes;
        for (long tag : isKept ? has.subList(1, has.size()) : has) {
            var wire = Bytes.of((byte) (tag >>> 24), (byte) (tag >>> 16), (byte) (tag >>> 8 & 0xef), (byte) tag);
            result = result.slice(0, 12).plus(wire).plus(result.slice(12, result.length()));
        }
        return result;
    }

    // Innermost first.
    private static List<Long> known(Headers headers) {
        var tags = new ArrayList<Long>();
        if (headers.innerTag() != 0) {
            tags.add(headers.innerTag());
        }
        if (headers.isTagged()) {
            tags.add(headers.outerTag());
        }
        return tags;
    }
}

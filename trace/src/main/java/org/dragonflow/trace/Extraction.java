package org.dragonflow.trace;

import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Header;
import org.dragonflow.packet.Bytes;

/** Reads the headers of a frame as Open vSwitch does ({@code miniflow_extract} in its lib/flow.c). Any bytes will do. */
final class Extraction {
    private static final int ND_BODY = 24;

    private final Octets frame;
    private final Layout layout;
    private Headers headers = Headers.NONE;

    private Extraction(Bytes frame) {
        this.frame = Octets.of(frame);
        this.layout = Layout.of(this.frame);
    }

    static Headers of(Bytes frame) {
        var extraction = new Extraction(frame);
        if (frame.length() >= 14) {
            extraction.ethernet();
        }
        return extraction.headers;
    }

    private void put(Header header, long value) {
        headers = headers.with(header, value);
    }

    private void put(Header header, Bits value) {
        headers = headers.with(header, value);
    }

    private void ethernet() {
        put(Header.ETH_DST, frame.u48(0));
        put(Header.ETH_SRC, frame.u48(6));
        put(Header.ETH_TYPE, layout.etherType());
        if (layout.tagged()) {
            headers = headers.withTags(frame.u32(12) | 0x1000, 0);
        }
        if (layout.network() == Layout.NONE) {
            return;
        }
        switch (layout.etherType()) {
            case Layout.IPV4 -> ipv4(layout.network());
            case Layout.IPV6 -> ipv6(layout.network());
            default -> arp(layout.network());
        }
    }

    private void arp(int at) {
        int operation = frame.u16(at + 6);
        // Larger operations are not told apart.
        put(Header.ARP_OP, operation <= 0xff ? operation : 0);
        put(Header.ARP_SHA, frame.u48(at + 8));
        put(Header.ARP_SPA, frame.u32(at + 14));
        put(Header.ARP_THA, frame.u48(at + 18));
        put(Header.ARP_TPA, frame.u32(at + 24));
    }

    private void ipv4(int at) {
        put(Header.IPV4_SRC, frame.u32(at + 12));
        put(Header.IPV4_DST, frame.u32(at + 16));
        ip(frame.u8(at + 1), frame.u8(at + 8));
    }

    private void ipv6(int at) {
        put(Header.IPV6_SRC, frame.u128(at + 8));
        put(Header.IPV6_DST, frame.u128(at + 24));
        if (layout.transport() != Layout.NONE) {
            put(Header.IPV6_FLABEL, frame.u32(at) & 0xf_ffff);
            ip(frame.u16(at) >>> 4 & 0xff, frame.u8(at + 7));
        }
    }

    private void ip(int trafficClass, int hops) {
        put(Header.IP_DSCP, trafficClass >>> 2);
        put(Header.IP_ECN, trafficClass & 3);
        put(Header.IP_TTL, hops);
        put(Header.IP_PROTO, layout.protocol());
        put(Header.IP_FRAG, layout.fragment());
        transport(layout.transport());
    }

    private void transport(int at) {
        switch (layout.protocol()) {
            case Layout.TCP -> tcp(at);
            case Layout.UDP -> pair(8, Header.UDP_SRC, Header.UDP_DST);
            case Layout.SCTP -> pair(12, Header.SCTP_SRC, Header.SCTP_DST);
            case Layout.ICMP -> icmp(at);
            case Layout.ICMPV6 -> icmpv6(at);
            default -> {}
        }
    }

    private void pair(int length, Header source, Header destination) {
        if (layout.reaches(length)) {
            put(source, frame.u16(layout.transport()));
            put(destination, frame.u16(layout.transport() + 2));
        }
    }

    private void tcp(int at) {
        if (!layout.reaches(20)) {
            return;
        }
        int length = (frame.u8(at + 12) >>> 4) * 4;
        if (length >= 20 && layout.reaches(length)) {
            pair(20, Header.TCP_SRC, Header.TCP_DST);
            put(Header.TCP_FLAGS, frame.u16(at + 12) & 0xfff);
        }
    }

    // Open vSwitch reads protocol 1 under IPv6 too, and 58 under IPv4; no flow can match that, so it is left out.
    private void icmp(int at) {
        if (layout.etherType() == Layout.IPV4 && layout.reaches(8)) {
            put(Header.ICMPV4_TYPE, frame.u8(at));
            put(Header.ICMPV4_CODE, frame.u8(at + 1));
        }
    }

    private void icmpv6(int at) {
        if (layout.etherType() != Layout.IPV6 || !layout.reaches(8)) {
            return;
        }
        put(Header.ICMPV6_TYPE, frame.u8(at));
        put(Header.ICMPV6_CODE, frame.u8(at + 1));
        boolean isNeighbour = frame.u8(at) == 135 || frame.u8(at) == 136;
        if (!isNeighbour || frame.u8(at + 1) != 0) {
            return;
        }
        put(Header.ND_RESERVED, frame.u32(at + 4));
        if (layout.reaches(ND_BODY)) {
            var without = headers;
            put(Header.ND_TARGET, frame.u128(at + 8));
            if (!options(at + ND_BODY)) {
                headers = without.with(Header.ND_OPTIONS_TYPE, headers.number(Header.ND_OPTIONS_TYPE));
            }
        }
    }

    /** Reads the link-layer addresses; says whether each is given once at most. */
    private boolean options(int from) {
        int at = from;
        while (layout.end() - at >= 8) {
            int length = frame.u8(at + 1) * 8;
            if (length == 0 || length > layout.end() - at) {
                return true;
            }
            int type = frame.u8(at);
            if ((type == 1 || type == 2) && length == 8) {
                var header = type == 1 ? Header.ND_SLL : Header.ND_TLL;
                if (headers.number(header) != 0) {
                    return false;
                }
                put(header, frame.u48(at + 2));
                if (headers.number(Header.ND_OPTIONS_TYPE) == 0) {
                    put(Header.ND_OPTIONS_TYPE, type);
                }
            }
            at += length;
        }
        return true;
    }
}

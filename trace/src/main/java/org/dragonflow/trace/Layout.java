package org.dragonflow.trace;

import org.dragonflow.packet.Bytes;

/**
 * Where the layers of a frame begin, as far as Open vSwitch reads them ({@code miniflow_extract} in its lib/flow.c).
 *
 * @param etherType of what follows the tag; {@link #NO_TYPE} in a frame that has none
 * @param tagged whether a VLAN tag stands before it; of several, the switch reads the outermost (vlan-limit=1)
 * @param network where the network layer begins; {@link #NONE} if it is not sane
 * @param transport where the transport layer begins; {@link #NONE} if it cannot be reached
 * @param end where the IP packet ends and padding may begin
 * @param protocol of the transport layer; of a later fragment of IPv6, that of the fragment header
 * @param fragment bit 0: a fragment; bit 1: not the first one
 * @param identification which packet it is a fragment of; 0 if it is none
 */
record Layout(
        int etherType,
        boolean tagged,
        int network,
        int transport,
        int end,
        int protocol,
        int fragment,
        long identification,
        boolean routed) {
    static final int NONE = -1;
    static final int NO_TYPE = 0x05ff;
    static final int IPV4 = 0x0800;
    static final int ARP = 0x0806;
    static final int RARP = 0x8035;
    static final int IPV6 = 0x86dd;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMP = 1;
    static final int ICMPV6 = 58;
    static final int SCTP = 132;
    static final int ICMP_ECHO = 8;
    static final int ICMPV6_ECHO = 128;

    private static final int ADDRESSES = 12;
    private static final int ARP_LENGTH = 28;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int FRAGMENT_HEADER = 44;

    static Layout of(Octets frame) {
        if (frame.length() < ADDRESSES + 2) {
            return unread(NO_TYPE, false);
        }
        boolean tagged = isTag(frame.u16(ADDRESSES)) && frame.length() >= ADDRESSES + 6;
        int at = tagged ? ADDRESSES + 4 : ADDRESSES;
        int etherType = frame.u16(at);
        at += 2;
        if (etherType < 0x600) {
            etherType = snapType(frame, at);
            at += 8;
        }
        return switch (etherType) {
            case IPV4 -> ipv4(frame, at, tagged);
            case IPV6 -> ipv6(frame, at, tagged);
            case ARP, RARP -> arp(frame, at, tagged, etherType);
            default -> unread(etherType, tagged);
        };
    }

    /** How long the frame is without padding. */
    static int length(Bytes frame) {
        var layout = of(Octets.of(frame));
        return layout.end() == NONE ? frame.length() : layout.end();
    }

    static boolean isTag(int etherType) {
        return etherType == 0x8100 || etherType == 0x88a8;
    }

    private static Layout unread(int etherType, boolean tagged) {
        return new Layout(etherType, tagged, NONE, NONE, NONE, 0, 0, 0, false);
    }

    // IEEE 802.2 with SNAP (RFC 1042) is the other way to say an ethertype.
    private static int snapType(Octets frame, int at) {
        boolean isSnap = frame.length() >= at + 8 && frame.u32(at) == 0xaaaa_0300L && frame.u16(at + 4) == 0;
        int type = isSnap ? frame.u16(at + 6) : NO_TYPE;
        return type < 0x600 ? NO_TYPE : type;
    }

    private static Layout arp(Octets frame, int at, boolean tagged, int etherType) {
        boolean isIpv4OnEthernet = frame.length() >= at + ARP_LENGTH
                && frame.u16(at) == 1
                && frame.u16(at + 2) == IPV4
                && frame.u16(at + 4) == 0x0604;
        return isIpv4OnEthernet
                ? new Layout(etherType, tagged, at, NONE, at + ARP_LENGTH, 0, 0, 0, false)
                : unread(etherType, tagged);
    }

    private static Layout ipv4(Octets frame, int at, boolean tagged) {
        int size = frame.length() - at;
        if (size < IPV4_HEADER) {
            return unread(IPV4, tagged);
        }
        int header = (frame.u8(at) & 0xf) * 4;
        int total = frame.u16(at + 2);
        if (header < IPV4_HEADER || header > total || total > size) {
            return unread(IPV4, tagged);
        }
        int flags = frame.u16(at + 6);
        int fragment = (flags & 0x1fff) != 0 ? 3 : (flags & 0x2000) != 0 ? 1 : 0;
        int identification = fragment == 0 ? 0 : frame.u16(at + 4);
        return new Layout(IPV4, tagged, at, at + header, at + total, frame.u8(at + 9), fragment, identification, false);
    }

    private static Layout ipv6(Octets frame, int start, boolean tagged) {
        int size = frame.length() - start - IPV6_HEADER;
        if (size < 0 || frame.u16(start + 4) > size) {
            return unread(IPV6, tagged);
        }
        int at = start + IPV6_HEADER;
        int end = at + frame.u16(start + 4);
        int protocol = frame.u8(start + 6);
        int fragment = 0;
        long identification = 0;
        boolean routed = false;
        while (isExtension(protocol)) {
            int length = end - at < 8 ? Integer.MAX_VALUE : extensionLength(frame, at, protocol);
            if (length > end - at) {
                return new Layout(IPV6, tagged, start, NONE, end, 0, 0, 0, routed);
            }
            // A later fragment shows no header of its own.
            if (protocol == FRAGMENT_HEADER && frame.u16(at + 2) != 0) {
                boolean isLater = (frame.u16(at + 2) & 0xfff8) != 0;
                fragment = isLater ? 3 : 1;
                identification = frame.u32(at + 4);
                if (isLater) {
                    return new Layout(
                            IPV6, tagged, start, at + length, end, FRAGMENT_HEADER, fragment, identification, routed);
                }
            }
            routed |= protocol == 43 && frame.u8(at + 3) > 0;
            protocol = frame.u8(at);
            at += length;
        }
        return new Layout(IPV6, tagged, start, at, end, protocol, fragment, identification, routed);
    }

    private static boolean isExtension(int protocol) {
        return switch (protocol) {
            case 0, 43, FRAGMENT_HEADER, 51, 60 -> true;
            default -> false;
        };
    }

    private static int extensionLength(Octets frame, int at, int protocol) {
        return switch (protocol) {
            case FRAGMENT_HEADER -> 8;
            case 51 -> (frame.u8(at + 1) + 2) * 4;
            default -> (frame.u8(at + 1) + 1) * 8;
        };
    }

    boolean isFragment() {
        return fragment != 0;
    }

    boolean isLaterFragment() {
        return (fragment & 2) != 0;
    }

    boolean isIp() {
        return etherType == IPV4 || etherType == IPV6;
    }

    /** Whether the transport header is there, with at least this many bytes. */
    boolean reaches(int length) {
        return transport != NONE && !isLaterFragment() && end - transport >= length;
    }
}

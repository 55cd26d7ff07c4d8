package org.dragonflow.flow;

/**
 * A header, or a slice of one, under the name that this project gives it.
 *
 * @param name as it stands in tables, traces and the reference pages
 * @param header where it lives in the switch
 * @param offset its least significant bit within the header
 * @param width in bits, 1 to 128
 */
public record Field(String name, Header header, int offset, int width) {
    public static final Field IN_PORT = of(Header.IN_PORT);
    public static final Field TUN_ID = of(Header.TUN_ID);
    public static final Field TUN_SRC = of(Header.TUN_SRC);
    public static final Field TUN_DST = of(Header.TUN_DST);
    public static final Field TUN_IPV6_SRC = of(Header.TUN_IPV6_SRC);
    public static final Field TUN_IPV6_DST = of(Header.TUN_IPV6_DST);
    public static final Field CONJ_ID = of(Header.CONJ_ID);
    public static final Field CT_STATE = of(Header.CT_STATE);
    public static final Field CT_MARK = of(Header.CT_MARK);
    public static final Field CT_NW_PROTO = of(Header.CT_NW_PROTO);
    public static final Field CT_TP_SRC = of(Header.CT_TP_SRC);
    public static final Field CT_TP_DST = of(Header.CT_TP_DST);
    public static final Field ETH_DST = of(Header.ETH_DST);
    public static final Field ETH_SRC = of(Header.ETH_SRC);
    public static final Field ETH_TYPE = of(Header.ETH_TYPE);
    public static final Field VLAN_VID = of(Header.VLAN_VID);
    public static final Field IP_PROTO = of(Header.IP_PROTO);
    public static final Field IP_DSCP = of(Header.IP_DSCP);
    public static final Field IP_TTL = of(Header.IP_TTL);
    public static final Field IP_FRAG = of(Header.IP_FRAG);
    public static final Field IPV4_SRC = of(Header.IPV4_SRC);
    public static final Field IPV4_DST = of(Header.IPV4_DST);
    public static final Field IPV6_SRC = of(Header.IPV6_SRC);
    public static final Field IPV6_DST = of(Header.IPV6_DST);
    public static final Field TCP_SRC = of(Header.TCP_SRC);
    public static final Field TCP_DST = of(Header.TCP_DST);
    public static final Field UDP_SRC = of(Header.UDP_SRC);
    public static final Field UDP_DST = of(Header.UDP_DST);
    public static final Field SCTP_SRC = of(Header.SCTP_SRC);
    public static final Field SCTP_DST = of(Header.SCTP_DST);
    public static final Field ICMPV4_TYPE = of(Header.ICMPV4_TYPE);
    public static final Field ICMPV4_CODE = of(Header.ICMPV4_CODE);
    public static final Field ICMPV6_TYPE = of(Header.ICMPV6_TYPE);
    public static final Field ICMPV6_CODE = of(Header.ICMPV6_CODE);
    public static final Field ARP_OP = of(Header.ARP_OP);
    public static final Field ARP_SPA = of(Header.ARP_SPA);
    public static final Field ARP_TPA = of(Header.ARP_TPA);
    public static final Field ARP_SHA = of(Header.ARP_SHA);
    public static final Field ARP_THA = of(Header.ARP_THA);
    public static final Field ND_TARGET = of(Header.ND_TARGET);
    public static final Field ND_SLL = of(Header.ND_SLL);
    public static final Field ND_TLL = of(Header.ND_TLL);
    public static final Field ND_RESERVED = of(Header.ND_RESERVED);
    public static final Field ND_OPTIONS_TYPE = of(Header.ND_OPTIONS_TYPE);

    public Field {
        if (offset < 0 || width < 1 || offset + width > header.width()) {
            throw new IllegalArgumentException("%s: %s[%d..%d] leaves the %d bits of %s"
                    .formatted(name, header, offset, offset + width - 1, header.width(), header));
        }
    }

    /** The whole header under its own name. */
    public static Field of(Header header) {
        return new Field(header.text(), header, 0, header.width());
    }

    /** Names {@code width} bits of register {@code number} from bit {@code offset}. */
    public static Field reg(String name, int number, int offset, int width) {
        return new Field(name, Header.register(number), offset, width);
    }

    /** Names the whole of a header, or part of it, in this project's words. */
    public static Field named(String name, Header header, int offset, int width) {
        return new Field(name, header, offset, width);
    }

    public boolean isWhole() {
        return offset == 0 && width == header.width();
    }

    /** Whether a switch cannot tell the two apart: they differ in nothing but their names. */
    public boolean isSameBitsAs(Field other) {
        return header == other.header && offset == other.offset && width == other.width;
    }

    int bitsHash() {
        return (header.hashCode() * 31 + offset) * 31 + width;
    }

    /** The bits of the header that this field takes. */
    public Bits mask() {
        return Bits.ones(width).shiftLeft(offset);
    }

    /** The value where it lies in the header; refuses one that is too wide. */
    public Bits place(Bits value) {
        if (value.length() > width) {
            throw new IllegalArgumentException("%s has %d bits and cannot hold %s".formatted(name, width, value));
        }
        return value.shiftLeft(offset);
    }

    /** The value of this field in a header of the given contents. */
    public Bits extract(Bits headerValue) {
        return headerValue.shiftRight(offset).and(Bits.ones(width));
    }

    /** How {@code ovs-ofctl} writes it as the source or target of a move. */
    public String range() {
        return width == 1
                ? "%s[%d]".formatted(header, offset)
                : "%s[%d..%d]".formatted(header, offset, offset + width - 1);
    }

    @Override
    public String toString() {
        return name;
    }
}

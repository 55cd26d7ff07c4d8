package org.dragonflow.flow;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Everything that OpenFlow 1.5 and the Nicira extensions let a flow match or set, by its wire identity (OXM class and number).
 *
 * <p>A header is what the switch knows; a {@link Field} is what this project calls it, or a part of it. The names are those that
 * {@code ovs-ofctl} prints.
 */
public enum Header {
    IN_PORT("in_port", Oxm.BASIC, 0, 32),
    METADATA("metadata", Oxm.BASIC, 2, 64),
    REG0("reg0", Oxm.NICIRA, 0, 32),
    REG1("reg1", Oxm.NICIRA, 1, 32),
    REG2("reg2", Oxm.NICIRA, 2, 32),
    REG3("reg3", Oxm.NICIRA, 3, 32),
    REG4("reg4", Oxm.NICIRA, 4, 32),
    REG5("reg5", Oxm.NICIRA, 5, 32),
    REG6("reg6", Oxm.NICIRA, 6, 32),
    REG7("reg7", Oxm.NICIRA, 7, 32),
    REG8("reg8", Oxm.NICIRA, 8, 32),
    REG9("reg9", Oxm.NICIRA, 9, 32),
    REG10("reg10", Oxm.NICIRA, 10, 32),
    REG11("reg11", Oxm.NICIRA, 11, 32),
    REG12("reg12", Oxm.NICIRA, 12, 32),
    REG13("reg13", Oxm.NICIRA, 13, 32),
    REG14("reg14", Oxm.NICIRA, 14, 32),
    REG15("reg15", Oxm.NICIRA, 15, 32),
    TUN_ID("tun_id", Oxm.BASIC, 38, 64),
    TUN_SRC("tun_src", Oxm.NICIRA, 31, 32),
    TUN_DST("tun_dst", Oxm.NICIRA, 32, 32),
    TUN_IPV6_SRC("tun_ipv6_src", Oxm.NICIRA, 109, 128),
    TUN_IPV6_DST("tun_ipv6_dst", Oxm.NICIRA, 110, 128),
    /** The switch lets its length be configured (NXT_TLV_TABLE_MOD); this project maps one option of 8 bytes to it. */
    TUN_METADATA0("tun_metadata0", Oxm.NICIRA, 40, 64),
    PKT_MARK("pkt_mark", Oxm.NICIRA, 33, 32),
    CONJ_ID("conj_id", Oxm.NICIRA, 37, 32),
    CT_STATE("ct_state", Oxm.NICIRA, 105, 32),
    CT_ZONE("ct_zone", Oxm.NICIRA, 106, 16),
    CT_MARK("ct_mark", Oxm.NICIRA, 107, 32),
    CT_LABEL("ct_label", Oxm.NICIRA, 108, 128),
    /** Protocol and ports of the packet that began the connection; of a ping, its type and code. Of pieces, only the first shows the ports. */
    CT_NW_PROTO("ct_nw_proto", Oxm.NICIRA, 119, 8),
    CT_TP_SRC("ct_tp_src", Oxm.NICIRA, 124, 16),
    CT_TP_DST("ct_tp_dst", Oxm.NICIRA, 125, 16),
    ETH_DST("eth_dst", Oxm.BASIC, 3, 48),
    ETH_SRC("eth_src", Oxm.BASIC, 4, 48),
    ETH_TYPE("eth_type", Oxm.BASIC, 5, 16),
    /** Bit 12 tells that a tag is present (OFPVID_PRESENT); value 0 without mask is an untagged frame. */
    VLAN_VID("vlan_vid", Oxm.BASIC, 6, 13),
    VLAN_PCP("vlan_pcp", Oxm.BASIC, 7, 3),
    IP_DSCP("ip_dscp", Oxm.BASIC, 8, 6),
    IP_ECN("nw_ecn", Oxm.BASIC, 9, 2),
    IP_PROTO("nw_proto", Oxm.BASIC, 10, 8),
    IP_TTL("nw_ttl", Oxm.NICIRA, 29, 8),
    /** Bit 0: a fragment; bit 1: not the first one. */
    IP_FRAG("ip_frag", Oxm.NICIRA, 26, 2),
    IPV4_SRC("nw_src", Oxm.BASIC, 11, 32),
    IPV4_DST("nw_dst", Oxm.BASIC, 12, 32),
    IPV6_SRC("ipv6_src", Oxm.BASIC, 26, 128),
    IPV6_DST("ipv6_dst", Oxm.BASIC, 27, 128),
    IPV6_FLABEL("ipv6_label", Oxm.BASIC, 28, 20),
    TCP_SRC("tcp_src", Oxm.BASIC, 13, 16),
    TCP_DST("tcp_dst", Oxm.BASIC, 14, 16),
    TCP_FLAGS("tcp_flags", Oxm.BASIC, 42, 12),
    UDP_SRC("udp_src", Oxm.BASIC, 15, 16),
    UDP_DST("udp_dst", Oxm.BASIC, 16, 16),
    SCTP_SRC("sctp_src", Oxm.BASIC, 17, 16),
    SCTP_DST("sctp_dst", Oxm.BASIC, 18, 16),
    ICMPV4_TYPE("icmp_type", Oxm.BASIC, 19, 8),
    ICMPV4_CODE("icmp_code", Oxm.BASIC, 20, 8),
    ICMPV6_TYPE("icmpv6_type", Oxm.BASIC, 29, 8),
    ICMPV6_CODE("icmpv6_code", Oxm.BASIC, 30, 8),
    ARP_OP("arp_op", Oxm.BASIC, 21, 16),
    ARP_SPA("arp_spa", Oxm.BASIC, 22, 32),
    ARP_TPA("arp_tpa", Oxm.BASIC, 23, 32),
    ARP_SHA("arp_sha", Oxm.BASIC, 24, 48),
    ARP_THA("arp_tha", Oxm.BASIC, 25, 48),
    ND_TARGET("nd_target", Oxm.BASIC, 31, 128),
    ND_SLL("nd_sll", Oxm.BASIC, 32, 48),
    ND_TLL("nd_tll", Oxm.BASIC, 33, 48),
    ND_RESERVED("nd_reserved", Oxm.ERICSSON, 1, 32),
    ND_OPTIONS_TYPE("nd_options_type", Oxm.ERICSSON, 2, 8),
    /** Registers 0 to 3 as one, register 0 most significant. Set and copied, never matched: a match names the four registers. */
    XXREG0("xxreg0", Oxm.NICIRA, 111, 128),
    XXREG1("xxreg1", Oxm.NICIRA, 112, 128),
    XXREG2("xxreg2", Oxm.NICIRA, 113, 128),
    XXREG3("xxreg3", Oxm.NICIRA, 114, 128);

    /** The name spaces of match fields, as numbers of OXM classes. */
    public enum Oxm {
        BASIC(0x8000),
        NICIRA(0x0001),
        ERICSSON(0x1000);

        private final int number;

        Oxm(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    private static final Map<String, Header> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Header::text, Function.identity()));

    private static final Header[] ALL = values();

    private final String text;
    private final Oxm oxm;
    private final int number;
    private final int width;

    Header(String text, Oxm oxm, int number, int width) {
        this.text = text;
        this.oxm = oxm;
        this.number = number;
        this.width = width;
    }

    public static Optional<Header> named(String text) {
        return Optional.ofNullable(BY_NAME.get(text));
    }

    /** The name as {@code ovs-ofctl} prints it. */
    public String text() {
        return text;
    }

    public Oxm oxm() {
        return oxm;
    }

    /** The field number within its class. */
    public int number() {
        return number;
    }

    /** In bits; on the wire the value takes as many whole bytes as it needs. */
    public int width() {
        return width;
    }

    /** All bits of the header set. */
    public Bits mask() {
        return Bits.ones(width);
    }

    /** Whether a value of it needs more than 64 bits. */
    boolean isLong() {
        return width > 64;
    }

    static Header at(int ordinal) {
        return ALL[ordinal];
    }

    /** Whether this is a 32-bit register, and thus also a quarter of a wide one. */
    public boolean isRegister() {
        return ordinal() >= REG0.ordinal() && ordinal() <= REG15.ordinal();
    }

    /** Whether this is four registers seen as one. */
    public boolean isWideRegister() {
        return ordinal() >= XXREG0.ordinal();
    }

    /** Register {@code number}, 0 to 15. */
    public static Header register(int number) {
        if (number < 0 || number > 15) {
            throw new IllegalArgumentException("there is no register " + number);
        }
        return ALL[REG0.ordinal() + number];
    }

    /** The register that is this quarter of a wide one; quarter 0 is the most significant. */
    public Header quarter(int number) {
        if (!isWideRegister()) {
            throw new IllegalStateException(text + " is not four registers");
        }
        return register(4 * (ordinal() - XXREG0.ordinal()) + number);
    }

    @Override
    public String toString() {
        return text;
    }
}

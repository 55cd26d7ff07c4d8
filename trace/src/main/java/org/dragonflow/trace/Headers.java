package org.dragonflow.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.dragonflow.packet.Bytes;

/**
 * The value of every {@link Header} of a packet: all that a flow can match. A header that the packet does not have is zero; so a flow that
 * wants a tunnel option to be zero matches here without the option too, where Open vSwitch wants it to be there.
 *
 * <p>Immutable; a change gives another value.
 */
public final class Headers {
    /** A packet of which nothing is known. */
    public static final Headers NONE = new Headers(new long[2 * (Header.values().length + 1)]);

    private static final Header[] ALL = Header.values();
    // What no flow can match but a change of VLAN tags needs: the type of the tag, and the tag under a pushed one.
    private static final int TAGS = 2 * ALL.length;
    private static final long PRESENT = 0x1000;

    /** What the switch keeps beside the frame: registers, tunnel, port, and what connection tracking says. */
    static final List<Header> BESIDE_PACKET = Stream.of(ALL)
            .filter(header -> header.compareTo(Header.CT_TP_DST) <= 0 && header != Header.CONJ_ID)
            .toList();

    /** The part of it that recirculation does not change. */
    static final List<Header> BESIDE_FRAME = Stream.of(ALL)
            .filter(header -> header.compareTo(Header.PKT_MARK) <= 0)
            .toList();

    private final long[] halves;

    private Headers(long[] halves) {
        this.halves = halves;
    }

    /** What Open vSwitch extracts from a frame that came in on a port. */
    public static Headers of(long inPort, Bytes frame) {
        return Extraction.of(frame).with(Header.IN_PORT, inPort);
    }

    public Bits get(Header header) {
        if (header.isWideRegister()) {
            return new Bits(
                    number(header.quarter(0)) << 32 | number(header.quarter(1)),
                    number(header.quarter(2)) << 32 | number(header.quarter(3)));
        }
        int at = 2 * header.ordinal();
        return new Bits(halves[at], halves[at + 1]);
    }

    public Bits get(Field field) {
        return field.extract(get(field.header()));
    }

    /** The least significant 64 bits: the whole value of all but IPv6 addresses and labels. */
    public long number(Header header) {
        return header.isWideRegister() ? get(header).low() : halves[2 * header.ordinal() + 1];
    }

    long high(Header header) {
        return halves[2 * header.ordinal()];
    }

    public Headers with(Header header, long value) {
        return with(header, Bits.of(value));
    }

    public Headers with(Header header, Bits value) {
        var next = halves.clone();
        put(next, header, value);
        return new Headers(next);
    }

    /** The bits of the header beside the field stay. */
    public Headers with(Field field, Bits value) {
        var beside = get(field.header()).and(field.mask().not());
        return with(field.header(), beside.or(field.place(value)));
    }

    public Headers with(Field field, long value) {
        return with(field, Bits.of(value));
    }

    /** These headers, with some of another packet's. */
    Headers with(Headers other, Iterable<Header> which) {
        var next = halves.clone();
        which.forEach(header -> put(next, header, other.get(header)));
        return new Headers(next);
    }

    private static void put(long[] halves, Header header, Bits value) {
        if (value.length() > header.width()) {
            throw new IllegalArgumentException(
                    "%s has %d bits and cannot hold %s".formatted(header, header.width(), value));
        }
        if (header.isWideRegister()) {
            for (int i = 0; i < 4; i++) {
                halves[2 * header.quarter(i).ordinal() + 1] =
                        value.shiftRight(96 - 32 * i).low() & 0xffff_ffffL;
            }
            return;
        }
        halves[2 * header.ordinal()] = value.high();
        halves[2 * header.ordinal() + 1] = value.low();
    }

    /** Whether the packet has the header, so that an action may set it ({@code mf_are_prereqs_ok} in OVS' lib/meta-flow.c). */
    public boolean has(Header header) {
        return switch (header) {
            case VLAN_PCP -> isTagged();
            case IP_DSCP, IP_ECN, IP_PROTO, IP_TTL, IP_FRAG -> isIp();
            case IPV4_SRC, IPV4_DST -> isType(Layout.IPV4);
            case IPV6_SRC, IPV6_DST, IPV6_FLABEL -> isType(Layout.IPV6);
            case TCP_SRC, TCP_DST, TCP_FLAGS -> isTransport(Layout.TCP);
            case UDP_SRC, UDP_DST -> isTransport(Layout.UDP);
            case SCTP_SRC, SCTP_DST -> isTransport(Layout.SCTP);
            case ICMPV4_TYPE, ICMPV4_CODE -> isType(Layout.IPV4) && isProtocol(Layout.ICMP);
            case ICMPV6_TYPE, ICMPV6_CODE -> isIcmpv6();
            case ARP_OP, ARP_SPA, ARP_TPA, ARP_SHA, ARP_THA -> isType(Layout.ARP) || isType(Layout.RARP);
            case ND_TARGET, ND_RESERVED, ND_OPTIONS_TYPE -> isNeighbour(135) || isNeighbour(136);
            case ND_SLL -> isNeighbour(135);
            case ND_TLL -> isNeighbour(136);
            default -> true;
        };
    }

    private boolean isType(int etherType) {
        return number(Header.ETH_TYPE) == etherType;
    }

    boolean isIp() {
        return isType(Layout.IPV4) || isType(Layout.IPV6);
    }

    private boolean isProtocol(int protocol) {
        return number(Header.IP_PROTO) == protocol;
    }

    private boolean isTransport(int protocol) {
        return isIp() && isProtocol(protocol) && (number(Header.IP_FRAG) & 2) == 0;
    }

    boolean isIcmpv6() {
        return isType(Layout.IPV6) && isProtocol(Layout.ICMPV6);
    }

    private boolean isNeighbour(int type) {
        return isIcmpv6() && number(Header.ICMPV6_TYPE) == type && number(Header.ICMPV6_CODE) == 0;
    }

    boolean isTagged() {
        return (number(Header.VLAN_VID) & PRESENT) != 0;
    }

    /** The tag as it stands on the wire, its type in the upper half; 0 without a tag. A tag set without a type is 802.1Q. */
    long outerTag() {
        long type = halves[TAGS + 1] == 0 ? 0x8100 : halves[TAGS + 1];
        return isTagged() ? type << 16 | number(Header.VLAN_PCP) << 13 | number(Header.VLAN_VID) : 0;
    }

    /** The tag that a pushed one covers; 0 if there is none that the switch knows of. */
    long innerTag() {
        return halves[TAGS];
    }

    Headers withTags(long outer, long inner) {
        var next = halves.clone();
        next[TAGS] = inner;
        next[TAGS + 1] = outer >>> 16;
        put(next, Header.VLAN_VID, Bits.of(outer & 0x1fff));
        put(next, Header.VLAN_PCP, Bits.of(outer >>> 13 & 7));
        return new Headers(next);
    }

    public boolean matches(Match match) {
        return match.tests().stream()
                .allMatch(test -> get(test.header()).and(test.mask()).equals(test.value()));
    }

    /** The headers that another value has changed, in the order of {@link Header}. */
    public List<Header> differencesFrom(Headers other) {
        return Stream.of(ALL)
                .filter(header -> !header.isWideRegister() && !get(header).equals(other.get(header)))
                .toList();
    }

    // Open vSwitch hides the ports of all fragments from flows unless told otherwise (OFPC_FRAG_NORMAL).
    Headers asLookedUp() {
        long fragment = number(Header.IP_FRAG);
        if ((fragment & 1) == 0) {
            return this;
        }
        var without = with(NONE, PORTS);
        // Nor does it read how the connection of a later one began (miniflow_extract).
        return (fragment & 2) == 0 ? without : without.with(NONE, List.of(Header.CT_TP_SRC, Header.CT_TP_DST));
    }

    private static final List<Header> PORTS = List.of(
            Header.TCP_SRC,
            Header.TCP_DST,
            Header.UDP_SRC,
            Header.UDP_DST,
            Header.SCTP_SRC,
            Header.SCTP_DST,
            Header.ICMPV4_TYPE,
            Header.ICMPV4_CODE,
            Header.ICMPV6_TYPE,
            Header.ICMPV6_CODE);

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers headers && Arrays.equals(halves, headers.halves);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(halves);
    }

    /** The headers that are not zero, in the manner of {@code ovs-ofctl}. */
    @Override
    public String toString() {
        var shown = new ArrayList<>(differencesFrom(NONE));
        return shown.stream()
                .map(header -> header + "=" + Notation.of(header, get(header)))
                .collect(Collectors.joining(","));
    }
}

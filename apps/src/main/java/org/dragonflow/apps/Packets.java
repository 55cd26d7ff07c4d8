package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.TRANSPARENT;
import static org.dragonflow.flow.Field.ETH_TYPE;
import static org.dragonflow.flow.Field.ICMPV6_TYPE;
import static org.dragonflow.flow.Field.IP_FRAG;
import static org.dragonflow.flow.Field.IP_PROTO;
import static org.dragonflow.flow.Field.UDP_DST;
import static org.dragonflow.flow.Field.UDP_SRC;
import static org.dragonflow.flow.Field.VLAN_VID;

import java.util.function.Function;
import java.util.stream.Stream;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Table;
import org.dragonflow.packet.VlanTag;

/** Kinds of packets that several apps speak of. */
final class Packets {
    static final int ROUTER_SOLICITATION = 133;
    static final int ROUTER_ADVERTISEMENT = 134;
    static final int NEIGHBOUR_SOLICITATION = 135;
    static final int NEIGHBOUR_ADVERTISEMENT = 136;
    static final int REDIRECT = 137;

    /** Addresses that mean something on their own link only. */
    static final IpPrefix LINK_LOCAL = IpPrefix.parse("fe80::/10");

    private static final int FRAGMENT = 1;

    static final Match ICMPV4 = Match.IPV4.and(IP_PROTO, 1);
    static final Match ICMPV6 = Match.IPV6.and(IP_PROTO, 58);

    private Packets() {}

    static Match udp4(int source, int destination) {
        return Match.IPV4.and(IP_PROTO, 17).and(UDP_SRC, source).and(UDP_DST, destination);
    }

    static Match udp6(int source, int destination) {
        return Match.IPV6.and(IP_PROTO, 17).and(UDP_SRC, source).and(UDP_DST, destination);
    }

    /** The same flows for IPv4 and for IPv6. A switch tracks nothing of which it does not know that it is IP. */
    static <T> Stream<T> eachIp(Function<Match, Stream<T>> flows) {
        return Stream.of(Match.IPV4, Match.IPV6).flatMap(flows);
    }

    /**
     * A packet that is none in pieces. Only such a one may block a connection: a first piece would be kept where it does, for the later ones, which may
     * take another way, and mark nothing.
     */
    static Match whole(Match packet) {
        return packet.and(IP_FRAG, 0);
    }

    /** A piece of a packet. */
    static Match piece(Match packet) {
        return packet.and(IP_FRAG, FRAGMENT, FRAGMENT);
    }

    static Match icmpv6(int type) {
        return ICMPV6.and(ICMPV6_TYPE, type);
    }

    /** What has a tag that its sender gave it, and that the switch has read. */
    static final Match TAGGED = Match.ANY.and(VLAN_VID, Place.TAGGED, Place.TAGGED);

    /**
     * What has a tag although that of its place is taken off, or there was none: on most networks there are no tags, and another port's card
     * might have a meaning for it.
     */
    static Stream<Flow> stillTagged(Table table) {
        return Stream.of(VlanTag.CUSTOMER, VlanTag.SERVICE)
                .map(type ->
                        Flow.drop(table, Flow.OVERRIDE, Match.on(TRANSPARENT, 0).and(ETH_TYPE, type)));
    }
}

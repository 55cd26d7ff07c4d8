package org.dragonflow.apps;

import static org.dragonflow.flow.Field.CT_NW_PROTO;
import static org.dragonflow.flow.Field.CT_TP_DST;
import static org.dragonflow.flow.Field.CT_TP_SRC;
import static org.dragonflow.flow.Field.ICMPV4_CODE;
import static org.dragonflow.flow.Field.ICMPV4_TYPE;
import static org.dragonflow.flow.Field.ICMPV6_CODE;
import static org.dragonflow.flow.Field.ICMPV6_TYPE;
import static org.dragonflow.flow.Field.IP_FRAG;
import static org.dragonflow.flow.Field.IP_PROTO;
import static org.dragonflow.flow.Field.SCTP_DST;
import static org.dragonflow.flow.Field.SCTP_SRC;
import static org.dragonflow.flow.Field.TCP_DST;
import static org.dragonflow.flow.Field.TCP_SRC;
import static org.dragonflow.flow.Field.UDP_DST;
import static org.dragonflow.flow.Field.UDP_SRC;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Match;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.SecurityGroupRule.Ethertype;

/** What a security group rule says of protocols and ports, as matches. */
final class Protocols {
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int SCTP = 132;

    // Values of IP_FRAG (ovs-fields(7), nw_frag).
    private static final int FIRST = 1;
    private static final int LATER = 3;

    /** Names that Neutron takes for protocols (its constants IP_PROTOCOL_MAP), beside numbers. */
    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("ah", 51),
            Map.entry("dccp", 33),
            Map.entry("egp", 8),
            Map.entry("esp", 50),
            Map.entry("gre", 47),
            Map.entry("icmp", ICMP),
            Map.entry("icmpv6", ICMPV6),
            Map.entry("igmp", 2),
            Map.entry("ip", 0),
            Map.entry("ipip", 4),
            Map.entry("ipv6-encap", 41),
            Map.entry("ipv6-frag", 44),
            Map.entry("ipv6-icmp", ICMPV6),
            Map.entry("ipv6-nonxt", 59),
            Map.entry("ipv6-opts", 60),
            Map.entry("ipv6-route", 43),
            Map.entry("ospf", 89),
            Map.entry("pgm", 113),
            Map.entry("rsvp", 46),
            Map.entry("sctp", SCTP),
            Map.entry("tcp", TCP),
            Map.entry("udp", UDP),
            Map.entry("udplite", 136),
            Map.entry("vrrp", 112));

    private Protocols() {}

    /** A protocol over IPv4 whose packets have ports. */
    record WithPorts(String name, int number, Field source, Field destination) {
        Match match() {
            return Match.IPV4.and(IP_PROTO, number);
        }
    }

    static final List<WithPorts> WITH_PORTS = List.of(
            new WithPorts("tcp", TCP, TCP_SRC, TCP_DST),
            new WithPorts("udp", UDP, UDP_SRC, UDP_DST),
            new WithPorts("sctp", SCTP, SCTP_SRC, SCTP_DST));

    static Match ip(Ethertype ethertype) {
        return switch (ethertype) {
            case IPV4 -> Match.IPV4;
            case IPV6 -> Match.IPV6;
        };
    }

    /** The matches that together are the rule's protocol and ports; none for a protocol that nobody knows. */
    static Stream<Match> matches(SecurityGroupRule rule) {
        var ip = ip(rule.ethertype());
        if (namesNone(rule)) {
            return Stream.of(ip);
        }
        return number(rule).stream().flatMap(number -> {
            var match = ip.and(IP_PROTO, number);
            return namesPorts(rule, number) ? shown(rule, number, match.and(IP_FRAG, 0)) : Stream.of(match);
        });
    }

    /**
     * What {@link #matches} leaves out: pieces of tracked packets. A switch shows the ports of none of them, but of the first how its connection
     * began; of the others the protocol, so that they pass if any port of it may. Without the first they come to nothing.
     */
    static Stream<Match> pieces(SecurityGroupRule rule) {
        if (namesNone(rule)) {
            return Stream.of();
        }
        var ip = Connections.VALID.and(ip(rule.ethertype()));
        return number(rule).stream().flatMap(number -> {
            var later = Stream.of(ip.and(IP_FRAG, LATER).and(CT_NW_PROTO, number));
            if (namesPorts(rule, number)) {
                return Stream.concat(begun(rule, number, ip.and(IP_FRAG, FIRST).and(IP_PROTO, number)), later);
            }
            return rule.ethertype() == Ethertype.IPV6 ? later : Stream.of();
        });
    }

    private static boolean namesNone(SecurityGroupRule rule) {
        return rule.protocol().isEmpty() || isAny(rule.protocol().get());
    }

    private static boolean isAny(String protocol) {
        return protocol.equals("any") || protocol.equals("ip") || protocol.equals("0");
    }

    private static Optional<Integer> number(SecurityGroupRule rule) {
        var protocol = rule.protocol().orElseThrow();
        // "icmp" on an IPv6 rule is a name from before "ipv6-icmp".
        if (protocol.equals("icmp") && rule.ethertype() == Ethertype.IPV6) {
            return Optional.of(ICMPV6);
        }
        if (protocol.matches("[0-9]{1,3}")) {
            return Optional.of(Integer.parseInt(protocol)).filter(number -> number < 256);
        }
        return Optional.ofNullable(NUMBERS.get(protocol));
    }

    /** Whether it names ports, or what stands for them: the type and the code of an ICMP message of its own version of IP. */
    private static boolean namesPorts(SecurityGroupRule rule, int protocol) {
        return switch (protocol) {
            case TCP, UDP, SCTP ->
                rule.portRangeMin().isPresent() || rule.portRangeMax().isPresent();
            case ICMP -> rule.portRangeMin().isPresent() && rule.ethertype() == Ethertype.IPV4;
            case ICMPV6 -> rule.portRangeMin().isPresent() && rule.ethertype() == Ethertype.IPV6;
            default -> false;
        };
    }

    /** With what a whole packet shows. */
    private static Stream<Match> shown(SecurityGroupRule rule, int protocol, Match match) {
        return switch (protocol) {
            case TCP -> ports(rule, match, TCP_DST);
            case UDP -> ports(rule, match, UDP_DST);
            case SCTP -> ports(rule, match, SCTP_DST);
            case ICMP -> typeAndCode(rule, match, ICMPV4_TYPE, ICMPV4_CODE);
            default -> typeAndCode(rule, match, ICMPV6_TYPE, ICMPV6_CODE);
        };
    }

    /** With what is known of the packet that began the connection. */
    private static Stream<Match> begun(SecurityGroupRule rule, int protocol, Match match) {
        return protocol == ICMP || protocol == ICMPV6
                ? typeAndCode(rule, match, CT_TP_SRC, CT_TP_DST)
                : ports(rule, match, CT_TP_DST);
    }

    private static Stream<Match> typeAndCode(SecurityGroupRule rule, Match match, Field type, Field code) {
        var typed = match.and(type, rule.portRangeMin().orElseThrow());
        return Stream.of(
                rule.portRangeMax().map(value -> typed.and(code, value)).orElse(typed));
    }

    private static Stream<Match> ports(SecurityGroupRule rule, Match match, Field field) {
        int first = rule.portRangeMin().orElse(0);
        int last = rule.portRangeMax().orElse(0xffff);
        return blocks(first, last).stream().map(block -> match.and(field, block.value(), block.mask()));
    }

    /** Numbers of 16 bits that agree with the value in the bits of the mask. */
    record Block(int value, int mask) {}

    /** The fewest blocks that together are the numbers from first to last, both included. */
    static List<Block> blocks(int first, int last) {
        var blocks = new ArrayList<Block>();
        int from = first;
        while (from <= last) {
            int size = from == 0 ? 0x1_0000 : Integer.lowestOneBit(from);
            while (from + size - 1 > last) {
                size >>= 1;
            }
            blocks.add(new Block(from, 0xffff & -size));
            from += size;
        }
        return blocks;
    }
}

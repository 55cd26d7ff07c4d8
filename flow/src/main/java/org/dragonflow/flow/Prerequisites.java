package org.dragonflow.flow;

import static org.dragonflow.flow.Header.CT_STATE;
import static org.dragonflow.flow.Header.ETH_TYPE;
import static org.dragonflow.flow.Header.ICMPV6_TYPE;
import static org.dragonflow.flow.Header.IP_PROTO;

import java.util.List;

/** What a match must also say before it, or an action, may name a header (OpenFlow 1.5, section 7.2.3.8). */
final class Prerequisites {
    // Bits of ct_state (ovs-fields(7)): new, established, related, reply, translated at either end.
    private static final int IN_CONNECTION = 0xcf;
    private static final int INVALID = 0x10;
    private static final int TRACKED = 0x20;

    private Prerequisites() {}

    static boolean areMet(Match match) {
        for (int i = 0; i < match.size(); i++) {
            if (!isMet(match.header(i), match)) {
                return false;
            }
        }
        return true;
    }

    static List<String> missing(Match match) {
        return match.tests().stream()
                .map(Match.Test::header)
                .filter(header -> !isMet(header, match))
                .map(header -> "%s is matched without what must be known before it: %s".formatted(header, match))
                .toList();
    }

    /**
     * What an action needs to know of the packet and the match does not say. The switch refuses it (OFPBAC_MATCH_INCONSISTENT), but for one
     * thing: it sets headers of ARP in frames that end before them, and writes past their end (Open vSwitch 3.1). Only in a whole one has it read
     * an operation.
     */
    static List<String> missing(Action action, Match match) {
        boolean isMet = switch (action) {
            case Action.Set(var field, var _) -> isMet(field.header(), match) && isThere(field.header(), match);
            case Action.Copy(var from, var to) ->
                isMet(from.header(), match) && isMet(to.header(), match) && isThere(to.header(), match);
            case Action.CheckLarger(var _, var into) -> isMet(into.header(), match);
            case Action.Ct _, Action.DecrementTtl _ -> isIp(match);
            case Action.Goto _, Action.Resubmit _, Action.Clone _, Action.Output _, Action.ToGroup _ -> true;
            case Action.CtClear _, Action.Metered _, Action.Punt _, Action.Conjunction _ -> true;
            case Action.PushVlan _, Action.PopVlan _, Action.SetQueue _, Action.Unknown _ -> true;
        };
        return isMet
                ? List.of()
                : List.of("%s is done without what must be known before it: %s".formatted(action, match));
    }

    private static boolean isThere(Header header, Match match) {
        return switch (header) {
            case ARP_OP, ARP_SPA, ARP_TPA, ARP_SHA, ARP_THA ->
                match.tests().stream()
                        .anyMatch(test ->
                                test.header() == Header.ARP_OP && !test.value().isZero());
            default -> true;
        };
    }

    private static boolean isMet(Header header, Match match) {
        return switch (header) {
            case CT_NW_PROTO, CT_TP_SRC, CT_TP_DST -> isTracked(match);
            case IPV4_SRC, IPV4_DST -> isIpv4(match);
            case IPV6_SRC, IPV6_DST, IPV6_FLABEL -> isIpv6(match);
            case IP_PROTO, IP_DSCP, IP_ECN, IP_TTL, IP_FRAG -> isIp(match);
            case TCP_SRC, TCP_DST, TCP_FLAGS -> isIp(match) && match.requires(IP_PROTO, 6);
            case UDP_SRC, UDP_DST -> isIp(match) && match.requires(IP_PROTO, 17);
            case SCTP_SRC, SCTP_DST -> isIp(match) && match.requires(IP_PROTO, 132);
            case ICMPV4_TYPE, ICMPV4_CODE -> isIpv4(match) && match.requires(IP_PROTO, 1);
            case ICMPV6_TYPE, ICMPV6_CODE -> isIcmpv6(match);
            case ND_TARGET, ND_RESERVED, ND_OPTIONS_TYPE -> isNeighbourDiscovery(match);
            case ND_SLL -> isIcmpv6(match) && match.requires(ICMPV6_TYPE, 135);
            case ND_TLL -> isIcmpv6(match) && match.requires(ICMPV6_TYPE, 136);
            case ARP_OP, ARP_SPA, ARP_TPA, ARP_SHA, ARP_THA -> match.requires(ETH_TYPE, 0x0806);
            default -> true;
        };
    }

    /** That it belongs to a connection, or may begin one ({@code is_ct_valid} in OVS' lib/flow.h). */
    private static boolean isTracked(Match match) {
        return match.tests().stream()
                .filter(test -> test.header() == CT_STATE)
                .anyMatch(test -> (test.value().low() & IN_CONNECTION) != 0
                        || (test.value().low() & TRACKED) != 0
                                && (test.mask().low() & INVALID) != 0
                                && (test.value().low() & INVALID) == 0);
    }

    private static boolean isIpv4(Match match) {
        return match.requires(ETH_TYPE, 0x0800);
    }

    private static boolean isIpv6(Match match) {
        return match.requires(ETH_TYPE, 0x86dd);
    }

    private static boolean isIp(Match match) {
        return isIpv4(match) || isIpv6(match);
    }

    private static boolean isIcmpv6(Match match) {
        return isIpv6(match) && match.requires(IP_PROTO, 58);
    }

    private static boolean isNeighbourDiscovery(Match match) {
        return isIcmpv6(match) && (match.requires(ICMPV6_TYPE, 135) || match.requires(ICMPV6_TYPE, 136));
    }
}

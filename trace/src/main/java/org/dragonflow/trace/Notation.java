package org.dragonflow.trace;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;

/** How traces write values: addresses as addresses, connection states by their names. */
final class Notation {
    private static final String[] STATES = {"new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat"};

    private Notation() {}

    static String of(Header header, Bits value) {
        return switch (header) {
            case ETH_DST, ETH_SRC, ARP_SHA, ARP_THA, ND_SLL, ND_TLL -> new Mac(value.low()).toString();
            case IPV4_SRC, IPV4_DST, ARP_SPA, ARP_TPA, TUN_SRC, TUN_DST -> new Ipv4((int) value.low()).toString();
            case IPV6_SRC, IPV6_DST, ND_TARGET, TUN_IPV6_SRC, TUN_IPV6_DST ->
                new Ipv6(value.high(), value.low()).toString();
            case CT_STATE -> states(value.low());
            case IN_PORT, IP_PROTO, IP_TTL, TCP_SRC, TCP_DST, UDP_SRC, UDP_DST, SCTP_SRC, SCTP_DST ->
                Long.toString(value.low());
            default -> value.toString();
        };
    }

    static String of(Field field, Bits value) {
        return field.isWhole() ? of(field.header(), value) : value.toString();
    }

    static String of(Match match) {
        return match.equals(Match.ANY)
                ? "any"
                : match.tests().stream().map(Notation::of).collect(Collectors.joining(","));
    }

    private static String of(Match.Test test) {
        if (test.header() == Header.CT_STATE) {
            return "ct_state=" + flags(test.value().low(), test.mask().low());
        }
        var value = test.header() + "=" + of(test.header(), test.value());
        return test.isExact() ? value : value + "/" + of(test.header(), test.mask());
    }

    private static String states(long value) {
        return flags(value, value);
    }

    private static String flags(long value, long mask) {
        return IntStream.range(0, STATES.length)
                .filter(i -> (mask >>> i & 1) != 0)
                .mapToObj(i -> ((value >>> i & 1) != 0 ? "+" : "-") + STATES[i])
                .collect(Collectors.joining());
    }

    static String of(Action action) {
        return switch (action) {
            case Action.Set(var field, var value) -> "%s := %s".formatted(field, of(field, value));
            case Action.Copy(var from, var to) -> "%s := %s".formatted(to, from);
            case Action.Output(var port) -> "output " + port;
            case Action.Goto(var table) -> "goto " + table;
            case Action.Resubmit(var table) -> "resubmit " + table;
            case Action.Clone _ -> "clone";
            case Action.Ct ct -> of(ct);
            case Action.CtClear _ -> "ct_clear";
            case Action.DecrementTtl _ -> "dec_ttl";
            case Action.CheckLarger(var length, var into) -> "%s := larger than %d".formatted(into, length);
            case Action.Metered(var meter) -> "meter " + meter;
            case Action.SetQueue(var queue) -> "queue " + queue;
            case Action.Punt(var userdata) -> "punt " + userdata;
            case Action.Conjunction(var id, var clause, var of) ->
                "conjunction %d, %d/%d".formatted(id, clause + 1, of);
            case Action.ToGroup(var group) -> "group " + group;
            case Action.PushVlan(var tagType) -> "push_vlan 0x%04x".formatted(tagType);
            case Action.PopVlan _ -> "pop_vlan";
            case Action.Unknown(var hex) -> "unknown " + hex;
        };
    }

    private static String of(Action.Ct ct) {
        var zone = switch (ct.zone()) {
            case Action.Zone.Fixed(var number) -> Integer.toString(number);
            case Action.Zone.In(var field) -> field.name();
        };
        return "ct %szone %s%s"
                .formatted(
                        ct.force() ? "force commit, " : ct.commit() ? "commit, " : "",
                        zone,
                        ct.next().map(table -> ", then " + table).orElse(""));
    }
}

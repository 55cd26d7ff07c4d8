package org.dragonflow.trace.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Meter;
import org.dragonflow.flow.Pipeline;

/** Writes entries in the words of {@code ovs-ofctl}, with the table numbers of a pipeline. */
public final class OfctlText {
    private static final String[] STATES = {"new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat"};

    private final Pipeline pipeline;

    public OfctlText(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    public String flow(Flow flow) {
        var match = flow.match().equals(Match.ANY) ? "" : "," + match(flow.match());
        return "table=%d,priority=%d,cookie=0x%x%s,actions=%s"
                .formatted(
                        pipeline.number(flow.table()), flow.priority(), flow.cookie(), match, actions(flow.actions()));
    }

    public String group(Group group) {
        var buckets = group.buckets().stream()
                .map(bucket -> ",bucket=bucket_id:%d%s,actions=%s"
                        .formatted(
                                bucket.id(),
                                group.type() == Group.Type.SELECT ? ",weight:" + bucket.weight() : "",
                                actions(bucket.actions())))
                .collect(Collectors.joining());
        return "group_id=%d,type=%s%s"
                .formatted(group.id(), group.type().name().toLowerCase(java.util.Locale.ROOT), buckets);
    }

    public String meter(Meter meter) {
        var unit = switch (meter.unit()) {
            case PACKETS -> "pktps";
            case KILOBITS -> "kbps";
        };
        return "meter=%d,%s,burst,band=type=drop,rate=%d,burst_size=%d"
                .formatted(meter.id(), unit, meter.rate(), meter.burst());
    }

    public String match(Match match) {
        return match.tests().stream().map(OfctlText::test).collect(Collectors.joining(","));
    }

    private static String test(Match.Test test) {
        var header = test.header();
        return switch (header) {
            case CT_STATE ->
                "ct_state=" + states(test.value().low(), test.mask().low());
            case IP_FRAG ->
                "ip_frag=" + fragment(test.value().low(), test.mask().low());
            default ->
                "%s=%s%s"
                        .formatted(
                                header,
                                value(header, test.value()),
                                test.isExact() ? "" : "/" + value(header, test.mask()));
        };
    }

    private static String fragment(long value, long mask) {
        if ((mask & 1) == 0) {
            return value == 0 ? "not_later" : "later";
        }
        return value == 0 ? "no" : value == 3 ? "later" : mask == 3 ? "first" : "yes";
    }

    private static String states(long value, long mask) {
        return IntStream.range(0, STATES.length)
                .filter(i -> (mask >>> i & 1) != 0)
                .mapToObj(i -> ((value >>> i & 1) != 0 ? "+" : "-") + STATES[i])
                .collect(Collectors.joining());
    }

    /** The value of a header as the programs of Open vSwitch read it. */
    public static String value(Header header, Bits value) {
        return switch (header) {
            case ETH_DST, ETH_SRC, ARP_SHA, ARP_THA, ND_SLL, ND_TLL -> new Mac(value.low()).toString();
            case IPV4_SRC, IPV4_DST, ARP_SPA, ARP_TPA, TUN_SRC, TUN_DST -> new Ipv4((int) value.low()).toString();
            case IPV6_SRC, IPV6_DST, ND_TARGET, TUN_IPV6_SRC, TUN_IPV6_DST ->
                new Ipv6(value.high(), value.low()).toString();
            case IN_PORT -> Long.toString(value.low());
            default -> value.toString();
        };
    }

    public String actions(List<Action> actions) {
        return actions.isEmpty() ? "drop" : actions.stream().map(this::action).collect(Collectors.joining(","));
    }

    private String action(Action action) {
        return switch (action) {
            case Action.Set(var field, var value) -> set(field, value);
            case Action.Copy(var from, var to) -> "move:%s->%s".formatted(from.range(), to.range());
            case Action.Output(long port) -> "output:" + port;
            case Action.Goto(var table) -> "goto_table:" + pipeline.number(table);
            case Action.Resubmit(var table) -> "resubmit(,%d)".formatted(pipeline.number(table));
            case Action.Clone(var inner) -> "clone(%s)".formatted(actions(inner));
            case Action.Ct ct -> ct(ct);
            case Action.CtClear _ -> "ct_clear";
            case Action.DecrementTtl _ -> "dec_ttl";
            case Action.CheckLarger(int length, var into) -> "check_pkt_larger(%d)->%s".formatted(length, into.range());
            case Action.Metered(long meter) -> "meter:" + meter;
            case Action.SetQueue(long queue) -> "set_queue:" + queue;
            case Action.Punt(var userdata) -> "controller(userdata=%s)".formatted(pairs(userdata));
            case Action.Conjunction(long id, int clause, int of) ->
                "conjunction(%d,%d/%d)".formatted(id, clause + 1, of);
            case Action.ToGroup(long group) -> "group:" + group;
            case Action.PushVlan(var tagType) -> "push_vlan:0x%04x".formatted(tagType);
            case Action.PopVlan _ -> "pop_vlan";
            case Action.Unknown(var hex) -> throw new IllegalArgumentException("ovs-ofctl cannot write " + hex);
        };
    }

    private static String set(Field field, Bits value) {
        var header = field.header();
        if (header == Header.IN_PORT) {
            return "load:0x%x->NXM_OF_IN_PORT[]".formatted(value.low());
        }
        return "set_field:%s%s->%s"
                .formatted(
                        value(header, field.place(value)),
                        field.isWhole() ? "" : "/" + value(header, field.mask()),
                        header);
    }

    private static String pairs(String hex) {
        return hex.replaceAll("(..)(?=.)", "$1.");
    }

    private String ct(Action.Ct ct) {
        var words = new ArrayList<String>();
        if (ct.commit()) {
            words.add("commit");
        }
        if (ct.force()) {
            words.add("force");
        }
        ct.next().ifPresent(table -> words.add("table=" + pipeline.number(table)));
        words.add(
                switch (ct.zone()) {
                    case Action.Zone.Fixed(int zone) -> "zone=" + zone;
                    case Action.Zone.In(var field) -> "zone=" + field.range();
                });
        ct.nat().ifPresent(nat -> words.add(nat(nat)));
        if (!ct.exec().isEmpty()) {
            words.add("exec(%s)".formatted(actions(ct.exec())));
        }
        return "ct(%s)".formatted(String.join(",", words));
    }

    private static String nat(Action.Nat nat) {
        Optional<Action.Nat.Range> to = nat.to();
        return to.map(range -> "nat(%s=%s%s)".formatted(nat.source() ? "src" : "dst", addresses(range), ports(range)))
                .orElse("nat");
    }

    private static String addresses(Action.Nat.Range range) {
        boolean hasPorts = range.firstPort() != 0;
        var first = bracketed(range.first().toString(), hasPorts);
        return range.first().equals(range.last())
                ? first
                : first + "-" + bracketed(range.last().toString(), hasPorts);
    }

    private static String bracketed(String address, boolean hasPorts) {
        return hasPorts && address.contains(":") ? "[" + address + "]" : address;
    }

    private static String ports(Action.Nat.Range range) {
        return range.firstPort() == 0
                ? ""
                : range.firstPort() == range.lastPort()
                        ? ":" + range.firstPort()
                        : ":%d-%d".formatted(range.firstPort(), range.lastPort());
    }
}

package org.dragonflow.openflow;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Table;

/** Flows that Open vSwitch accepts, of every kind of match and action, from a seed. */
final class RandomFlows {
    static final Field SLICE = Field.reg("slice", 3, 4, 12);
    static final Field WIDE = Field.named("wide", Header.XXREG1, 32, 64);
    static final Field ZONE = Field.reg("zone", 9, 16, 16);
    static final Table FIRST = Table.of("first", "test", "").setting(SLICE, WIDE);
    static final Table SECOND = Table.of("second", "test", "");
    static final Table THIRD = Table.of("third", "test", "");
    static final Pipeline PIPELINE = Pipeline.of(FIRST, SECOND, THIRD);
    static final Owner OWNER = new Owner(0xdf);

    /** Groups and meters that the flows may use. */
    static final long GROUP = 77;

    static final long METER = 5;

    private static final List<Header> ALWAYS = List.of(
            Header.IN_PORT,
            Header.METADATA,
            Header.REG0,
            Header.REG1,
            Header.REG2,
            Header.REG3,
            Header.REG7,
            Header.REG15,
            Header.TUN_ID,
            Header.TUN_SRC,
            Header.TUN_DST,
            Header.TUN_IPV6_SRC,
            Header.TUN_IPV6_DST,
            Header.TUN_METADATA0,
            Header.PKT_MARK,
            Header.CONJ_ID,
            Header.CT_ZONE,
            Header.CT_MARK,
            Header.CT_LABEL,
            Header.ETH_DST,
            Header.ETH_SRC);
    private static final List<Header> UNMASKED = List.of(
            Header.IN_PORT,
            Header.CONJ_ID,
            Header.CT_ZONE,
            Header.VLAN_PCP,
            Header.IP_PROTO,
            Header.IP_TTL,
            Header.IP_DSCP,
            Header.IP_ECN,
            Header.ARP_OP,
            Header.ICMPV4_TYPE,
            Header.ICMPV4_CODE,
            Header.ICMPV6_TYPE,
            Header.ICMPV6_CODE,
            Header.ND_OPTIONS_TYPE,
            Header.ND_RESERVED,
            Header.IP_FRAG);

    private final Random random;

    RandomFlows(long seed) {
        this.random = new Random(seed);
    }

    /** This many flows of distinct keys. */
    List<Flow> take(int count) {
        var keys = new HashSet<Flow.Key>();
        var flows = new ArrayList<Flow>();
        while (flows.size() < count) {
            var flow = flow();
            if (keys.add(flow.key())) {
                flows.add(flow);
            }
        }
        return flows;
    }

    private Flow flow() {
        var kind = random.nextInt(7);
        var match = kind(kind);
        for (int i = random.nextInt(4); i > 0; i--) {
            match = with(match, ALWAYS.get(random.nextInt(ALWAYS.size())));
        }
        if (random.nextInt(5) == 0) {
            match = match.and(Field.CT_STATE, 0x22, 0x3f);
        }
        return new Flow(
                PIPELINE.tables().get(random.nextInt(2)),
                random.nextInt(0x10000),
                match,
                actions(kind),
                OWNER.cookie() | random.nextLong() >>> 16);
    }

    private Match kind(int kind) {
        return switch (kind) {
            case 0 -> some(Match.ANY, Header.VLAN_VID);
            case 1 -> some(Match.ARP, Header.ARP_OP, Header.ARP_SPA, Header.ARP_TPA, Header.ARP_SHA, Header.ARP_THA);
            case 2 ->
                some(
                        Match.IPV4.and(Field.IP_PROTO, 6),
                        Header.IPV4_SRC,
                        Header.IPV4_DST,
                        Header.TCP_SRC,
                        Header.TCP_DST,
                        Header.TCP_FLAGS,
                        Header.IP_TTL,
                        Header.IP_DSCP,
                        Header.IP_ECN,
                        Header.IP_FRAG);
            case 3 ->
                some(
                        Match.IPV6.and(Field.IP_PROTO, 17),
                        Header.IPV6_SRC,
                        Header.IPV6_DST,
                        Header.UDP_SRC,
                        Header.UDP_DST,
                        Header.IPV6_FLABEL);
            case 4 -> some(Match.IPV4.and(Field.IP_PROTO, 1), Header.ICMPV4_TYPE, Header.ICMPV4_CODE);
            case 5 ->
                some(
                        Match.IPV6
                                .and(Field.IP_PROTO, 58)
                                .and(Field.ICMPV6_TYPE, 136)
                                .and(Field.ICMPV6_CODE, 0),
                        Header.ND_TARGET,
                        Header.ND_TLL,
                        Header.ND_RESERVED,
                        Header.ND_OPTIONS_TYPE,
                        Header.ND_RESERVED);
            default -> some(Match.IPV4.and(Field.IP_PROTO, 132), Header.SCTP_SRC, Header.SCTP_DST);
        };
    }

    private Match some(Match match, Header... headers) {
        var result = match;
        for (var header : headers) {
            if (random.nextBoolean()) {
                result = with(result, header);
            }
        }
        return result;
    }

    private Match with(Match match, Header header) {
        if (match.tests().stream().anyMatch(t -> t.header() == header)) {
            return match;
        }
        var value = value(header);
        boolean isExact = UNMASKED.contains(header) || random.nextBoolean();
        var mask = isExact ? header.mask() : bits(header.width());
        if (header == Header.VLAN_VID) {
            return match.and(
                    Match.of(List.of(new Match.Test(header, Bits.of(0x1000 | random.nextInt(4096)), header.mask()))));
        }
        return match.and(Match.of(List.of(new Match.Test(header, value.and(mask), mask))));
    }

    private Bits value(Header header) {
        return switch (header) {
            case ARP_OP -> Bits.of(1 + random.nextInt(2));
            case IN_PORT -> Bits.of(1 + random.nextInt(2));
            // A later fragment has no ports to match.
            case IP_FRAG -> Bits.of(1);
            default -> bits(header.width());
        };
    }

    private Bits bits(int width) {
        return new Bits(random.nextLong(), random.nextLong()).and(Bits.ones(width));
    }

    private List<Action> actions(int kind) {
        if (random.nextInt(8) == 0) {
            return Stream.generate(() -> (Action) new Action.Conjunction(random.nextInt(1, 1000), random.nextInt(2), 2))
                    .limit(1 + random.nextInt(2))
                    .distinct()
                    .toList();
        }
        var actions = new ArrayList<Action>();
        for (int i = random.nextInt(6); i > 0; i--) {
            actions.add(action(kind, 0));
        }
        if (random.nextBoolean()) {
            actions.add(Action.goTo(THIRD));
        }
        return actions;
    }

    private Action action(int kind, int depth) {
        return switch (random.nextInt(depth == 0 ? 20 : 12)) {
            case 0 -> new Action.Set(SLICE, bits(12));
            case 1 -> new Action.Set(WIDE, bits(64));
            case 2 -> new Action.Set(Field.of(Header.REG5), bits(32));
            case 3 -> new Action.Set(Field.of(Header.TUN_METADATA0), bits(64));
            case 4 -> new Action.Set(Field.named("key", Header.TUN_METADATA0, 8, 24), bits(24));
            case 5 -> Action.copy(Field.ETH_SRC, Field.ETH_DST);
            case 6 -> Action.copy(SLICE, Field.reg("other", 12, 20, 12));
            case 7 -> Action.copy(Field.named("key", Header.TUN_METADATA0, 32, 32), Field.of(Header.REG6));
            case 8 -> Action.output(random.nextBoolean() ? 2 : 0xffff_fff8L);
            case 9 -> Action.resubmit(THIRD);
            case 10 -> new Action.Punt(random.nextBoolean() ? "" : "0102030405");
            case 11 -> address(kind);
            case 12 -> Action.onCopy(action(kind, 1), action(kind, 1));
            case 13 -> new Action.ToGroup(GROUP);
            case 14 -> new Action.Metered(METER);
            case 15 -> new Action.CtClear();
            case 18 -> new Action.CheckLarger(random.nextInt(0x10000), Field.reg("bit", 5, random.nextInt(32), 1));
            case 19 -> new Action.SetQueue(random.nextInt(0x10000));
            case 16 -> kind == 0 ? new Action.CtClear() : tagged();
            default -> kind == 0 ? new Action.Metered(METER) : track(kind);
        };
    }

    private Action address(int kind) {
        return switch (kind) {
            case 1 -> Action.set(Field.ARP_SPA, new Ipv4(random.nextInt()));
            case 2, 4, 6 ->
                random.nextBoolean()
                        ? Action.set(Field.IPV4_SRC, new Ipv4(random.nextInt()))
                        : new Action.DecrementTtl();
            case 3 -> Action.set(Field.IPV6_DST, new Ipv6(random.nextLong(), random.nextLong()));
            case 5 -> new Action.Set(Field.ND_RESERVED, Bits.of(0xe000_0000L));
            default -> Action.set(Field.ETH_DST, random.nextLong() >>> 16);
        };
    }

    private static Action tagged() {
        return Action.onCopy(
                new Action.PushVlan(0x88a8),
                Action.set(Field.VLAN_VID, 0x1005),
                Action.output(2),
                new Action.PopVlan());
    }

    private Action track(int kind) {
        if (kind == 1) {
            return new Action.CtClear();
        }
        boolean commit = random.nextBoolean();
        var zone = random.nextBoolean() ? new Action.Zone.Fixed(random.nextInt(0x10000)) : new Action.Zone.In(ZONE);
        var next = random.nextBoolean() ? Optional.of(THIRD) : Optional.<Table>empty();
        var nat = commit && random.nextBoolean() ? Optional.of(nat(kind)) : Optional.<Action.Nat>empty();
        List<Action> exec = commit && random.nextBoolean()
                ? List.of(
                        new Action.Set(Field.CT_MARK, bits(32)),
                        new Action.Set(Field.named("label", Header.CT_LABEL, 96, 16), bits(16)))
                : List.of();
        return new Action.Ct(commit, commit && random.nextBoolean(), zone, next, nat, exec);
    }

    private Action.Nat nat(int kind) {
        boolean is6 = kind == 3 || kind == 5;
        var first = is6 ? new Ipv6(random.nextLong(), 5) : new Ipv4(random.nextInt() & 0x7fff_ffff);
        var last = random.nextBoolean() ? first : first.plus(9);
        int port = random.nextBoolean() ? 0 : 1 + random.nextInt(0xfff0);
        int lastPort = port == 0 || random.nextBoolean() ? port : port + 7;
        return new Action.Nat(random.nextBoolean(), Optional.of(new Action.Nat.Range(first, last, port, lastPort)));
    }
}

package org.dragonflow.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Meter;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Table;

/** Flows that a real switch takes, of every kind of match and action, so tangled that packets meet many of them. */
final class RandomSwitch {
    static final int PORTS = 5;
    static final List<Table> TABLES =
            IntStream.range(0, 6).mapToObj(i -> Table.of("t" + i, "test", "")).toList();
    static final Pipeline PIPELINE = Pipeline.of(TABLES.toArray(Table[]::new));

    private static final List<Field> REGISTERS = List.of(
            Field.reg("whole0", 0, 0, 32),
            Field.reg("low1", 1, 0, 8),
            Field.reg("high1", 1, 8, 8),
            Field.reg("wide5", 5, 4, 16),
            Field.named("meta", Header.METADATA, 0, 8));
    private static final List<Field> ETHERNET = List.of(Field.ETH_SRC, Field.ETH_DST);
    private static final List<Field> IPV4 =
            List.of(Field.IPV4_SRC, Field.IPV4_DST, Field.IP_TTL, Field.of(Header.IP_DSCP), Field.of(Header.IP_ECN));
    private static final List<Field> IPV6 =
            List.of(Field.IPV6_SRC, Field.IPV6_DST, Field.IP_TTL, Field.of(Header.IPV6_FLABEL));
    private static final List<Field> ARP =
            List.of(Field.ARP_OP, Field.ARP_SPA, Field.ARP_TPA, Field.ARP_SHA, Field.ARP_THA);
    private static final List<Field> ND_BOTH = List.of(Field.ND_TARGET, Field.ND_RESERVED, Field.ND_OPTIONS_TYPE);
    private static final Match ICMPV6 = Match.IPV6.and(Field.IP_PROTO, 58);
    private static final Match SOLICITATION = ICMPV6.and(Field.ICMPV6_TYPE, 135).and(Field.ICMPV6_CODE, 0);
    private static final Match ADVERTISEMENT =
            ICMPV6.and(Field.ICMPV6_TYPE, 136).and(Field.ICMPV6_CODE, 0);

    /** A kind of packet: what says that a packet is one, and what it then has. */
    private record Kind(Match match, List<Field> fields) {
        static Kind of(Match match, List<Field> fields, Field... more) {
            var all = new ArrayList<>(ETHERNET);
            all.addAll(fields);
            all.addAll(List.of(more));
            return new Kind(match, all);
        }
    }

    private static final List<Kind> KINDS = List.of(
            Kind.of(Match.ANY, List.of()),
            Kind.of(
                    Match.ANY.and(Field.VLAN_VID, 0x1000, 0x1000),
                    List.of(),
                    Field.VLAN_VID,
                    Field.of(Header.VLAN_PCP)),
            Kind.of(Match.IPV4, IPV4),
            Kind.of(Match.IPV6, IPV6),
            Kind.of(Match.IPV4.and(Field.IP_PROTO, 6), IPV4, Field.TCP_SRC, Field.TCP_DST),
            Kind.of(Match.IPV4.and(Field.IP_PROTO, 17), IPV4, Field.UDP_SRC, Field.UDP_DST),
            Kind.of(Match.IPV6.and(Field.IP_PROTO, 6), IPV6, Field.TCP_SRC, Field.TCP_DST),
            Kind.of(Match.IPV6.and(Field.IP_PROTO, 17), IPV6, Field.UDP_SRC, Field.UDP_DST),
            Kind.of(Match.IPV4.and(Field.IP_PROTO, 132), IPV4, Field.SCTP_SRC, Field.SCTP_DST),
            Kind.of(Match.IPV4.and(Field.IP_PROTO, 1), IPV4, Field.ICMPV4_TYPE, Field.ICMPV4_CODE),
            Kind.of(ICMPV6, IPV6, Field.ICMPV6_TYPE, Field.ICMPV6_CODE),
            Kind.of(SOLICITATION, ND_BOTH, Field.ND_SLL),
            Kind.of(ADVERTISEMENT, ND_BOTH, Field.ND_TLL),
            Kind.of(Match.ARP, ARP));

    private final Random random;
    private long cookie = 1;

    RandomSwitch(Random random) {
        this.random = random;
    }

    FlowTable entries() {
        var entries = new LinkedHashMap<Entry.Key, Entry>();
        put(entries, Meter.ofPackets(1, 1_000_000, 1_000_000));
        put(entries, new Group(1, Group.Type.ALL, List.of(bucket(1), bucket(2))));
        put(entries, new Group(2, Group.Type.INDIRECT, List.of(bucket(1))));
        for (int table = 0; table < TABLES.size(); table++) {
            // Of two flows of one priority that match, a switch may take either, so there are none.
            for (int priority = 2; priority <= 24; priority += 2) {
                put(entries, flow(table, priority));
            }
            put(entries, new Flow(TABLES.get(table), 0, Match.ANY, plain(table), cookie++));
            conjunction(entries, table);
        }
        return FlowTable.of(entries.values());
    }

    private static void put(Map<Entry.Key, Entry> entries, Entry entry) {
        entries.putIfAbsent(entry.key(), entry);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private Group.Bucket bucket(int id) {
        return new Group.Bucket(id, 0, List.of(setRegister(), output()));
    }

    private Flow flow(int table, int priority) {
        var kind = one(KINDS);
        var match = kind.match();
        for (int i = random.nextInt(3); i > 0; i--) {
            match = tested(match, random.nextBoolean() ? kind.fields() : REGISTERS);
        }
        if (random.nextInt(5) == 0) {
            match = beside(match);
        }
        return new Flow(TABLES.get(table), priority, match, actions(table, kind), cookie++);
    }

    private Match tested(Match match, List<Field> fields) {
        var field = one(fields);
        boolean isTested = match.tests().stream().anyMatch(test -> test.header() == field.header());
        if (isTested) {
            return match;
        }
        var value = Values.of(random, field);
        boolean isMasked = field.width() >= 32 && field.header() != Header.ND_RESERVED && random.nextInt(3) == 0;
        return isMasked ? Match.of(append(match, field, value)) : match.and(field, value);
    }

    private List<Match.Test> append(Match match, Field field, Bits value) {
        var mask = Bits.ones(field.width()).shiftLeft(1 + random.nextInt(3)).and(Bits.ones(field.width()));
        var tests = new ArrayList<>(match.tests());
        tests.add(new Match.Test(field.header(), field.place(value.and(mask)), mask.shiftLeft(field.offset())));
        return tests;
    }

    private Match beside(Match match) {
        return switch (random.nextInt(6)) {
            case 5 -> match.and(Field.of(Header.TUN_METADATA0), 1);
            case 0 -> match.and(Field.IN_PORT, 1 + random.nextInt(2));
            case 1 -> match.and(Field.CT_STATE, 0x21, 0x21);
            case 2 -> match.and(Field.CT_STATE, 0x20, 0x30);
            case 3 -> match.and(Field.TUN_ID, 1 + random.nextInt(2));
            default ->
                match.equals(Match.IPV4) || match.equals(Match.IPV6)
                        ? match.and(Field.IP_FRAG, random.nextInt(4) & 3, 3)
                        : match.equals(Match.ARP) ? match.and(Field.VLAN_VID, 0) : match;
        };
    }

    private List<Action> actions(int table, Kind kind) {
        var actions = new ArrayList<Action>();
        boolean isIp = kind.fields().contains(Field.IP_TTL);
        if (random.nextInt(10) == 0) {
            actions.addAll(List.of(new Action.Metered(1), new Action.SetQueue(table)));
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            actions.add(action(table, kind, isIp));
        }
        vlan(kind, actions);
        if (table < TABLES.size() - 1 && random.nextInt(10) < 7) {
            actions.add(Action.goTo(later(table)));
        }
        return actions;
    }

    private void vlan(Kind kind, List<Action> actions) {
        boolean isTagged = kind.fields().contains(Field.VLAN_VID);
        if (isTagged && random.nextInt(3) == 0) {
            actions.add(new Action.PopVlan());
        } else if (random.nextInt(12) == 0) {
            actions.add(new Action.PushVlan(random.nextBoolean() ? 0x8100 : 0x88a8));
            actions.add(Action.set(Field.VLAN_VID, 0x1000 | random.nextInt(4)));
            actions.add(output());
        }
    }

    private Action action(int table, Kind kind, boolean isIp) {
        return switch (random.nextInt(17)) {
            case 16 -> new Action.CheckLarger(random.nextInt(40, 120), Field.reg("larger", random.nextInt(2), 0, 1));
            case 0, 1 -> setRegister();
            case 2, 3, 4 -> setField(kind);
            case 5 -> copy(kind);
            case 6, 7 -> output();
            case 8 -> Action.resubmit(random.nextInt(40) == 0 ? one(TABLES) : later(table));
            case 9 -> Action.onCopy(setField(kind), setRegister(), output());
            case 10 -> isIp ? new Action.DecrementTtl() : output();
            case 11 -> isIp ? track(table) : setRegister();
            case 12 -> new Action.Punt("0102%02x".formatted(random.nextInt(256)));
            case 13 -> new Action.ToGroup(1 + random.nextInt(2));
            case 14 -> random.nextBoolean() ? new Action.CtClear() : Action.set(Field.IN_PORT, 0);
            default -> output();
        };
    }

    private List<Action> plain(int table) {
        return table == TABLES.size() - 1
                ? List.of(output())
                : List.of(setRegister(), output(), Action.goTo(TABLES.get(table + 1)));
    }

    private Table later(int table) {
        int last = TABLES.size() - 1;
        return TABLES.get(table >= last ? last : table + 1 + random.nextInt(last - table));
    }

    private Action output() {
        return Action.output(1 + random.nextInt(PORTS));
    }

    private Action setRegister() {
        var field = one(REGISTERS);
        return new Action.Set(field, Values.of(random, field));
    }

    private Action setField(Kind kind) {
        var field = one(kind.fields());
        return new Action.Set(field, Values.of(random, field));
    }

    private Action copy(Kind kind) {
        var wide = List.of(
                Action.copy(Field.ETH_SRC, Field.ETH_DST),
                Action.copy(Field.reg("low0", 0, 0, 8), Field.reg("low1", 1, 0, 8)),
                Action.copy(Field.reg("mid1", 1, 4, 16), Field.reg("wide5", 5, 4, 16)));
        if (kind.fields().contains(Field.IPV4_SRC) && random.nextBoolean()) {
            return Action.copy(Field.IPV4_SRC, Field.reg("saved", 9, 0, 32));
        }
        if (kind.fields().contains(Field.IPV6_SRC) && random.nextBoolean()) {
            return Action.copy(Field.IPV6_DST, Field.of(Header.XXREG3));
        }
        if (kind.fields().contains(Field.ARP_SPA) && random.nextBoolean()) {
            return Action.copy(Field.ARP_SPA, Field.ARP_TPA);
        }
        return one(wide);
    }

    private Action track(int table) {
        Action.Zone zone = random.nextBoolean()
                ? new Action.Zone.Fixed(1 + random.nextInt(2))
                : new Action.Zone.In(Field.reg("zone", 5, 0, 16));
        boolean commits = random.nextInt(3) == 0;
        Optional<Table> next = table < TABLES.size() - 1 ? Optional.of(later(table)) : Optional.empty();
        List<Action> exec = commits ? List.of(Action.set(Field.CT_MARK, 1 + random.nextInt(3))) : List.of();
        return new Action.Ct(commits, false, zone, next, Optional.empty(), exec);
    }

    // Sources and destinations, of which both must match; sometimes a certain match stands above or below.
    private void conjunction(Map<Entry.Key, Entry> entries, int table) {
        int priority = 5 + 2 * random.nextInt(10);
        long id = 100L + table;
        for (int i = 0; i < 2; i++) {
            put(entries, soft(table, priority, Field.IPV4_SRC, id, 0));
            put(entries, soft(table, priority, Field.IPV4_DST, id, 1));
        }
        var met = Match.IPV4.and(Field.CONJ_ID, id);
        put(entries, new Flow(TABLES.get(table), priority, met, plain(table), cookie++));
    }

    private Flow soft(int table, int priority, Field field, long id, int clause) {
        var match = Match.IPV4.and(field, Values.of(random, field));
        return new Flow(TABLES.get(table), priority, match, List.of(new Action.Conjunction(id, clause, 2)), cookie++);
    }
}

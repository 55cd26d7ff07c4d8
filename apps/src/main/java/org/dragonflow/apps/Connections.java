package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.ALLOWED;
import static org.dragonflow.apps.Registers.ALLOWED_STATELESS;
import static org.dragonflow.apps.Registers.CT_BLOCKED;
import static org.dragonflow.apps.Registers.FILTERED;
import static org.dragonflow.apps.Registers.ROUTED;
import static org.dragonflow.apps.Registers.STATEFUL;
import static org.dragonflow.apps.Registers.ZONE;
import static org.dragonflow.flow.Action.commit;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Action.track;
import static org.dragonflow.flow.Field.CT_STATE;
import static org.dragonflow.flow.Field.IPV6_SRC;
import static org.dragonflow.flow.Field.IP_TTL;
import static org.dragonflow.flow.Flow.MISS;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.OVERRIDE;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Table;

/**
 * The part of security groups that is the same for all ports: what needs no rule, what is an answer, and what becomes of a verdict.
 *
 * <p>Each port has a conntrack zone of its own, so that what the sender's rules let out does not pass the receiver's rules unseen. The
 * packets of a connection that go the way of the first are judged by the rules each time; when the rules allow them no more, the connection
 * is marked as blocked, and its answers stop too.
 */
final class Connections {
    // Bits of ct_state (ovs-fields(7)).
    private static final long NEW = 1;
    private static final long ESTABLISHED = 2;
    private static final long RELATED = 4;
    private static final long REPLY = 8;
    private static final long INVALID = 16;
    private static final long TRACKED = 32;

    /** Multicast listener discovery, router solicitation, neighbour discovery: without these IPv6 does not work at all. */
    private static final List<Integer> ALWAYS_FROM_PORT = List.of(130, 131, 132, 133, 135, 136, 143);

    private static final List<Integer> LISTENING = List.of(130, 131, 132, 143);
    private static final List<Integer> ALWAYS_TO_PORT = List.of(130, 131, 132, 134, 135, 136, 143);

    /** What belongs to something, or begins it. */
    static final Match VALID = state(TRACKED, INVALID);

    static final Match BEGUN = state(NEW | TRACKED, INVALID);
    static final Match RUNNING = state(ESTABLISHED | TRACKED, INVALID);
    static final Match ANSWER = state(ESTABLISHED | REPLY | TRACKED, INVALID);

    /** An error about something in a connection. */
    static final Match RELATED_TO = state(RELATED | TRACKED, INVALID);

    private static final Action.Zone OWN_ZONE = new Action.Zone.In(ZONE);

    private Connections() {}

    static Stream<Flow> fromPort() {
        var free = new ArrayList<>(
                List.of(Match.on(FILTERED, 0), Match.ARP, Packets.udp4(68, 67), Packets.udp6(546, 547)));
        ALWAYS_FROM_PORT.forEach(type -> free.add(onLink(type)));
        return side(
                free,
                List.of(goTo(Tables.PAIR)),
                Tables.FROM_PORT_CONNTRACK,
                Tables.FROM_PORT_STATE,
                Tables.FROM_PORT_GROUPS,
                Tables.FROM_PORT_VERDICT,
                Tables.FROM_PORT_QOS);
    }

    static Stream<Flow> toPort() {
        // A server that the tenant runs, or one on the wire, answers from an address of its own, and no rule was asked
        // for a question to all. It is on the port's own network.
        var lease = Packets.udp4(67, 68).and(ROUTED, 0);
        var lease6 = Packets.udp6(547, 546).and(IPV6_SRC, Packets.LINK_LOCAL);
        var free = new ArrayList<>(List.of(Match.on(FILTERED, 0), Match.ARP, lease, lease6));
        ALWAYS_TO_PORT.forEach(type -> free.add(onLink(type)));
        return side(
                free,
                List.of(PairState.UNKNOWN.set(), track(OWN_ZONE, Tables.TO_PORT_STATE)),
                Tables.TO_PORT_CONNTRACK,
                Tables.TO_PORT_STATE,
                Tables.TO_PORT_GROUPS,
                Tables.TO_PORT_VERDICT,
                Tables.TO_PORT_QOS);
    }

    /** The message as it must be to be believed: it has passed no router, and cannot pass one (RFC 2710, section 3; RFC 4861, section 6.1). */
    private static Match onLink(int type) {
        return Packets.icmpv6(type).and(IP_TTL, LISTENING.contains(type) ? 1 : 255);
    }

    private static Stream<Flow> side(
            List<Match> free,
            List<Action> find,
            Table conntrack,
            Table state,
            Table groups,
            Table verdict,
            Table next) {
        var pass = goTo(next);
        var exempt = free.stream().map(match -> Flow.in(conntrack, SPECIFIC, match, pass));
        var tracked = Packets.eachIp(ip -> Stream.of(
                Flow.in(conntrack, NORMAL, ip.and(STATEFUL, 1), find),
                Flow.in(conntrack, NORMAL, ip.and(STATEFUL, 0), goTo(groups))));
        return Stream.of(exempt, tracked, states(state, groups, pass), verdicts(verdict, pass))
                .flatMap(flows -> flows);
    }

    private static Stream<Flow> states(Table state, Table groups, Action pass) {
        return Stream.of(
                Flow.in(state, NORMAL, ANSWER.and(CT_BLOCKED, 0), pass),
                Flow.in(state, NORMAL + 1, RELATED_TO.and(CT_BLOCKED, 0), pass),
                // An answer of a blocked connection: no rule of this direction was asked when it began, and none is
                // now.
                Flow.drop(state, NORMAL + 2, ANSWER.and(CT_BLOCKED, 1)),
                Flow.in(state, MISS, Match.ANY, goTo(groups)));
    }

    private static Stream<Flow> verdicts(Table verdict, Action pass) {
        var entered = commit(OWN_ZONE, set(CT_BLOCKED, 0));
        var blocked = commit(OWN_ZONE, set(CT_BLOCKED, 1));
        return Stream.concat(
                Stream.of(
                        // Of such a packet nothing is entered, for the other side neither.
                        Flow.in(verdict, OVERRIDE, Match.on(ALLOWED_STATELESS, 1), PairState.UNKNOWN.set(), pass),
                        Flow.in(verdict, NORMAL + 1, RUNNING.and(ALLOWED, 1).and(CT_BLOCKED, 0), pass)),
                Packets.eachIp(ip -> Stream.of(
                        Flow.in(verdict, NORMAL, BEGUN.and(ip).and(ALLOWED, 1), entered, pass),
                        Flow.in(
                                verdict,
                                NORMAL + 2,
                                RUNNING.and(ip).and(ALLOWED, 1).and(CT_BLOCKED, 1),
                                entered,
                                pass),
                        Flow.in(
                                verdict,
                                NORMAL + 1,
                                Packets.whole(RUNNING.and(ip)).and(ALLOWED, 0).and(CT_BLOCKED, 0),
                                blocked))));
    }

    /** The first bits set, the second clear. */
    private static Match state(long set, long clear) {
        return Match.ANY.and(CT_STATE, set, set | clear);
    }
}

package org.dragonflow.apps;

import static org.dragonflow.apps.PairState.ANSWER;
import static org.dragonflow.apps.PairState.BEGINNING;
import static org.dragonflow.apps.PairState.ENTERED;
import static org.dragonflow.apps.PairState.NEW_TO_SENDER;
import static org.dragonflow.apps.PairState.NEW_TO_TARGET;
import static org.dragonflow.apps.PairState.NO_ANSWER;
import static org.dragonflow.apps.PairState.REOPENED;
import static org.dragonflow.apps.PairState.STRANGE_TO_SENDER;
import static org.dragonflow.apps.PairState.UNKNOWN;
import static org.dragonflow.apps.Registers.ALLOWED;
import static org.dragonflow.apps.Registers.ALLOWED_STATELESS;
import static org.dragonflow.apps.Registers.CT_BLOCKED;
import static org.dragonflow.apps.Registers.CT_REFUSED;
import static org.dragonflow.apps.Registers.CT_TARGET;
import static org.dragonflow.apps.Registers.DOMAIN;
import static org.dragonflow.apps.Registers.PEER;
import static org.dragonflow.apps.Registers.PEER_ZONE;
import static org.dragonflow.apps.Registers.SENDER_ZONE;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Registers.ZONE;
import static org.dragonflow.apps.Tables.FROM_PORT_GROUPS;
import static org.dragonflow.apps.Tables.FROM_PORT_QOS;
import static org.dragonflow.apps.Tables.FROM_PORT_STATE;
import static org.dragonflow.apps.Tables.FROM_PORT_VERDICT;
import static org.dragonflow.apps.Tables.PAIR;
import static org.dragonflow.apps.Tables.PAIR_ANSWER;
import static org.dragonflow.apps.Tables.PAIR_ORDER;
import static org.dragonflow.apps.Tables.PAIR_OWN;
import static org.dragonflow.apps.Tables.PAIR_PEER;
import static org.dragonflow.apps.Tables.PAIR_TARGET;
import static org.dragonflow.apps.Tables.TO_PORT_CONNTRACK;
import static org.dragonflow.apps.Tables.TO_PORT_GROUPS;
import static org.dragonflow.apps.Tables.TO_PORT_QOS;
import static org.dragonflow.apps.Tables.TO_PORT_STATE;
import static org.dragonflow.apps.Tables.TO_PORT_VERDICT;
import static org.dragonflow.flow.Action.commit;
import static org.dragonflow.flow.Action.copy;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Action.track;
import static org.dragonflow.flow.Field.ICMPV4_TYPE;
import static org.dragonflow.flow.Field.IPV4_DST;
import static org.dragonflow.flow.Field.IPV4_SRC;
import static org.dragonflow.flow.Field.IPV6_DST;
import static org.dragonflow.flow.Field.IPV6_SRC;
import static org.dragonflow.flow.Field.IP_PROTO;
import static org.dragonflow.flow.Flow.FALLBACK;
import static org.dragonflow.flow.Flow.MISS;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.OVERRIDE;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.compile.ConntrackZone;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.View;

/**
 * Spares the packets of two ports on one chassis the second look at their connection: it is entered once, for both, with the port that let it in
 * ({@link Registers#CT_TARGET}), in the zone of the port that began it.
 *
 * <p>Which zone that is, nobody knows before: the likelier one is asked first, by what the packet looks like, and the other if the first knows
 * nothing. Whatever is not found to have been entered for both goes the way of two ports that know nothing of each other. So the rules of
 * {@link Connections} hold as they do between chassis, and a port that moves to another leaves its peers what they need.
 */
final class Pairs {
    /** Clients take their ports from above this one, servers theirs mostly from below it (net.ipv4.ip_local_port_range). */
    private static final int CLIENT_PORTS = 0x8000;

    private static final List<Integer> ANSWERING_ICMP = List.of(0, 3, 11, 12);
    private static final List<Integer> ANSWERING_ICMPV6 = List.of(1, 2, 3, 4, 129);

    private static final Action.Zone OWN_ZONE = new Action.Zone.In(ZONE);
    private static final Action.Zone THEIR_ZONE = new Action.Zone.In(PEER_ZONE);
    private static final Action.Zone SENDERS_ZONE = new Action.Zone.In(SENDER_ZONE);

    private Pairs() {}

    static App app(Id<Chassis> chassis) {
        return App.named("pairs")
                .derive("domain", LocalNetwork.class, (local, view) -> domain(local.network(), view))
                .forEach(
                        "states",
                        Bridge.class,
                        (_, _) -> Stream.of(order(), own(), answers(), target(), refused(), verdicts())
                                .flatMap(flows -> flows))
                .forEach(
                        "port",
                        Port.class,
                        (port, view) -> isFiltered(port, chassis, view)
                                ? view.get(Zones.of(port.id()).zone()).stream()
                                        .flatMap(zone -> Stream.concat(known(port), found(port, zone, chassis, view)))
                                : Stream.of());
    }

    private static Stream<AddressDomain> domain(Id<Network> network, View view) {
        return Locality.reachable(network, view).stream()
                .flatMap(id -> view.get(id).stream())
                .map(Network::key)
                .min(Comparator.naturalOrder())
                .map(key -> new AddressDomain(AddressDomain.of(network), key))
                .stream();
    }

    private static boolean isFiltered(Port port, Id<Chassis> chassis, View view) {
        return port.portSecurityEnabled()
                && SecurityGroups.isStateful(port, view)
                && Locality.plugged(port, chassis, view).findAny().isPresent();
    }

    /**
     * What the port sends, and what is for it, whichever way it takes there: so an answer finds the connection even if it comes by another way.
     * For the same reason a port is the peer of others only by an address by which it is found itself.
     */
    private static Stream<Flow> found(Port port, ConntrackZone zone, Id<Chassis> chassis, View view) {
        return view.get(AddressDomain.of(port.networkId())).stream()
                .filter(_ -> port.isBoundTo(chassis))
                .flatMap(domain -> port.addresses()
                        .filter(address -> isFirst(port, address, domain, chassis, view))
                        .flatMap(address -> Stream.of(
                                Flow.in(
                                        PAIR,
                                        NORMAL,
                                        with(address, Match.on(SOURCE_PORT, port.key()), IPV4_SRC, IPV6_SRC),
                                        set(DOMAIN, domain.key()),
                                        goTo(PAIR_PEER)),
                                Flow.in(
                                        PAIR_PEER,
                                        NORMAL,
                                        with(address, Match.on(DOMAIN, domain.key()), IPV4_DST, IPV6_DST),
                                        set(PEER, port.key()),
                                        set(PEER_ZONE, zone.number()),
                                        goTo(PAIR_ORDER)))));
    }

    /** Subnets of a domain may overlap, if no router is on both: then one port is found, and the others have no peers. */
    private static boolean isFirst(Port port, IpAddress address, AddressDomain domain, Id<Chassis> chassis, View view) {
        return view.find(Port.having(address))
                .filter(other -> other.key() < port.key() && other.isBoundTo(chassis))
                .filter(other -> view.get(AddressDomain.of(other.networkId()))
                        .filter(its -> its.key() == domain.key())
                        .isPresent())
                .noneMatch(other -> isFiltered(other, chassis, view));
    }

    private static Match with(IpAddress address, Match match, Field ipv4, Field ipv6) {
        return switch (address.version()) {
            case 4 -> match.and(Match.IPV4).and(ipv4, address);
            default -> match.and(Match.IPV6).and(ipv6, address);
        };
    }

    /** What only the port itself can tell: that it is the one that a connection was entered for. */
    private static Stream<Flow> known(Port port) {
        return Stream.of(
                Flow.in(
                        PAIR_OWN,
                        SPECIFIC,
                        Connections.VALID.and(PEER, port.key()).and(CT_TARGET, port.key()),
                        ENTERED.set(),
                        goTo(FROM_PORT_STATE)),
                Flow.in(
                        PAIR_ANSWER,
                        SPECIFIC,
                        Connections.VALID.and(SOURCE_PORT, port.key()).and(CT_TARGET, port.key()),
                        ANSWER.set(),
                        goTo(FROM_PORT_STATE)),
                // The pipeline has found the port that was expected.
                Flow.in(
                        TO_PORT_CONNTRACK,
                        NORMAL + 1,
                        Match.on(TARGET_PORT, port.key()).and(PEER, port.key()),
                        goTo(PAIR_TARGET)));
    }

    private static Stream<Flow> order() {
        var alone = track(OWN_ZONE, FROM_PORT_STATE);
        var kept = copy(ZONE, SENDER_ZONE);
        return Stream.concat(
                Packets.eachIp(ip -> Stream.of(
                        Flow.in(PAIR, FALLBACK, ip, alone),
                        Flow.in(PAIR_PEER, FALLBACK, ip, alone),
                        Flow.in(PAIR_ORDER, FALLBACK, ip, kept, track(OWN_ZONE, PAIR_OWN)))),
                answering().map(answer -> Flow.in(PAIR_ORDER, NORMAL, answer, kept, track(THEIR_ZONE, PAIR_ANSWER))));
    }

    /** What looks like an answer. If it is none, it is looked up once more, and that is all. */
    private static Stream<Match> answering() {
        var transports = Packets.eachIp(ip -> Protocols.WITH_PORTS.stream()
                .map(transport -> ip.and(IP_PROTO, transport.number())
                        .and(transport.source(), 0, CLIENT_PORTS)
                        .and(transport.destination(), CLIENT_PORTS, CLIENT_PORTS)));
        var icmp = ANSWERING_ICMP.stream().map(type -> Packets.ICMPV4.and(ICMPV4_TYPE, type));
        var icmpv6 = ANSWERING_ICMPV6.stream().map(Packets::icmpv6);
        return Stream.of(transports, icmp, icmpv6).flatMap(matches -> matches);
    }

    private static Stream<Flow> own() {
        var known = goTo(FROM_PORT_STATE);
        var ask = track(THEIR_ZONE, PAIR_ANSWER);
        return Stream.concat(
                Stream.of(
                        Flow.in(PAIR_OWN, NORMAL + 2, Connections.RUNNING, UNKNOWN.set(), known),
                        Flow.in(PAIR_OWN, NORMAL + 3, Connections.RELATED_TO, UNKNOWN.set(), known),
                        Flow.in(PAIR_OWN, NORMAL + 1, begun(NEW_TO_TARGET), BEGINNING.set(), known),
                        Flow.in(PAIR_OWN, MISS, Match.ANY, UNKNOWN.set(), known)),
                Packets.eachIp(ip -> Stream.of(
                        Flow.in(PAIR_OWN, NORMAL, ip.and(begun(UNKNOWN)), NEW_TO_SENDER.set(), ask),
                        Flow.in(PAIR_OWN, FALLBACK, ip.and(UNKNOWN.match()), STRANGE_TO_SENDER.set(), ask))));
    }

    private static Match begun(PairState state) {
        return Connections.BEGUN.and(state.match());
    }

    private static Stream<Flow> answers() {
        var begins = Flow.in(PAIR_ANSWER, NORMAL, begun(NEW_TO_SENDER), BEGINNING.set(), goTo(FROM_PORT_GROUPS));
        var ask = track(OWN_ZONE, PAIR_OWN);
        var alone = track(OWN_ZONE, FROM_PORT_STATE);
        return Stream.concat(
                Stream.of(begins),
                Packets.eachIp(ip -> Stream.of(
                        Flow.in(PAIR_ANSWER, NORMAL, ip.and(begun(UNKNOWN)), NEW_TO_TARGET.set(), ask),
                        Flow.in(PAIR_ANSWER, FALLBACK, ip.and(UNKNOWN.match()), NO_ANSWER.set(), ask),
                        Flow.in(PAIR_ANSWER, FALLBACK - 1, ip, UNKNOWN.set(), alone))));
    }

    private static Stream<Flow> target() {
        var pass = goTo(TO_PORT_QOS);
        var judge = goTo(TO_PORT_GROUPS);
        var error = Connections.RELATED_TO;
        return Stream.concat(
                Stream.of(
                        Flow.in(PAIR_TARGET, NORMAL, ANSWER.match().and(Connections.ANSWER), pass),
                        Flow.in(PAIR_TARGET, NORMAL + 1, ANSWER.match().and(error), pass),
                        Flow.in(
                                PAIR_TARGET,
                                NORMAL + 1,
                                ENTERED.match().and(error).and(CT_REFUSED, 0),
                                pass),
                        Flow.in(PAIR_TARGET, NORMAL, ENTERED.match(), judge),
                        Flow.in(PAIR_TARGET, NORMAL, REOPENED.match(), judge),
                        Flow.in(PAIR_TARGET, NORMAL, BEGINNING.match(), judge)),
                Packets.eachIp(ip ->
                        Stream.of(Flow.in(PAIR_TARGET, FALLBACK, ip, UNKNOWN.set(), track(OWN_ZONE, TO_PORT_STATE)))));
    }

    /** What the target's rules have stopped: no answer of it passes, and no error about it but by a rule. */
    private static Stream<Flow> refused() {
        return Stream.of(
                Flow.drop(FROM_PORT_STATE, NORMAL + 3, Connections.ANSWER.and(CT_REFUSED, 1)),
                // The target knows the connection by itself too, from before, and nothing of the refusal.
                Flow.drop(TO_PORT_STATE, NORMAL + 3, Connections.ANSWER.and(CT_REFUSED, 1)),
                Flow.in(
                        FROM_PORT_STATE,
                        NORMAL + 4,
                        Connections.RELATED_TO.and(CT_REFUSED, 1),
                        goTo(FROM_PORT_GROUPS)));
    }

    private static Stream<Flow> verdicts() {
        var pass = goTo(TO_PORT_QOS);
        var allowed = Match.on(ALLOWED, 1);
        var refused = Match.on(ALLOWED, 0);
        var entered = ENTERED.match();
        // Nothing more is to be entered, and what was found in the connection is still wanted.
        var again = entered.and(Connections.BEGUN).and(allowed).and(CT_BLOCKED, 0);
        return Stream.concat(
                Stream.of(
                        Flow.in(FROM_PORT_VERDICT, NORMAL + 1, again, goTo(FROM_PORT_QOS)),
                        // What was entered for both is still looked for where it is, though the sender needs it no
                        // more.
                        Flow.in(
                                FROM_PORT_VERDICT,
                                OVERRIDE + 1,
                                entered.and(ALLOWED_STATELESS, 1),
                                goTo(FROM_PORT_QOS)),
                        Flow.in(TO_PORT_VERDICT, SPECIFIC, REOPENED.match().and(allowed), pass),
                        Flow.in(TO_PORT_VERDICT, SPECIFIC, entered.and(allowed).and(CT_REFUSED, 0), pass),
                        Flow.drop(
                                TO_PORT_VERDICT, SPECIFIC, entered.and(refused).and(CT_REFUSED, 1))),
                Packets.eachIp(ip -> Stream.of(
                        reopen(Connections.RUNNING.and(ip)),
                        reopen(Connections.BEGUN.and(ip)),
                        alone(Connections.BEGUN.and(ip).and(BEGINNING.match())),
                        alone(Connections.VALID.and(ip).and(ENTERED.match()).and(CT_BLOCKED, 1)),
                        Flow.in(
                                TO_PORT_VERDICT,
                                SPECIFIC,
                                BEGINNING.match().and(ip).and(allowed),
                                commit(SENDERS_ZONE, set(CT_REFUSED, 0), copy(TARGET_PORT, CT_TARGET)),
                                pass),
                        Flow.in(
                                TO_PORT_VERDICT,
                                SPECIFIC,
                                entered.and(ip).and(allowed).and(CT_REFUSED, 1),
                                commit(SENDERS_ZONE, set(CT_REFUSED, 0)),
                                pass),
                        refuse(entered.and(Connections.RUNNING)
                                .and(CT_REFUSED, 0)
                                .and(ip)),
                        refuse(REOPENED.match().and(ip)))));
    }

    /** What is entered by a piece: the target is then without the connection that the piece is judged by, and looks it up by itself. */
    private static Flow alone(Match match) {
        return Flow.in(
                FROM_PORT_VERDICT,
                SPECIFIC,
                Packets.piece(match).and(ALLOWED, 1),
                commit(OWN_ZONE, set(CT_BLOCKED, 0)),
                UNKNOWN.set(),
                goTo(FROM_PORT_QOS));
    }

    private static Flow reopen(Match match) {
        return Flow.in(
                FROM_PORT_VERDICT,
                NORMAL + 3,
                match.and(ENTERED.match()).and(ALLOWED, 1).and(CT_BLOCKED, 1),
                commit(OWN_ZONE, set(CT_BLOCKED, 0), set(CT_REFUSED, 0)),
                REOPENED.set(),
                goTo(FROM_PORT_QOS));
    }

    private static Flow refuse(Match match) {
        return Flow.in(
                TO_PORT_VERDICT,
                SPECIFIC,
                Packets.whole(match).and(ALLOWED, 0),
                commit(SENDERS_ZONE, set(CT_REFUSED, 1)));
    }
}

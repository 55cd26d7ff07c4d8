package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.IS_ROUTER;
import static org.dragonflow.apps.Registers.NEIGHBOUR_HIGH;
import static org.dragonflow.apps.Registers.NEIGHBOUR_LOW;
import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.ROUTED;
import static org.dragonflow.apps.Registers.SCRATCH_MAC;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Tables.ANSWER;
import static org.dragonflow.apps.Tables.ANSWER_ND;
import static org.dragonflow.apps.Tables.DISPATCH;
import static org.dragonflow.apps.Tables.L2_LOOKUP;
import static org.dragonflow.apps.Tables.NEIGHBOUR;
import static org.dragonflow.apps.Tables.ROUTER_IN;
import static org.dragonflow.apps.Tables.SERVICES;
import static org.dragonflow.apps.Tables.TO_PORT;
import static org.dragonflow.flow.Action.copy;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.resubmit;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.ARP_OP;
import static org.dragonflow.flow.Field.ARP_SHA;
import static org.dragonflow.flow.Field.ARP_SPA;
import static org.dragonflow.flow.Field.ARP_THA;
import static org.dragonflow.flow.Field.ARP_TPA;
import static org.dragonflow.flow.Field.ETH_DST;
import static org.dragonflow.flow.Field.ETH_SRC;
import static org.dragonflow.flow.Field.ICMPV6_TYPE;
import static org.dragonflow.flow.Field.IN_PORT;
import static org.dragonflow.flow.Field.IPV6_DST;
import static org.dragonflow.flow.Field.IPV6_SRC;
import static org.dragonflow.flow.Field.ND_OPTIONS_TYPE;
import static org.dragonflow.flow.Field.ND_RESERVED;
import static org.dragonflow.flow.Field.ND_SLL;
import static org.dragonflow.flow.Field.ND_TARGET;
import static org.dragonflow.flow.Field.ND_TLL;
import static org.dragonflow.flow.Flow.MISS;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.OVERRIDE;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.compile.Punted;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.View;

/**
 * Answers ARP and neighbour solicitations in the switch, for every address that the topology knows.
 *
 * <p>One flow for each address serves ARP, neighbour discovery and routing alike: it finds the link-layer address and the port.
 */
final class Neighbours {
    private static final long MAPPED = 0xffff;

    // Flags of a neighbour advertisement (RFC 4861, section 4.4): router, solicited, override.
    private static final long ROUTER_FLAG = 0x8000_0000L;
    private static final long SOLICITED_FLAG = 0x4000_0000L;
    private static final long OVERRIDE_FLAG = 0x2000_0000L;

    private Neighbours() {}

    static App app(Id<Chassis> chassis) {
        return App.named("neighbours")
                .forEach(
                        "questions",
                        Bridge.class,
                        (_, _) -> Stream.concat(questions(), Stream.concat(arpAnswer(), ndAnswer())))
                .forEach(
                        "known",
                        Port.class,
                        (port, view) -> isSomewhere(port)
                                ? near(port, chassis, view)
                                        .flatMap(network -> known(port, addresses(port), chassis, network))
                                : Stream.of())
                .forEach("own", Port.class, (port, _) -> port.isExpectedAt(chassis) ? own(port) : Stream.of());
    }

    /** Whether anybody can be met at the port's addresses; a port that nothing is bound to may stand for an address that others share. */
    private static boolean isSomewhere(Port port) {
        return port.isRouterInterface() || port.hostId().isPresent();
    }

    private static Stream<Network> near(Port port, Id<Chassis> chassis, View view) {
        boolean isNear = port.isOutside() && port.isExpectedAt(chassis)
                || view.get(NearNetwork.of(port.networkId())).isPresent();
        return isNear ? view.get(port.networkId()).stream() : Stream.of();
    }

    private static Stream<Flow> questions() {
        return Stream.of(
                Flow.in(SERVICES, NORMAL, Match.ARP.and(ARP_OP, 1), wanting(ARP_TPA, goTo(NEIGHBOUR))),
                Flow.in(
                        SERVICES,
                        NORMAL,
                        Packets.icmpv6(Packets.NEIGHBOUR_SOLICITATION),
                        wantingIpv6(Header.ND_TARGET, goTo(NEIGHBOUR))),
                // Who answers without the tag answers on another link.
                Flow.in(SERVICES, OVERRIDE, Packets.TAGGED, goTo(L2_LOOKUP)),
                Flow.in(SERVICES, MISS, Match.ANY, goTo(ROUTER_IN)),
                Flow.in(NEIGHBOUR, MISS, Match.ANY, goTo(L2_LOOKUP)),
                Flow.in(ANSWER, SPECIFIC, Match.on(ROUTED, 1), goTo(TO_PORT)));
    }

    /** Takes the IPv4 address in the field for the neighbour that is wanted, and goes on. */
    static List<Action> wanting(Field ipv4, Action... then) {
        var actions = new ArrayList<>(List.of(set(NEIGHBOUR_HIGH, MAPPED), copy(ipv4, NEIGHBOUR_LOW)));
        actions.addAll(List.of(then));
        return actions;
    }

    /** Takes the IPv6 address in the header for the neighbour that is wanted, and goes on. */
    static List<Action> wantingIpv6(Header ipv6, Action... then) {
        var actions = new ArrayList<>(List.of(
                copy(Field.named(ipv6 + "_high", ipv6, 32, 96), NEIGHBOUR_HIGH),
                copy(Field.named(ipv6 + "_low", ipv6, 0, 32), NEIGHBOUR_LOW)));
        actions.addAll(List.of(then));
        return actions;
    }

    /** The high and the low part of the neighbour that is wanted. */
    static Bits[] parts(IpAddress address) {
        return switch (address) {
            case Ipv4 ipv4 -> new Bits[] {Bits.of(MAPPED), Bits.of(ipv4.low())};
            case Ipv6 ipv6 -> {
                var bits = new Bits(ipv6.high(), ipv6.low());
                yield new Bits[] {bits.shiftRight(32), bits.and(Bits.ones(32))};
            }
        };
    }

    /** The neighbour that is wanted, as registers of a punted packet have it. */
    static IpAddress address(Punted punted) {
        long high = part(punted, 0) << 32 | part(punted, 1);
        long low = part(punted, 2) << 32 | part(punted, 3);
        return high == 0 && low >>> 32 == MAPPED ? new Ipv4((int) low) : new Ipv6(high, low);
    }

    /** A quarter of the registers of the neighbour; they travel to the controller one by one. */
    private static long part(Punted punted, int i) {
        return punted.headers()
                .getOrDefault(NEIGHBOUR_HIGH.header().quarter(i), Bits.ZERO)
                .low();
    }

    /** The addresses of a port that are answered for: servers speak for their link-local addresses themselves. */
    static Stream<IpAddress> addresses(Port port) {
        return port.isRouterInterface()
                ? Stream.concat(port.addresses(), Stream.of(port.macAddress().linkLocal()))
                        .distinct()
                : port.addresses();
    }

    /** The port is met at these addresses. */
    static Stream<Flow> known(Port port, Stream<IpAddress> addresses, Id<Chassis> chassis, Network network) {
        boolean isServedHere = port.isRouterInterface() || port.isOutside() && port.isBoundTo(chassis);
        var isRouter = set(IS_ROUTER, isServedHere ? 1 : 0);
        return addresses.flatMap(address -> {
            var wanted = Match.on(NETWORK, network.key())
                    .and(NEIGHBOUR_HIGH, parts(address)[0])
                    .and(NEIGHBOUR_LOW, parts(address)[1]);
            var found = Flow.in(
                    NEIGHBOUR,
                    NORMAL,
                    wanted,
                    set(ETH_DST, port.macAddress()),
                    set(TARGET_PORT, port.key()),
                    isRouter,
                    goTo(ANSWER));
            // The next hop is another router: its part is done here too.
            var onward = Flow.in(
                    NEIGHBOUR, SPECIFIC, wanted.and(ROUTED, 1), set(ETH_DST, port.macAddress()), resubmit(ROUTER_IN));
            return isServedHere ? Stream.of(found, onward) : Stream.of(found);
        });
    }

    /** A question for one's own address looks for others who use it, or tells them of it; it is not answered but passed on. */
    private static Stream<Flow> own(Port port) {
        var from = Match.on(SOURCE_PORT, port.key());
        return port.addresses().map(address -> switch (address) {
            case Ipv4 ipv4 ->
                Flow.in(SERVICES, SPECIFIC, from.and(Match.ARP).and(ARP_OP, 1).and(ARP_TPA, ipv4), goTo(L2_LOOKUP));
            case Ipv6 ipv6 ->
                Flow.in(
                        SERVICES,
                        SPECIFIC,
                        from.and(Packets.icmpv6(Packets.NEIGHBOUR_SOLICITATION)).and(ND_TARGET, ipv6),
                        goTo(L2_LOOKUP));
        });
    }

    private static Stream<Flow> arpAnswer() {
        return Stream.of(Flow.in(
                ANSWER,
                NORMAL,
                Match.ARP.and(ARP_OP, 1),
                copy(ARP_SHA, ARP_THA),
                copy(ETH_DST, ARP_SHA),
                copy(ARP_SPA, ARP_TPA),
                copy(NEIGHBOUR_LOW, ARP_SPA),
                copy(ETH_SRC, SCRATCH_MAC),
                copy(ETH_DST, ETH_SRC),
                copy(SCRATCH_MAC, ETH_DST),
                set(ARP_OP, 2),
                copy(SOURCE_PORT, TARGET_PORT),
                set(IN_PORT, 0),
                goTo(DISPATCH)));
    }

    /** In two steps, since the fields of an advertisement can be set only once the packet is one. */
    private static Stream<Flow> ndAnswer() {
        var question = Packets.icmpv6(Packets.NEIGHBOUR_SOLICITATION);
        var answer = Packets.icmpv6(Packets.NEIGHBOUR_ADVERTISEMENT);
        var swap = List.of(copy(ETH_SRC, SCRATCH_MAC), copy(ETH_DST, ETH_SRC), copy(SCRATCH_MAC, ETH_DST));
        var become =
                List.of(copy(ND_TARGET, IPV6_SRC), set(ICMPV6_TYPE, Packets.NEIGHBOUR_ADVERTISEMENT), goTo(ANSWER_ND));
        var toAsker = joined(swap, List.of(copy(IPV6_SRC, IPV6_DST)), become);
        var toAll = joined(swap, List.of(set(IPV6_DST, Ipv6.ALL_NODES)), become);
        var bare = question.and(ND_SLL, Mac.ZERO);
        return Stream.of(
                // Without an option there is no room for ours, and a switch would write it all the same, into whatever
                // memory lies behind the packet (OVS 3.1, packet_set_nd_ext); so neither option nor flags are set.
                Flow.in(ANSWER, NORMAL + 2, bare, joined(swap, List.of(copy(IPV6_SRC, IPV6_DST)), becomeBare())),
                Flow.in(
                        ANSWER,
                        NORMAL + 3,
                        bare.and(IPV6_SRC, Ipv6.ANY),
                        joined(
                                swap,
                                List.of(set(IPV6_DST, Ipv6.ALL_NODES), set(ETH_DST, Ipv6.ALL_NODES.multicastMac())),
                                becomeBare())),
                Flow.in(ANSWER, NORMAL, question, toAsker),
                // Somebody is about to take an address that is taken (RFC 4862, section 5.4.3).
                Flow.in(ANSWER, NORMAL + 1, question.and(IPV6_SRC, Ipv6.ANY), toAll),
                Flow.in(ANSWER_ND, NORMAL, answer.and(IS_ROUTER, 0), complete(SOLICITED_FLAG | OVERRIDE_FLAG)),
                Flow.in(
                        ANSWER_ND,
                        NORMAL,
                        answer.and(IS_ROUTER, 1),
                        complete(ROUTER_FLAG | SOLICITED_FLAG | OVERRIDE_FLAG)),
                Flow.in(ANSWER_ND, SPECIFIC, answer.and(IPV6_DST, Ipv6.ALL_NODES), completeToAll()));
    }

    private static List<Action> becomeBare() {
        return List.of(
                copy(ND_TARGET, IPV6_SRC),
                set(ICMPV6_TYPE, Packets.NEIGHBOUR_ADVERTISEMENT),
                copy(SOURCE_PORT, TARGET_PORT),
                set(IN_PORT, 0),
                goTo(DISPATCH));
    }

    private static List<Action> joined(List<Action> first, List<Action> second, List<Action> third) {
        return Stream.of(first, second, third).flatMap(List::stream).toList();
    }

    private static List<Action> complete(long flags) {
        return List.of(
                set(ND_OPTIONS_TYPE, 2),
                copy(ETH_SRC, ND_TLL),
                set(ND_RESERVED, flags),
                copy(SOURCE_PORT, TARGET_PORT),
                set(IN_PORT, 0),
                goTo(DISPATCH));
    }

    private static List<Action> completeToAll() {
        return Stream.concat(Stream.of(set(ETH_DST, Ipv6.ALL_NODES.multicastMac())), complete(OVERRIDE_FLAG).stream())
                .toList();
    }
}

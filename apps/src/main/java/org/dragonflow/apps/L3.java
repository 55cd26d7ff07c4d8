package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.FROM_TUNNEL;
import static org.dragonflow.apps.Registers.NEIGHBOUR_HIGH;
import static org.dragonflow.apps.Registers.NEIGHBOUR_LOW;
import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.ROUTED;
import static org.dragonflow.apps.Registers.ROUTER;
import static org.dragonflow.apps.Registers.SCRATCH_MAC;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Tables.NAT_REPLY;
import static org.dragonflow.apps.Tables.NEIGHBOUR;
import static org.dragonflow.apps.Tables.PUNT;
import static org.dragonflow.apps.Tables.ROUTE;
import static org.dragonflow.apps.Tables.ROUTER_ADDRESS;
import static org.dragonflow.apps.Tables.ROUTER_IN;
import static org.dragonflow.flow.Action.copy;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.ETH_DST;
import static org.dragonflow.flow.Field.ETH_SRC;
import static org.dragonflow.flow.Field.ICMPV4_CODE;
import static org.dragonflow.flow.Field.ICMPV4_TYPE;
import static org.dragonflow.flow.Field.ICMPV6_TYPE;
import static org.dragonflow.flow.Field.IN_PORT;
import static org.dragonflow.flow.Field.IPV4_DST;
import static org.dragonflow.flow.Field.IPV4_SRC;
import static org.dragonflow.flow.Field.IPV6_DST;
import static org.dragonflow.flow.Field.IPV6_SRC;
import static org.dragonflow.flow.Field.IP_TTL;
import static org.dragonflow.flow.Flow.MISS;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;

/** Routes between networks on the chassis where the packet starts, and answers for the addresses of routers. */
final class L3 {
    private L3() {}

    static App app(Id<Chassis> chassis) {
        var app = App.named("l3")
                .forEach("hops", Bridge.class, (_, _) -> hops())
                .forEach(
                        "interface",
                        RouterInterface.class,
                        (own, view) -> leg(own, chassis, view).flatMap(leg -> at(leg, view)))
                .forEach(
                        "outside",
                        EdgeRouter.class,
                        (edge, view) -> outside(edge, chassis, view).flatMap(leg -> way(leg, chassis, view)))
                .forEach("routes", Router.class, (router, view) -> routes(router, chassis, view));
        for (var reason : List.of(
                PuntReason.NO_HOP_LEFT,
                PuntReason.NO_ROUTE,
                PuntReason.NO_NEIGHBOUR,
                PuntReason.ROUTER_PORT,
                PuntReason.BEYOND_LINK)) {
            app = app.answering(RouterErrors.responder(reason, chassis));
        }
        return app;
    }

    /**
     * A router on one of its networks.
     *
     * @param source the address that its packets bear there: its own, unless a wire must see that in another place
     * @param isOutside whether it is the router's way outside
     * @param isNarrow whether packets may come that are too big for the network
     */
    record Leg(Router router, Network network, Port port, Mac source, boolean isOutside, boolean isNarrow) {
        /** Whether the wire sees the router elsewhere, so that what is for it from there is not for this chassis. */
        boolean isElsewhere() {
            return !source.equals(port.macAddress());
        }
    }

    static Stream<Leg> leg(RouterInterface own, Id<Chassis> chassis, View view) {
        return view.get(own.routerId()).stream()
                .filter(Router::adminStateUp)
                .filter(_ -> view.get(NearNetwork.of(own.networkId())).isPresent())
                .flatMap(router -> view.get(own.networkId()).stream()
                        .flatMap(network -> view.get(own.portId()).stream()
                                .map(port -> leg(router, network, port, false, chassis, view))));
    }

    /** The way outside of a router. */
    private static Stream<Leg> outside(EdgeRouter edge, Id<Chassis> chassis, View view) {
        return view.get(edge.router()).stream()
                .filter(Router::adminStateUp)
                .flatMap(router -> router.gatewayPortId().flatMap(view::get).stream()
                        .flatMap(port -> view.get(port.networkId()).stream()
                                .map(network -> leg(router, network, port, true, chassis, view))));
    }

    private static Leg leg(
            Router router, Network network, Port port, boolean isOutside, Id<Chassis> chassis, View view) {
        var source = source(port, chassis, view);
        return new Leg(router, network, port, source, isOutside, PathMtu.isNarrow(network, router, view));
    }

    static Mac source(Port port, Id<Chassis> chassis, View view) {
        return view.get(Wire.of(port.networkId())).isEmpty() || port.isBoundTo(chassis)
                ? port.macAddress()
                : Wire.address(chassis);
    }

    private static Stream<Flow> hops() {
        // An answer from the router's own address comes before the count of hops: the packet has arrived.
        return Stream.concat(
                rest().stream(),
                Packets.eachIp(ip -> Stream.of(0, 1)
                        .map(ttl ->
                                Flow.in(ROUTER_ADDRESS, NORMAL, ip.and(IP_TTL, ttl), punt(PuntReason.NO_HOP_LEFT)))));
    }

    private static List<Flow> rest() {
        return List.of(
                Flow.in(ROUTER_IN, MISS, Match.ANY, goTo(Tables.L2_LOOKUP)),
                Flow.in(ROUTER_ADDRESS, MISS, Match.ANY, goTo(ROUTE)),
                // Link-local addresses are not routed, whatever routes there are (RFC 4291, section 2.5.6).
                Flow.in(
                        ROUTER_ADDRESS,
                        NORMAL + 1,
                        Match.IPV6.and(IPV6_SRC, Packets.LINK_LOCAL),
                        punt(PuntReason.BEYOND_LINK)),
                Flow.in(
                        ROUTER_ADDRESS,
                        NORMAL + 2,
                        Match.IPV6.and(IPV6_DST, Packets.LINK_LOCAL),
                        punt(PuntReason.NO_ROUTE)),
                Flow.in(ROUTE, MISS, Match.ANY, punt(PuntReason.NO_ROUTE)),
                Flow.in(NEIGHBOUR, Flow.FALLBACK, Match.on(ROUTED, 1), punt(PuntReason.NO_NEIGHBOUR)));
    }

    private static List<Action> punt(PuntReason reason) {
        return List.of(reason.set(), goTo(PUNT));
    }

    private static Stream<Flow> at(Leg leg, View view) {
        var in = arrivals(leg);
        var elsewhere = leg.isElsewhere()
                ? Stream.of(Flow.drop(ROUTER_IN, SPECIFIC, towards(leg).and(SOURCE_PORT, Wire.key(leg.network()))))
                : Stream.<Flow>of();
        var addresses = Neighbours.addresses(leg.port()).flatMap(address -> address(leg, address));
        var connected = subnets(leg.port(), view).map(subnet -> connected(leg, subnet.cidr()));
        return Stream.of(in, elsewhere, addresses, connected).flatMap(s -> s);
    }

    private static Match towards(Leg leg) {
        return Match.on(NETWORK, leg.network().key()).and(ETH_DST, leg.port().macAddress());
    }

    private static Stream<Flow> arrivals(Leg leg) {
        return Packets.eachIp(ip -> Stream.of(Flow.in(
                ROUTER_IN,
                NORMAL,
                towards(leg).and(ip),
                set(ROUTER, leg.router().key()),
                set(ROUTED, 1),
                set(FROM_TUNNEL, 0),
                goTo(ROUTER_ADDRESS))));
    }

    /** The way outside: the router itself as others see it, the networks that are there, and all the world beyond their gateways. */
    private static Stream<Flow> way(Leg leg, Id<Chassis> chassis, View view) {
        var in = leg.port().isBoundTo(chassis) ? arrivals(leg) : Stream.<Flow>of();
        var addresses = leg.port().addresses().flatMap(address -> address(leg, address));
        var connected = view.find(Subnet.on(leg.network().id()))
                .map(Subnet::cidr)
                .distinct()
                .map(block -> connected(leg, block));
        var beyond = subnets(leg.port(), view)
                .flatMap(subnet -> subnet.gatewayIp().stream())
                .collect(Collectors.toMap(IpAddress::version, gateway -> gateway, (first, _) -> first))
                .values()
                .stream()
                .map(gateway -> via(leg, new IpPrefix(gateway.version() == 4 ? Ipv4.ANY : Ipv6.ANY, 0), gateway));
        return Stream.of(in, addresses, connected, beyond).flatMap(s -> s);
    }

    /** The subnets that a port has an address of. */
    static Stream<Subnet> subnets(Port port, View view) {
        return port.fixedIps().stream().map(Port.FixedIp::subnetId).distinct().flatMap(id -> view.get(id).stream());
    }

    private static Stream<Flow> address(Leg leg, IpAddress address) {
        var in = Match.on(ROUTER, leg.router().key());
        return switch (address) {
            case Ipv4 ipv4 -> {
                // From inside, others who share the address outside may be meant; they are met by way of there.
                var here = leg.isOutside() ? in.and(NETWORK, leg.network().key()) : in;
                var own = here.and(Match.IPV4).and(IPV4_DST, ipv4);
                var echo = in.and(Packets.ICMPV4)
                        .and(IPV4_DST, ipv4)
                        .and(ICMPV4_TYPE, 8)
                        .and(ICMPV4_CODE, 0);
                yield Stream.of(
                        Flow.in(
                                ROUTER_ADDRESS,
                                SPECIFIC + 1,
                                echo,
                                echoReply(copy(IPV4_SRC, IPV4_DST), set(IPV4_SRC, ipv4), set(ICMPV4_TYPE, 0))),
                        Flow.in(ROUTER_ADDRESS, SPECIFIC, own, punt(PuntReason.ROUTER_PORT)));
            }
            case Ipv6 ipv6 -> {
                // A link-local address may be that of other networks' legs too.
                var here = ipv6.isLinkLocal() ? in.and(NETWORK, leg.network().key()) : in;
                var own = here.and(Match.IPV6).and(IPV6_DST, ipv6);
                var echo = here.and(Packets.icmpv6(128)).and(IPV6_DST, ipv6);
                yield Stream.of(
                        Flow.in(
                                ROUTER_ADDRESS,
                                SPECIFIC + 1,
                                echo,
                                echoReply(copy(IPV6_SRC, IPV6_DST), set(IPV6_SRC, ipv6), set(ICMPV6_TYPE, 129))),
                        Flow.in(ROUTER_ADDRESS, SPECIFIC, own, punt(PuntReason.ROUTER_PORT)));
            }
        };
    }

    private static List<Action> echoReply(Action... turn) {
        var actions = new ArrayList<>(
                List.of(copy(ETH_SRC, SCRATCH_MAC), copy(ETH_DST, ETH_SRC), copy(SCRATCH_MAC, ETH_DST)));
        actions.addAll(List.of(turn));
        actions.addAll(
                List.of(set(IP_TTL, 64), copy(SOURCE_PORT, TARGET_PORT), set(IN_PORT, 0), goTo(Tables.DISPATCH)));
        return actions;
    }

    private static Flow connected(Leg leg, IpPrefix block) {
        var next = block.version() == 4 ? Neighbours.wanting(IPV4_DST) : Neighbours.wantingIpv6(Header.IPV6_DST);
        return route(leg, block, leg.isOutside() ? 1 : 2, next);
    }

    private static Flow via(Leg leg, IpPrefix block, IpAddress nexthop) {
        var parts = Neighbours.parts(nexthop);
        return route(
                leg,
                block,
                0,
                List.of(new Action.Set(NEIGHBOUR_HIGH, parts[0]), new Action.Set(NEIGHBOUR_LOW, parts[1])));
    }

    private static Stream<Flow> routes(Router router, Id<Chassis> chassis, View view) {
        var inside = view.find(RouterInterface.of(router.id())).flatMap(own -> leg(own, chassis, view));
        var outside = view.get(EdgeRouter.of(router.id())).stream().flatMap(edge -> outside(edge, chassis, view));
        var legs = Stream.concat(inside, outside).toList();
        return router.routes().stream()
                .flatMap(route -> legs.stream()
                        .filter(leg -> subnets(leg.port(), view)
                                .anyMatch(subnet -> subnet.cidr().contains(route.nexthop())))
                        .limit(1)
                        .map(leg -> via(leg, route.destination(), route.nexthop())));
    }

    /** The longest prefix wins, and of equally long ones the router's own subnet, inside before outside. */
    private static Flow route(Leg leg, IpPrefix block, int preference, List<Action> wanting) {
        var in = Match.on(ROUTER, leg.router().key());
        var match = block.version() == 4
                ? in.and(Match.IPV4).and(IPV4_DST, block)
                : in.and(Match.IPV6).and(IPV6_DST, block);
        var actions = new ArrayList<Action>(List.of(
                new Action.DecrementTtl(),
                set(NETWORK, leg.network().key()),
                set(ETH_SRC, leg.source()),
                // So that a packet may go back out of the port it came in on.
                set(IN_PORT, 0)));
        if (leg.isOutside()) {
            // What security groups know of the connection says nothing of its translation.
            actions.add(new Action.CtClear());
        }
        actions.addAll(wanting);
        if (leg.isNarrow()) {
            actions.addAll(PathMtu.onwards(leg.network()));
        } else {
            actions.add(goTo(leg.isOutside() ? NAT_REPLY : NEIGHBOUR));
        }
        return Flow.in(ROUTE, NORMAL + 4 * block.length() + preference, match, actions);
    }
}

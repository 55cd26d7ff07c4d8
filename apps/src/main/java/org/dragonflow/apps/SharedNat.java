package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.FROM_TUNNEL;
import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.OUTSIDE;
import static org.dragonflow.apps.Registers.ROUTED;
import static org.dragonflow.apps.Registers.ROUTER;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Registers.TOO_BIG;
import static org.dragonflow.apps.Tables.NAT_COPY;
import static org.dragonflow.apps.Tables.NAT_OUT;
import static org.dragonflow.apps.Tables.NAT_SENT;
import static org.dragonflow.apps.Tables.PUNT;
import static org.dragonflow.apps.Tables.ROUTER_ADDRESS;
import static org.dragonflow.apps.Tables.ROUTER_IN;
import static org.dragonflow.apps.Tables.TUNNEL_OUT;
import static org.dragonflow.apps.Tables.TUNNEL_TARGET;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.onCopy;
import static org.dragonflow.flow.Action.resubmit;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.ETH_DST;
import static org.dragonflow.flow.Field.ICMPV4_TYPE;
import static org.dragonflow.flow.Field.IPV4_DST;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.OVERRIDE;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.Ipv4;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Punted;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.View;

/**
 * Lets all that is behind a router share the router's address outside, wherever it is.
 *
 * <p>Each port inside has leased some of the address' source ports, so chassis translate without asking each other. One chassis stands for the
 * address on the wire; it knows by the leases where an answer belongs, and passes it on as it is. What has no ports, such as the answer
 * to a ping, it passes to every chassis that has leases: the one that knows the connection takes it, and the others drop it.
 */
final class SharedNat {
    private static final long ECHO_REQUEST = 8;
    private static final int PORTS = 0xffff;

    private SharedNat() {}

    static App app(Id<Chassis> chassis) {
        return App.named("shared_nat")
                .forEach(
                        "router",
                        EdgeRouter.class,
                        (edge, view) -> Translation.stream(edge.router(), view)
                                .flatMap(way -> way.gateway()
                                        .addresses()
                                        .filter(Ipv4.class::isInstance)
                                        .flatMap(address -> withoutPorts(way, (Ipv4) address, chassis, view))))
                .forEach(
                        "tunnel",
                        EdgeNetwork.class,
                        (edge, view) -> view.get(edge.network()).stream()
                                .map(network -> Flow.in(
                                        TUNNEL_TARGET,
                                        SPECIFIC,
                                        Match.on(NETWORK, network.key()).and(TARGET_PORT, 0),
                                        goTo(ROUTER_IN))))
                .forEach("lease", NatLease.class, (lease, view) -> lease(lease, chassis, view));
    }

    private static Stream<Flow> lease(NatLease lease, Id<Chassis> chassis, View view) {
        return Translation.stream(lease.routerId(), view)
                .filter(Translation::translatesSource)
                .filter(way -> way.network().snat().equals(Network.SNAT_BY_ROUTER))
                .flatMap(way -> view.get(lease.portId()).stream().flatMap(port -> {
                    if (port.isBoundTo(chassis)) {
                        return own(lease, port, way, view);
                    }
                    return way.gateway().isBoundTo(chassis) ? others(lease, port, way, chassis, view) : Stream.of();
                }));
    }

    private static Stream<Flow> own(NatLease lease, Port port, Translation way, View view) {
        var out = NatLease.current(port.id(), lease.gatewayPortId(), view).stream()
                .filter(lease::equals)
                .map(_ -> Flow.in(
                        NAT_OUT,
                        NORMAL + 1,
                        way.out().and(SOURCE_PORT, port.key()),
                        set(OUTSIDE, way.gateway().key()),
                        way.toSource(lease.ipAddress(), lease.firstPort(), lease.lastPort(), NAT_SENT)));
        return Stream.concat(out, answers(lease, way, way.take(way.gateway(), way.undo())));
    }

    /**
     * The lease that a packet could not be translated by, since all of its source ports were in use; none if there is no larger one for the
     * port.
     */
    static Optional<NatLease> usedUp(Punted punted, View view) {
        return view.find(Port.withKey((int) punted.get(SOURCE_PORT)))
                .flatMap(port -> view.find(Router.withKey((int) punted.get(ROUTER)))
                        .flatMap(router -> router.gatewayPortId().stream())
                        .flatMap(gateway -> NatLease.current(port.id(), gateway, view).stream()))
                .filter(lease -> !lease.noMore())
                .findFirst();
    }

    /** This chassis stands for the address, and the port is at another. */
    private static Stream<Flow> others(NatLease lease, Port port, Translation way, Id<Chassis> chassis, View view) {
        return port.hostId().stream().flatMap(host -> {
            var copies = Tunnels.to(host, chassis, view)
                    .map(send -> Flow.in(
                            NAT_COPY,
                            NORMAL,
                            toRouter(way),
                            onCopy(set(SOURCE_PORT, 0), set(TARGET_PORT, 0), send, resubmit(TUNNEL_OUT))));
            var onwards =
                    PathMtu.throughTunnel(host, way, chassis, view).flatMap(actions -> answers(lease, way, actions));
            return Stream.concat(copies, onwards);
        });
    }

    /** Packets for the source ports that are leased. */
    private static Stream<Flow> answers(NatLease lease, Translation way, List<Action> actions) {
        var arriving = Nat.arriving(way.network(), way.gateway(), (Ipv4) lease.ipAddress());
        return Protocols.WITH_PORTS.stream()
                .map(protocol -> Flow.in(
                        ROUTER_IN,
                        SPECIFIC,
                        arriving.and(protocol.match())
                                .and(protocol.destination(), lease.firstPort(), PORTS & -lease.ports()),
                        actions));
    }

    private static Stream<Flow> withoutPorts(Translation way, Ipv4 address, Id<Chassis> chassis, View view) {
        var arriving = Nat.arriving(way.network(), way.gateway(), address);
        var take = way.take(way.gateway(), way.undo());
        if (way.gateway().isBoundTo(chassis)) {
            return Stream.of(
                            taken(arriving, forAll(way, take, view)),
                            tooBig(way, view),
                            ofTheRouter(way, arriving, address))
                    .flatMap(flows -> flows);
        }
        // From the wire it comes here only if that does not know where the router is.
        var fromWire = Flow.drop(ROUTER_IN, OVERRIDE, toRouter(way).and(SOURCE_PORT, Wire.key(way.network())));
        return Stream.concat(taken(arriving, take), Stream.of(fromWire));
    }

    private static Match toRouter(Translation way) {
        return Match.on(NETWORK, way.network().key()).and(ETH_DST, way.gateway().macAddress());
    }

    private static Stream<Flow> taken(Match arriving, List<Action> actions) {
        return Stream.of(
                Flow.in(ROUTER_IN, SPECIFIC + 1, Packets.piece(arriving), actions),
                Flow.in(ROUTER_IN, SPECIFIC, arriving.and(Packets.ICMPV4), actions));
    }

    /** To each other chassis, if it fits the tunnel, and here. */
    private static List<Action> forAll(Translation way, List<Action> take, View view) {
        var actions = new ArrayList<Action>();
        PathMtu.measured(way, view).ifPresent(actions::add);
        actions.add(resubmit(NAT_COPY));
        actions.add(set(TOO_BIG, 0));
        actions.addAll(take);
        return actions;
    }

    private static Stream<Flow> tooBig(Translation way, View view) {
        return PathMtu.measured(way, view).stream()
                .map(_ -> Flow.in(
                        NAT_COPY,
                        SPECIFIC,
                        toRouter(way).and(TOO_BIG, 1),
                        onCopy(set(ROUTER, way.router().key()), PuntReason.TOO_BIG_FOR_TUNNEL.set(), resubmit(PUNT))));
    }

    /** Whoever pings the router itself is answered by the chassis that stands for it. */
    private static Stream<Flow> ofTheRouter(Translation way, Match arriving, Ipv4 address) {
        var own = Match.on(ROUTER, way.router().key())
                .and(NETWORK, way.network().key())
                .and(Match.IPV4)
                .and(IPV4_DST, address);
        return Stream.of(
                Flow.in(
                        ROUTER_IN,
                        SPECIFIC + 2,
                        arriving.and(Packets.ICMPV4).and(ICMPV4_TYPE, ECHO_REQUEST),
                        set(ROUTER, way.router().key()),
                        set(ROUTED, 1),
                        set(FROM_TUNNEL, 0),
                        goTo(ROUTER_ADDRESS)),
                // A piece that is unknown here was asked for at another chassis, or by nobody.
                Flow.drop(ROUTER_ADDRESS, SPECIFIC + 1, Packets.piece(own)));
    }
}

package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.ROUTED;
import static org.dragonflow.apps.Registers.ROUTER;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Registers.TOO_BIG;
import static org.dragonflow.apps.Tables.MTU;
import static org.dragonflow.apps.Tables.NAT_REPLY;
import static org.dragonflow.apps.Tables.PUNT;
import static org.dragonflow.apps.Tables.TUNNEL_OUT;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Flow.MISS;
import static org.dragonflow.flow.Flow.NORMAL;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Segment;
import org.dragonflow.model.View;

/**
 * Stops packets that are too big for the network that they are routed to, and tells their senders what would fit (RFC 1191, RFC 8201).
 *
 * <p>A flow can neither see whether a packet may be fragmented nor fragment it; so the sender is told in either case, and hosts that are told
 * fragment by themselves what they let be fragmented.
 */
final class PathMtu {
    private static final int ETHERNET = 14;

    /** Through the tunnel, from no port and for none. */
    private static final List<Action> AS_IT_IS = List.of(set(SOURCE_PORT, 0), set(TARGET_PORT, 0), goTo(TUNNEL_OUT));

    private PathMtu() {}

    static App app(Id<Chassis> chassis) {
        return App.named("path_mtu")
                .derive("tunnel", EdgeRouter.class, (edge, view) -> ofTunnel(edge.router(), view))
                .forEach("fits", Bridge.class, (_, _) -> fits())
                .answering(RouterErrors.responder(PuntReason.TOO_BIG, chassis))
                .answering(RouterErrors.responder(PuntReason.TOO_BIG_FOR_TUNNEL, chassis));
    }

    private static Stream<Flow> fits() {
        return Stream.of(
                Flow.in(MTU, MISS, Match.ANY, goTo(NAT_REPLY)),
                Flow.in(MTU, NORMAL, measured(1, 1), PuntReason.TOO_BIG.set(), goTo(PUNT)),
                Flow.in(MTU, NORMAL, measured(1, 0), PuntReason.TOO_BIG_FOR_TUNNEL.set(), goTo(PUNT)),
                Flow.in(MTU, NORMAL, measured(0, 0), AS_IT_IS));
    }

    private static Match measured(int tooBig, int routed) {
        return Match.on(TOO_BIG, tooBig).and(ROUTED, routed);
    }

    /**
     * Whether the router may meet packets that are too big for the network: if another of its networks lets bigger ones be. All others are
     * spared the question, which costs the switch both of its answers.
     */
    static boolean isNarrow(Network network, Router router, View view) {
        var inside = view.find(RouterInterface.of(router.id())).map(RouterInterface::networkId);
        var outside = router.gatewayPortId().flatMap(view::get).stream().map(port -> port.networkId());
        return Stream.concat(inside, outside)
                .flatMap(id -> view.get(id).stream())
                .anyMatch(other -> other.mtu() > network.mtu());
    }

    /** Passes on to another chassis, as it is, what came from outside for an address of the router and is translated there; nothing if no tunnel leads there. */
    static Stream<List<Action>> throughTunnel(Id<Chassis> other, Translation way, Id<Chassis> self, View view) {
        var onwards = measured(way, view)
                .map(check -> List.of(set(ROUTER, way.router().key()), check, goTo(MTU)))
                .orElse(AS_IT_IS);
        return Tunnels.to(other, self, view)
                .map(send -> Stream.concat(Stream.of(send), onwards.stream()).toList());
    }

    /** The measuring of what is passed on so; nothing where all that is outside fits a tunnel. */
    static Optional<Action> measured(Translation way, View view) {
        return view.get(TunnelMtu.of(way.router().id()))
                .filter(tunnel -> tunnel.bytes() < way.network().mtu())
                .map(tunnel -> new Action.CheckLarger(ETHERNET + tunnel.bytes(), TOO_BIG));
    }

    /** As networks that the router joins show, whose MTUs allow for tunnels; nothing if all of them are on wires. */
    private static Stream<TunnelMtu> ofTunnel(Id<Router> router, View view) {
        return view
                .find(RouterInterface.of(router))
                .map(RouterInterface::networkId)
                .filter(network -> view.find(Segment.of(network))
                        .allMatch(segment -> segment.physicalNetwork().isEmpty()))
                .flatMap(network -> view.get(network).stream())
                .map(Network::mtu)
                .max(Comparator.naturalOrder())
                .map(most -> new TunnelMtu(TunnelMtu.of(router), most))
                .stream();
    }

    /** Goes on with what fits. */
    static List<Action> onwards(Network network) {
        return List.of(new Action.CheckLarger(ETHERNET + network.mtu(), TOO_BIG), goTo(MTU));
    }
}

package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.TOO_BIG;
import static org.dragonflow.apps.Tables.MTU;
import static org.dragonflow.apps.Tables.NAT_REPLY;
import static org.dragonflow.apps.Tables.PUNT;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Flow.MISS;
import static org.dragonflow.flow.Flow.NORMAL;

import java.util.List;
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
import org.dragonflow.model.View;

/**
 * Stops packets that are too big for the network that they are routed to, and tells their senders what would fit (RFC 1191, RFC 8201).
 *
 * <p>A flow can neither see whether a packet may be fragmented nor fragment it; so the sender is told in either case, and hosts that are told
 * fragment by themselves what they let be fragmented.
 */
final class PathMtu {
    private static final int ETHERNET = 14;

    private PathMtu() {}

    static App app(Id<Chassis> chassis) {
        return App.named("path_mtu")
                .forEach("fits", Bridge.class, (_, _) -> fits())
                .answering(RouterErrors.responder(PuntReason.TOO_BIG, chassis));
    }

    private static Stream<Flow> fits() {
        return Stream.of(
                Flow.in(MTU, MISS, Match.ANY, goTo(NAT_REPLY)),
                Flow.in(MTU, NORMAL, Match.on(TOO_BIG, 1), PuntReason.TOO_BIG.set(), goTo(PUNT)));
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

    /** Goes on with what fits. */
    static List<Action> onwards(Network network) {
        return List.of(new Action.CheckLarger(ETHERNET + network.mtu(), TOO_BIG), goTo(MTU));
    }
}

package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.FROM_TUNNEL;
import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.OUTSIDE;
import static org.dragonflow.apps.Registers.ROUTED;
import static org.dragonflow.apps.Registers.ROUTER;
import static org.dragonflow.apps.Tables.NAT_IN;
import static org.dragonflow.apps.Tables.NAT_SENT;
import static org.dragonflow.flow.Action.set;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.compile.ConntrackZone;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Table;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.View;

/**
 * A router's way outside, as far as this chassis translates on it.
 *
 * <p>All that is translated for a router is so in one conntrack zone, as on a router of flesh and blood: so answers find back whichever rule
 * began the connection, and addresses behind other routers may be the same.
 *
 * @param gateway the router's port outside
 * @param zone where its connections are kept on this chassis
 */
record Translation(Router router, Network network, Port gateway, int zone) {

    /** Nothing while the router has no way outside, is switched off, or is not of this chassis' concern. */
    static Optional<Translation> of(Id<Router> id, View view) {
        return view.get(EdgeRouter.of(id))
                .flatMap(_ -> view.get(id))
                .filter(Router::adminStateUp)
                .flatMap(router -> router.gatewayPortId()
                        .flatMap(view::get)
                        .flatMap(gateway -> view.get(gateway.networkId())
                                .flatMap(network -> view.get(Zones.ofTranslation(gateway.id())
                                                .zone())
                                        .map(ConntrackZone::number)
                                        .map(zone -> new Translation(router, network, gateway, zone)))));
    }

    static Stream<Translation> stream(Id<Router> id, View view) {
        return of(id, view).stream();
    }

    boolean translatesSource() {
        return router.externalGatewayInfo().filter(Router.Gateway::enableSnat).isPresent();
    }

    /** What the router sends outside. */
    Match out() {
        return Match.on(ROUTER, router.key()).and(NETWORK, network.key()).and(Match.IPV4);
    }

    /** What is for the router once its addresses are translated; it came for the address of that port. */
    List<Action> take(Port outside, Action... then) {
        var actions = new ArrayList<>(List.of(
                set(ROUTER, router.key()),
                set(OUTSIDE, outside.key()),
                set(ROUTED, 1),
                set(FROM_TUNNEL, 0),
                new Action.CtClear()));
        actions.addAll(List.of(then));
        return actions;
    }

    /** Finds the connection that a packet from outside belongs to, and undoes what was done to its first packet. */
    Action undo() {
        return undo(zone, NAT_IN);
    }

    static Action undo(int zone, Table next) {
        return new Action.Ct(
                false,
                false,
                new Action.Zone.Fixed(zone),
                Optional.of(next),
                Optional.of(new Action.Nat(false, Optional.empty())),
                List.of());
    }

    /** Enters the connection, with its source translated. */
    Action toSource(IpAddress address, int firstPort, int lastPort, Table next) {
        return translate(true, new Action.Nat.Range(address, address, firstPort, lastPort), zone, next);
    }

    Action toSource(IpAddress address) {
        return toSource(address, 0, 0, NAT_SENT);
    }

    /** Enters the connection, with its destination translated. */
    Action toDestination(IpAddress address, int firstPort, int lastPort) {
        return translate(false, new Action.Nat.Range(address, address, firstPort, lastPort), zone, NAT_IN);
    }

    static Action translate(boolean source, Action.Nat.Range to, int zone, Table next, Action... exec) {
        return new Action.Ct(
                true,
                false,
                new Action.Zone.Fixed(zone),
                Optional.of(next),
                Optional.of(new Action.Nat(source, Optional.of(to))),
                List.of(exec));
    }
}

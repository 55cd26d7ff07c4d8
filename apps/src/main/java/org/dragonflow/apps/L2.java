package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.COPIED;
import static org.dragonflow.apps.Registers.FROM_TUNNEL;
import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Registers.UNKNOWN;
import static org.dragonflow.apps.Tables.FLOOD_LOCAL;
import static org.dragonflow.apps.Tables.FLOOD_REMOTE;
import static org.dragonflow.apps.Tables.L2_LOOKUP;
import static org.dragonflow.apps.Tables.TO_PORT;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.onCopy;
import static org.dragonflow.flow.Action.resubmit;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.ETH_DST;
import static org.dragonflow.flow.Flow.FALLBACK;
import static org.dragonflow.flow.Flow.MISS;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.stream.Stream;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.View;

/** Switches within a network: a known address goes to its port, a broadcast to every port. */
final class L2 {
    private static final long MULTICAST = 0x0100_0000_0000L;

    private L2() {}

    static App app(Id<Chassis> chassis) {
        return App.named("l2")
                .forEach("flood", Bridge.class, (_, _) -> flood())
                .forEach(
                        "port",
                        Port.class,
                        (port, view) -> port.hostId().isEmpty()
                                ? Stream.of()
                                : local(port, view).flatMap(network -> port(port, network)))
                .forEach(
                        "member",
                        Port.class,
                        (port, view) -> Locality.plugged(port, chassis, view)
                                .flatMap(_ -> local(port, view))
                                .flatMap(network -> member(port, network)));
    }

    private static Stream<Network> local(Port port, View view) {
        return view.get(LocalNetwork.of(port.networkId())).flatMap(_ -> view.get(port.networkId())).stream();
    }

    /** A group address, or one that nobody is known to have, goes to all; what came from another chassis stays on this one. */
    private static Stream<Flow> flood() {
        var group = Match.ANY.and(ETH_DST, MULTICAST, MULTICAST);
        var here = Match.on(FROM_TUNNEL, 0);
        var away = Match.on(FROM_TUNNEL, 1);
        return Stream.of(
                Flow.in(L2_LOOKUP, SPECIFIC, group.and(here), resubmit(FLOOD_LOCAL), goTo(FLOOD_REMOTE)),
                Flow.in(L2_LOOKUP, SPECIFIC, group.and(away), goTo(FLOOD_LOCAL)),
                Flow.in(L2_LOOKUP, MISS, here, set(UNKNOWN, 1), resubmit(FLOOD_LOCAL), goTo(FLOOD_REMOTE)),
                Flow.in(L2_LOOKUP, MISS, away, set(UNKNOWN, 1), goTo(FLOOD_LOCAL)));
    }

    private static Stream<Flow> port(Port port, Network network) {
        var on = Match.on(NETWORK, network.key());
        var own = Flow.in(
                L2_LOOKUP, NORMAL, on.and(ETH_DST, port.macAddress()), set(TARGET_PORT, port.key()), goTo(TO_PORT));
        // Several ports may be allowed one address, and which has it now is not known: each gets a copy.
        var further = port.allowedAddressPairs().stream()
                .map(Port.AddressPair::macAddress)
                .distinct()
                .filter(mac -> !mac.equals(port.macAddress()))
                .map(mac -> Flow.in(
                        L2_LOOKUP,
                        FALLBACK,
                        on.and(ETH_DST, mac),
                        onCopy(set(COPIED, 1), set(TARGET_PORT, port.key()), resubmit(TO_PORT))));
        return port.isRouterInterface() ? Stream.of() : Stream.concat(Stream.of(own), further);
    }

    private static Stream<Flow> member(Port port, Network network) {
        var on = Match.on(NETWORK, network.key());
        var copy = onCopy(set(COPIED, 1), set(TARGET_PORT, port.key()), resubmit(TO_PORT));
        var known = Flow.in(FLOOD_LOCAL, NORMAL, on.and(UNKNOWN, 0), copy);
        var unknown = Flow.in(FLOOD_LOCAL, NORMAL, on.and(UNKNOWN, 1), copy);
        return port.portSecurityEnabled() ? Stream.of(known) : Stream.of(known, unknown);
    }
}

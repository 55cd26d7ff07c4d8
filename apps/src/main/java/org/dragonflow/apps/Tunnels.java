package org.dragonflow.apps;

import static org.dragonflow.apps.Tables.CLASSIFY;
import static org.dragonflow.apps.Tables.FLOOD_REMOTE;
import static org.dragonflow.apps.Tables.FROM_TUNNEL;
import static org.dragonflow.apps.Tables.L2_LOOKUP;
import static org.dragonflow.apps.Tables.NETWORK;
import static org.dragonflow.apps.Tables.SOURCE_PORT;
import static org.dragonflow.apps.Tables.TARGET_PORT;
import static org.dragonflow.apps.Tables.TO_PORT;
import static org.dragonflow.apps.Tables.TUNNEL_IN;
import static org.dragonflow.apps.Tables.TUNNEL_OUT;
import static org.dragonflow.apps.Tables.TUNNEL_TARGET;
import static org.dragonflow.apps.Tables.TUN_NETWORK;
import static org.dragonflow.apps.Tables.TUN_SOURCE_PORT;
import static org.dragonflow.apps.Tables.TUN_TARGET_PORT;
import static org.dragonflow.apps.Tables.UNKNOWN;
import static org.dragonflow.apps.Tables.WIRE_OUT;
import static org.dragonflow.flow.Action.copy;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.onCopy;
import static org.dragonflow.flow.Action.output;
import static org.dragonflow.flow.Action.resubmit;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.IN_PORT;
import static org.dragonflow.flow.Field.TUN_DST;
import static org.dragonflow.flow.Field.TUN_SRC;
import static org.dragonflow.flow.Flow.MISS;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.Ipv4;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Segment;
import org.dragonflow.model.TunnelType;
import org.dragonflow.model.View;

/**
 * Carries packets between chassis.
 *
 * <p>Geneve brings the network and both ports with it, so that the far side need look nothing up; VXLAN brings the network, and the far
 * side looks up the address. Packets are taken from chassis that the topology knows, and from nobody else.
 */
final class Tunnels {
    private Tunnels() {}

    static App app(Id<Chassis> self) {
        return App.named("tunnels")
                .derive(
                        "end",
                        Interface.class,
                        (own, _) -> own.tunnel().stream().map(type -> new TunnelEnd(TunnelEnd.of(type), own.ofport())))
                .forEach(
                        "arrival",
                        TunnelEnd.class,
                        (end, _) -> Stream.of(
                                Flow.in(CLASSIFY, SPECIFIC, Match.on(IN_PORT, end.ofport()), goTo(TUNNEL_IN))))
                .forEach("target", Bridge.class, (_, _) -> target())
                .forEach(
                        "chassis",
                        Chassis.class,
                        (chassis, view) -> chassis.id().equals(self) ? Stream.of() : chassis(chassis, view))
                .forEach("remote", Port.class, (port, view) -> remote(port, self, view))
                .concerning(_ -> Stream.of(Query.all(Chassis.class)));
    }

    private static Stream<Flow> target() {
        return Stream.of(
                Flow.in(TUNNEL_TARGET, NORMAL, Match.on(TARGET_PORT, 0), goTo(L2_LOOKUP)),
                Flow.in(TUNNEL_TARGET, MISS, Match.ANY, goTo(TO_PORT)));
    }

    /** The first type of tunnel that the other chassis likes and that this one has an end of. */
    private static Optional<TunnelType> common(Chassis chassis, View view) {
        return chassis.tunnelTypes().stream()
                .filter(type -> view.get(TunnelEnd.of(type)).isPresent())
                .findFirst();
    }

    private static Stream<Flow> chassis(Chassis chassis, View view) {
        // Tunnels over IPv6 come with the data plane of clouds; see docs/adr.
        if (!(chassis.address() instanceof Ipv4 address)) {
            return Stream.of();
        }
        var in = chassis.tunnelTypes().stream()
                .flatMap(type -> view.get(TunnelEnd.of(type)).stream().map(end -> arrival(type, end, address)));
        var out = common(chassis, view).stream()
                .flatMap(type -> view.get(TunnelEnd.of(type)).stream().map(end -> departure(type, end, address)));
        return Stream.concat(in, out);
    }

    private static Flow arrival(TunnelType type, TunnelEnd end, Ipv4 address) {
        var from = Match.on(IN_PORT, end.ofport()).and(TUN_SRC, address);
        return switch (type) {
            case GENEVE ->
                Flow.in(
                        TUNNEL_IN,
                        NORMAL,
                        from,
                        set(FROM_TUNNEL, 1),
                        copy(TUN_NETWORK, NETWORK),
                        copy(TUN_SOURCE_PORT, SOURCE_PORT),
                        copy(TUN_TARGET_PORT, TARGET_PORT),
                        goTo(TUNNEL_TARGET));
            case VXLAN ->
                Flow.in(TUNNEL_IN, NORMAL, from, set(FROM_TUNNEL, 1), copy(TUN_NETWORK, NETWORK), goTo(TUNNEL_TARGET));
        };
    }

    private static Flow departure(TunnelType type, TunnelEnd end, Ipv4 address) {
        var to = Match.on(TUN_DST, address);
        return switch (type) {
            case GENEVE ->
                Flow.in(
                        TUNNEL_OUT,
                        NORMAL,
                        to,
                        copy(NETWORK, TUN_NETWORK),
                        copy(SOURCE_PORT, TUN_SOURCE_PORT),
                        copy(TARGET_PORT, TUN_TARGET_PORT),
                        output(end.ofport()));
            case VXLAN -> Flow.in(TUNNEL_OUT, NORMAL, to, copy(NETWORK, TUN_NETWORK), output(end.ofport()));
        };
    }

    private static Stream<Flow> remote(Port port, Id<Chassis> self, View view) {
        var host = port.hostId().filter(id -> !id.equals(self));
        if (host.isEmpty() || view.get(NearNetwork.of(port.networkId())).isEmpty()) {
            return Stream.of();
        }
        return view.get(host.get()).stream()
                .flatMap(chassis -> chassis.address() instanceof Ipv4 address ? Stream.of(address) : Stream.<Ipv4>of())
                .flatMap(address -> isOnOneWire(port, host.get(), view)
                        ? Stream.of(Flow.in(TO_PORT, NORMAL, towards(port), goTo(WIRE_OUT)))
                        : Stream.concat(unicast(port, address), flood(port, address, view)));
    }

    /** Whether the port's chassis and this one are both on the wire that carries the port's network. */
    private static boolean isOnOneWire(Port port, Id<Chassis> host, View view) {
        return view.get(Wire.of(port.networkId())).isPresent()
                && view.find(Segment.of(port.networkId()))
                        .flatMap(segment -> segment.physicalNetwork().stream())
                        .anyMatch(physical -> view.get(host)
                                .filter(chassis -> chassis.isConnectedTo(physical))
                                .isPresent());
    }

    private static Match towards(Port port) {
        return Match.on(TARGET_PORT, port.key()).and(FROM_TUNNEL, 0);
    }

    private static Stream<Flow> unicast(Port port, Ipv4 address) {
        return Stream.of(Flow.in(TO_PORT, NORMAL, towards(port), set(TUN_DST, address), goTo(TUNNEL_OUT)));
    }

    /** Every port of a chassis says the same, so that the chassis gets one copy. */
    private static Stream<Flow> flood(Port port, Ipv4 address, View view) {
        var copy = onCopy(set(TARGET_PORT, 0), set(TUN_DST, address), resubmit(TUNNEL_OUT));
        return view.get(LocalNetwork.of(port.networkId())).flatMap(_ -> view.get(port.networkId())).stream()
                .map(Network::key)
                .flatMap(network -> {
                    var on = Match.on(NETWORK, network);
                    var known = Flow.in(FLOOD_REMOTE, NORMAL, on.and(UNKNOWN, 0), copy);
                    var unknown = Flow.in(FLOOD_REMOTE, NORMAL, on.and(UNKNOWN, 1), copy);
                    return port.portSecurityEnabled() ? Stream.of(known) : Stream.of(known, unknown);
                });
    }
}

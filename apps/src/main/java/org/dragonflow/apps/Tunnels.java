package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.FROM_TUNNEL;
import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Registers.TUN_NETWORK;
import static org.dragonflow.apps.Registers.TUN_SOURCE_PORT;
import static org.dragonflow.apps.Registers.TUN_TARGET_PORT;
import static org.dragonflow.apps.Registers.UNKNOWN;
import static org.dragonflow.apps.Tables.CLASSIFY;
import static org.dragonflow.apps.Tables.FLOOD_REMOTE;
import static org.dragonflow.apps.Tables.L2_LOOKUP;
import static org.dragonflow.apps.Tables.PUNT;
import static org.dragonflow.apps.Tables.TO_PORT;
import static org.dragonflow.apps.Tables.TUNNEL_IN;
import static org.dragonflow.apps.Tables.TUNNEL_OUT;
import static org.dragonflow.apps.Tables.TUNNEL_TARGET;
import static org.dragonflow.apps.Tables.WIRE_OUT;
import static org.dragonflow.flow.Action.copy;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.onCopy;
import static org.dragonflow.flow.Action.output;
import static org.dragonflow.flow.Action.resubmit;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.IN_PORT;
import static org.dragonflow.flow.Field.TUN_DST;
import static org.dragonflow.flow.Field.TUN_IPV6_DST;
import static org.dragonflow.flow.Field.TUN_IPV6_SRC;
import static org.dragonflow.flow.Field.TUN_SRC;
import static org.dragonflow.flow.Flow.MISS;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Meter;
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
 * side looks up the address. Packets are taken from chassis that the topology knows, and from nobody else. Chassis that have addresses of
 * different versions of IP do not reach each other.
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
                .forEach("punts", Bridge.class, (_, _) -> punts())
                .forEach(
                        "chassis",
                        Chassis.class,
                        (chassis, view) -> reachable(chassis.id(), self, view).flatMap(other -> chassis(other, view)))
                .forEach("remote", Port.class, (port, view) -> remote(port, self, view))
                .concerning(_ -> Stream.of(Query.all(Chassis.class)));
    }

    private static Stream<Flow> target() {
        return Stream.of(
                Flow.in(TUNNEL_TARGET, NORMAL, Match.on(TARGET_PORT, 0), goTo(L2_LOOKUP)),
                Flow.in(TUNNEL_TARGET, MISS, Match.ANY, goTo(TO_PORT)));
    }

    /** Of packets from tunnels that do not say which port they come from. */
    private static Stream<Entry> punts() {
        var meter = Meter.ofPackets(
                MeterKind.PUNTS_OF_TUNNELS.of(0), Classifier.PUNTS_PER_SECOND, Classifier.PUNTS_AT_ONCE);
        return Stream.of(
                Flow.in(PUNT, NORMAL, Match.on(SOURCE_PORT, 0), new Action.Metered(meter.id()), new Action.Punt("")),
                meter);
    }

    /** The first type of tunnel that the other chassis likes and that this one has an end of. */
    private static Optional<TunnelType> common(Chassis chassis, View view) {
        return chassis.tunnelTypes().stream()
                .filter(type -> view.get(TunnelEnd.of(type)).isPresent())
                .findFirst();
    }

    /** The chassis, if it is another one and both have addresses of one version. */
    private static Stream<Chassis> reachable(Id<Chassis> id, Id<Chassis> self, View view) {
        if (id.equals(self)) {
            return Stream.of();
        }
        var version = view.get(self).map(own -> own.address().version());
        return view.get(id).stream()
                .filter(other -> version.isPresent() && other.address().version() == version.get());
    }

    private static Match from(IpAddress address) {
        return switch (address) {
            case Ipv4 ipv4 -> Match.on(TUN_SRC, ipv4);
            case Ipv6 ipv6 -> Match.on(TUN_IPV6_SRC, ipv6);
        };
    }

    private static Match to(IpAddress address) {
        return switch (address) {
            case Ipv4 ipv4 -> Match.on(TUN_DST, ipv4);
            case Ipv6 ipv6 -> Match.on(TUN_IPV6_DST, ipv6);
        };
    }

    private static Action send(IpAddress address) {
        return switch (address) {
            case Ipv4 ipv4 -> set(TUN_DST, ipv4);
            case Ipv6 ipv6 -> set(TUN_IPV6_DST, ipv6);
        };
    }

    /** Has a tunnel lead to another chassis; nothing if none does. */
    static Stream<Action> to(Id<Chassis> other, Id<Chassis> self, View view) {
        return reachable(other, self, view).map(chassis -> send(chassis.address()));
    }

    /** Has a tunnel lead to another chassis that takes the keys of ports with a packet; not all do. */
    static Stream<Action> withPorts(Id<Chassis> other, Id<Chassis> self, View view) {
        return reachable(other, self, view)
                .filter(chassis ->
                        common(chassis, view).filter(TunnelType.GENEVE::equals).isPresent())
                .map(chassis -> send(chassis.address()));
    }

    private static Stream<Flow> chassis(Chassis chassis, View view) {
        var address = chassis.address();
        var in = chassis.tunnelTypes().stream()
                .flatMap(type -> view.get(TunnelEnd.of(type)).stream().map(end -> arrival(type, end, address)));
        var out = common(chassis, view).stream()
                .flatMap(type -> view.get(TunnelEnd.of(type)).stream().map(end -> departure(type, end, address)));
        return Stream.concat(in, out);
    }

    private static Flow arrival(TunnelType type, TunnelEnd end, IpAddress address) {
        var from = from(address).and(IN_PORT, end.ofport());
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

    private static Flow departure(TunnelType type, TunnelEnd end, IpAddress address) {
        var to = to(address);
        var fromHere = fromHere(address);
        return switch (type) {
            case GENEVE ->
                Flow.in(
                        TUNNEL_OUT,
                        NORMAL,
                        to,
                        fromHere,
                        copy(NETWORK, TUN_NETWORK),
                        copy(SOURCE_PORT, TUN_SOURCE_PORT),
                        copy(TARGET_PORT, TUN_TARGET_PORT),
                        output(end.ofport()));
            case VXLAN -> Flow.in(TUNNEL_OUT, NORMAL, to, fromHere, copy(NETWORK, TUN_NETWORK), output(end.ofport()));
        };
    }

    /** What came through a tunnel has another sender's address; the switch knows that of this end. */
    private static Action fromHere(IpAddress to) {
        return switch (to) {
            case Ipv4 _ -> set(TUN_SRC, 0);
            case Ipv6 _ -> set(TUN_IPV6_SRC, Ipv6.ANY);
        };
    }

    private static Stream<Flow> remote(Port port, Id<Chassis> self, View view) {
        if (view.get(NearNetwork.of(port.networkId())).isEmpty()) {
            return Stream.of();
        }
        return port.hostId().filter(host -> !host.equals(self)).flatMap(view::get).stream()
                .flatMap(host -> isOnOneWire(port, host, view)
                        ? Stream.of(Flow.in(TO_PORT, NORMAL, towards(port), goTo(WIRE_OUT)))
                        : reachable(host.id(), self, view)
                                .map(Chassis::address)
                                .flatMap(address -> Stream.concat(unicast(port, address), flood(port, address, view))));
    }

    /** Whether the port's chassis and this one are both on the wire that carries the port's network. */
    private static boolean isOnOneWire(Port port, Chassis host, View view) {
        return view.get(Wire.of(port.networkId())).isPresent()
                && view.find(Segment.of(port.networkId()))
                        .flatMap(segment -> segment.physicalNetwork().stream())
                        .anyMatch(host::isConnectedTo);
    }

    private static Match towards(Port port) {
        return Match.on(TARGET_PORT, port.key()).and(FROM_TUNNEL, 0);
    }

    private static Stream<Flow> unicast(Port port, IpAddress address) {
        return Stream.of(Flow.in(TO_PORT, NORMAL, towards(port), send(address), goTo(TUNNEL_OUT)));
    }

    /** Every port of a chassis says the same, so that the chassis gets one copy. */
    private static Stream<Flow> flood(Port port, IpAddress address, View view) {
        var copy = onCopy(set(TARGET_PORT, 0), send(address), resubmit(TUNNEL_OUT));
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

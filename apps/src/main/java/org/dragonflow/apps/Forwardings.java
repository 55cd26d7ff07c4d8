package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.OUTSIDE;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Tables.NAT_OUT;
import static org.dragonflow.apps.Tables.NAT_REPLY;
import static org.dragonflow.apps.Tables.ROUTER_IN;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.ETH_DST;
import static org.dragonflow.flow.Field.IPV4_SRC;
import static org.dragonflow.flow.Flow.MISS;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.OVERRIDE;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dragonflow.address.Ipv4;
import org.dragonflow.apps.Protocols.WithPorts;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.PortForwarding;
import org.dragonflow.model.View;

/**
 * Forwards ports of floating IPs to ports of servers.
 *
 * <p>The chassis that stands for the floating IP passes packets on as they are to where the server is. There they are translated, and the
 * answers too, which leave from there.
 */
final class Forwardings {
    private Forwardings() {}

    static App app(Id<Chassis> chassis) {
        return App.named("forwardings")
                .forEach(
                        "replies",
                        Bridge.class,
                        (_, _) -> Stream.of(Flow.in(NAT_REPLY, MISS, Match.ANY, goTo(NAT_OUT))))
                .forEach(
                        "forwarding",
                        PortForwarding.class,
                        (forwarding, view) -> view.get(forwarding.floatingipId()).stream()
                                .flatMap(floating -> forwarding(forwarding, floating, chassis, view)))
                .forEach("elsewhere", FloatingIp.class, (floating, view) -> elsewhere(floating, chassis, view));
    }

    /** Where a forwarding leads to, what is for its floating IP comes from the chassis that stands for that; from the wire only by mistake. */
    private static Stream<Flow> elsewhere(FloatingIp floating, Id<Chassis> chassis, View view) {
        return floating.routerId().stream()
                .filter(_ -> floating.portId().isEmpty() && leadsHere(floating, chassis, view))
                .flatMap(router -> Translation.stream(router, view))
                .flatMap(way -> view.get(floating.floatingPortId()).stream()
                        .filter(outside -> !outside.isBoundTo(chassis))
                        .map(outside -> Flow.drop(
                                ROUTER_IN,
                                OVERRIDE,
                                Match.on(NETWORK, way.network().key())
                                        .and(ETH_DST, outside.macAddress())
                                        .and(SOURCE_PORT, Wire.key(way.network())))));
    }

    /** Whether ports of the floating IP are forwarded to servers of this chassis. */
    static boolean leadsHere(FloatingIp floating, Id<Chassis> chassis, View view) {
        return view.find(PortForwarding.of(floating.id()))
                .flatMap(forwarding -> view.get(forwarding.internalPortId()).stream())
                .anyMatch(inside -> inside.isBoundTo(chassis));
    }

    /** A forwarding with all that it leads from and to. */
    private record Path(
            PortForwarding forwarding, WithPorts protocol, Port outside, Ipv4 address, Port inside, Translation way) {
        /** Packets from outside for one of these ports, or for all in a block of them. */
        Match arriving(int port, int mask) {
            return Nat.arriving(way.network(), outside, address)
                    .and(protocol.match())
                    .and(protocol.destination(), port, mask);
        }
    }

    private static Stream<Flow> forwarding(
            PortForwarding forwarding, FloatingIp floating, Id<Chassis> chassis, View view) {
        return floating.routerId().stream()
                .flatMap(router -> Translation.stream(router, view))
                .flatMap(way -> view.get(floating.floatingPortId()).stream()
                        .flatMap(outside -> view.get(forwarding.internalPortId()).stream()
                                .flatMap(inside -> paths(forwarding, floating, outside, inside, way))))
                .flatMap(path -> flows(path, chassis, view));
    }

    private static Stream<Path> paths(
            PortForwarding forwarding, FloatingIp floating, Port outside, Port inside, Translation way) {
        return Protocols.WITH_PORTS.stream()
                .filter(protocol -> protocol.name().equals(forwarding.protocol()))
                .flatMap(protocol -> floating.floatingIpAddress().stream()
                        .map(address -> new Path(forwarding, protocol, outside, (Ipv4) address, inside, way)));
    }

    private static Stream<Flow> flows(Path path, Id<Chassis> chassis, View view) {
        if (path.inside().isBoundTo(chassis)) {
            return Stream.concat(arrivals(path), replies(path));
        }
        return path.outside().isBoundTo(chassis) ? onwards(path, chassis, view) : Stream.of();
    }

    /** Each port outside to its port inside; or all of them, where they stay the same or become one. */
    private static Stream<Flow> arrivals(Path path) {
        var outside = path.forwarding().outside();
        var inside = path.forwarding().inside();
        var to = (Ipv4) path.forwarding().internalIpAddress();
        boolean isOne = inside.first() == inside.last();
        if (isOne || inside.equals(outside)) {
            int port = isOne ? inside.first() : 0;
            return blocks(path, path.way().take(path.outside(), path.way().toDestination(to, port, port)));
        }
        return IntStream.rangeClosed(outside.first(), outside.last()).mapToObj(port -> {
            int its = port - outside.first() + inside.first();
            return Flow.in(
                    ROUTER_IN,
                    SPECIFIC + 3,
                    path.arriving(port, 0xffff),
                    path.way().take(path.outside(), path.way().toDestination(to, its, its)));
        });
    }

    private static Stream<Flow> blocks(Path path, List<org.dragonflow.flow.Action> actions) {
        var outside = path.forwarding().outside();
        return Protocols.blocks(outside.first(), outside.last()).stream()
                .map(block -> Flow.in(ROUTER_IN, SPECIFIC + 3, path.arriving(block.value(), block.mask()), actions));
    }

    private static Stream<Flow> replies(Path path) {
        var inside = path.forwarding().inside();
        var from = path.way()
                .out()
                .and(path.protocol().match())
                .and(IPV4_SRC, path.forwarding().internalIpAddress());
        return Protocols.blocks(inside.first(), inside.last()).stream()
                .map(block -> Flow.in(
                        NAT_REPLY,
                        NORMAL,
                        from.and(path.protocol().source(), block.value(), block.mask()),
                        set(OUTSIDE, path.outside().key()),
                        Translation.undo(path.way().zone(), NAT_OUT)));
    }

    private static Stream<Flow> onwards(Path path, Id<Chassis> chassis, View view) {
        return path.inside().hostId().stream()
                .flatMap(host -> PathMtu.throughTunnel(host, path.way(), chassis, view))
                .flatMap(actions -> blocks(path, actions));
    }
}

package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Tables.TUNNEL_OUT;
import static org.dragonflow.apps.Tables.TUNNEL_TARGET;
import static org.dragonflow.apps.Tables.WIRE_IN;
import static org.dragonflow.apps.Tables.WIRE_OUT;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.onCopy;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.ARP_OP;
import static org.dragonflow.flow.Field.ARP_TPA;
import static org.dragonflow.flow.Field.ETH_DST;
import static org.dragonflow.flow.Field.IN_PORT;
import static org.dragonflow.flow.Field.ND_TARGET;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.compile.App;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Detour;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Segment;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.packet.Arp;

/**
 * Lends chassis whose own link is down, or that have none, a wire: another chassis is then a switch between them, the wire, and itself.
 *
 * <p>What the one puts on the wire goes through the tunnel, for the key of the wire, and the other puts it there. What the wire has for the one is
 * passed on to it as coming from the wire. Nothing else of either changes: addresses are translated where they were, so connections go on.
 */
final class Detours {
    private Detours() {}

    static App app(Id<Chassis> chassis) {
        return App.named("detours")
                .derive(
                        "lends",
                        Detour.class,
                        (detour, _) -> detour.via().equals(chassis)
                                ? Stream.of(EdgeNetwork.to(detour.networkId()))
                                : Stream.of())
                .forEach("borrows", Detour.class, (detour, view) -> borrows(detour, chassis, view))
                .forEach("lends", EdgeNetwork.class, (edge, view) -> lends(edge, chassis, view))
                .forEach("chassis", Detour.class, (detour, view) -> ofChassis(detour, chassis, view))
                .forEach("port", Port.class, (port, view) -> ofPort(port, chassis, view))
                .concerning(self -> Stream.of(Detour.from(self), Detour.by(self)))
                .reaching(
                        Detour.class,
                        (detour, self) -> detour.via().equals(self)
                                ? Stream.of(
                                        Query.byId(detour.networkId()),
                                        Segment.of(detour.networkId()),
                                        Subnet.on(detour.networkId()),
                                        Port.at(detour.chassis()))
                                : Stream.of());
    }

    /** How this chassis gets onto the network, if not by its own wire. */
    static Stream<Action> way(Id<Network> network, Id<Chassis> chassis, View view) {
        return view.get(Detour.of(network, chassis)).stream()
                .flatMap(detour -> Tunnels.withPorts(detour.via(), chassis, view));
    }

    /** The network, if this chassis is on the wire that carries it. */
    private static Stream<Network> onWire(Id<Network> network, View view) {
        return view.get(Wire.of(network)).flatMap(_ -> view.get(network)).stream();
    }

    private static Stream<Flow> borrows(Detour detour, Id<Chassis> chassis, View view) {
        return detour.chassis().equals(chassis)
                ? onWire(detour.networkId(), view)
                        .map(network -> Flow.in(
                                TUNNEL_TARGET,
                                SPECIFIC + 1,
                                Match.on(NETWORK, network.key())
                                        .and(SOURCE_PORT, Wire.key(network))
                                        .and(TARGET_PORT, 0),
                                goTo(WIRE_IN)))
                : Stream.of();
    }

    /** What comes for the wire is put there, and looked at as if it had been heard there. */
    private static Stream<Flow> lends(EdgeNetwork edge, Id<Chassis> chassis, View view) {
        return view.find(Detour.to(edge.network()))
                .filter(detour -> detour.via().equals(chassis))
                .limit(1)
                .flatMap(_ -> onWire(edge.network(), view))
                .flatMap(network -> view.get(Wire.of(network.id())).flatMap(Wire::place).stream()
                        .map(place -> Flow.in(
                                TUNNEL_TARGET,
                                SPECIFIC + 1,
                                Match.on(NETWORK, network.key()).and(TARGET_PORT, Wire.key(network)),
                                set(SOURCE_PORT, Wire.key(network)),
                                onCopy(place.departing().toArray(Action[]::new)),
                                goTo(WIRE_IN))));
    }

    /** The answers to what the other chassis asks the wire as itself. */
    private static Stream<Flow> ofChassis(Detour detour, Id<Chassis> chassis, View view) {
        return passedOn(detour, chassis, view, on -> Stream.of(on.and(ETH_DST, Wire.address(detour.chassis()))));
    }

    /** All that is for a port at the other chassis, and questions where its addresses are. */
    private static Stream<Flow> ofPort(Port port, Id<Chassis> chassis, View view) {
        return port.hostId().stream()
                .flatMap(host -> view.get(Detour.of(port.networkId(), host)).stream())
                .flatMap(detour -> passedOn(
                        detour,
                        chassis,
                        view,
                        on -> Stream.concat(
                                Stream.of(on.and(ETH_DST, port.macAddress())),
                                Neighbours.addresses(port).map(address -> question(on, address)))));
    }

    private static Match question(Match on, IpAddress address) {
        return switch (address) {
            case Ipv4 ipv4 -> on.and(Match.ARP).and(ARP_OP, Arp.REQUEST).and(ARP_TPA, ipv4);
            case Ipv6 ipv6 ->
                on.and(Packets.icmpv6(Packets.NEIGHBOUR_SOLICITATION)).and(ND_TARGET, ipv6);
        };
    }

    private interface What {
        Stream<Match> on(Match network);
    }

    /** Through the tunnel, whether it comes from the wire or would be put there from here. */
    private static Stream<Flow> passedOn(Detour detour, Id<Chassis> chassis, View view, What what) {
        if (!detour.via().equals(chassis)) {
            return Stream.of();
        }
        return onWire(detour.networkId(), view)
                .flatMap(network -> Tunnels.withPorts(detour.chassis(), chassis, view)
                        .flatMap(send -> what.on(Match.on(NETWORK, network.key()))
                                .flatMap(match -> Stream.of(WIRE_IN, WIRE_OUT)
                                        .map(table -> Flow.in(
                                                table,
                                                SPECIFIC + 1,
                                                match,
                                                set(SOURCE_PORT, Wire.key(network)),
                                                set(TARGET_PORT, 0),
                                                send,
                                                set(IN_PORT, 0),
                                                goTo(TUNNEL_OUT))))));
    }
}

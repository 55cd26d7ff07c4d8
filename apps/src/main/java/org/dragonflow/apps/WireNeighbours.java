package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.NEIGHBOUR_HIGH;
import static org.dragonflow.apps.Registers.NEIGHBOUR_LOW;
import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.ROUTED;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Tables.NEIGHBOUR;
import static org.dragonflow.apps.Tables.PUNT;
import static org.dragonflow.apps.Tables.ROUTER_IN;
import static org.dragonflow.apps.Tables.TO_PORT;
import static org.dragonflow.apps.Tables.WIRE_IN;
import static org.dragonflow.apps.Tables.WIRE_OUT;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.onCopy;
import static org.dragonflow.flow.Action.resubmit;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.ARP_OP;
import static org.dragonflow.flow.Field.ARP_SPA;
import static org.dragonflow.flow.Field.ARP_TPA;
import static org.dragonflow.flow.Field.ETH_DST;
import static org.dragonflow.flow.Field.ND_TARGET;
import static org.dragonflow.flow.Flow.FALLBACK;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Exit;
import org.dragonflow.compile.Punted;
import org.dragonflow.compile.Responder;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Neighbour;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NeighbourDiscovery;

/**
 * Finds machines on a wire that routers have packets for, and that the topology does not know.
 *
 * <p>A chassis asks for itself, by its own address on the wire, and never as the router: who is asked would take the chassis for the place where
 * the router is.
 */
final class WireNeighbours {
    private WireNeighbours() {}

    static App app(Id<Chassis> chassis) {
        return App.named("wire_neighbours")
                .forEach(
                        "wanted",
                        Wire.class,
                        (wire, view) -> view.get(wire.network()).stream().flatMap(network -> wanted(network, chassis)))
                .forEach(
                        "heard",
                        Neighbour.class,
                        (neighbour, view) ->
                                view
                                        .get(Wire.of(neighbour.networkId()))
                                        .flatMap(_ -> view.get(neighbour.networkId()))
                                        .stream()
                                        .flatMap(network -> heard(neighbour, network)))
                .answering(Responder.asking(
                        "neighbour_wanted",
                        PuntReason.NEIGHBOUR_WANTED.number(),
                        (punted, view) -> network(punted, view)
                                .flatMap(network -> question(network.id(), wanted(punted), chassis, view).stream()),
                        (punted, view) -> network(punted, view)
                                .findFirst()
                                .map(network ->
                                        new Responder.Waiting(Neighbour.at(network.id(), wanted(punted)), NEIGHBOUR))))
                .answering(Responder.learning(
                        "neighbour_heard", PuntReason.NEIGHBOUR_HEARD.number(), WireNeighbours::learnt));
    }

    private static Stream<Flow> wanted(Network network, Id<Chassis> chassis) {
        var on = Match.on(NETWORK, network.key());
        var toUs = on.and(ETH_DST, Wire.address(chassis));
        return Stream.of(
                Flow.in(NEIGHBOUR, FALLBACK + 1, on.and(ROUTED, 1), PuntReason.NEIGHBOUR_WANTED.set(), goTo(PUNT)),
                Flow.in(WIRE_IN, NORMAL, toUs.and(Match.ARP).and(ARP_OP, Arp.REPLY), hear()),
                Flow.in(WIRE_IN, NORMAL, toUs.and(Packets.icmpv6(Packets.NEIGHBOUR_ADVERTISEMENT)), hear()));
    }

    private static List<Action> hear() {
        return List.of(PuntReason.NEIGHBOUR_HEARD.set(), goTo(PUNT));
    }

    /** Its place is known; and if it tells everybody of another, that is heard at once. */
    private static Stream<Flow> heard(Neighbour neighbour, Network network) {
        var address = neighbour.ipAddress();
        var on = Match.on(NETWORK, network.key());
        var found = Flow.in(
                NEIGHBOUR,
                FALLBACK + 2,
                on.and(NEIGHBOUR_HIGH, Neighbours.parts(address)[0])
                        .and(NEIGHBOUR_LOW, Neighbours.parts(address)[1])
                        .and(ROUTED, 1),
                set(ETH_DST, neighbour.macAddress()),
                set(TARGET_PORT, Wire.key(network)),
                goTo(TO_PORT));
        // It goes on first: a meter that drops, drops all that would be done after it, also out of a copy.
        var hearAndGoOn = List.of(onCopy(resubmit(ROUTER_IN)), PuntReason.NEIGHBOUR_HEARD.set(), goTo(PUNT));
        var telling = switch (address) {
            case Ipv4 ipv4 ->
                Stream.of(
                        Flow.in(
                                WIRE_IN,
                                SPECIFIC,
                                on.and(Match.ARP).and(ARP_OP, Arp.REPLY).and(ARP_SPA, ipv4),
                                hearAndGoOn),
                        Flow.in(
                                WIRE_IN,
                                SPECIFIC,
                                on.and(Match.ARP)
                                        .and(ARP_OP, Arp.REQUEST)
                                        .and(ARP_SPA, ipv4)
                                        .and(ARP_TPA, ipv4),
                                hearAndGoOn));
            case Ipv6 ipv6 ->
                Stream.of(Flow.in(
                        WIRE_IN,
                        SPECIFIC,
                        on.and(Packets.icmpv6(Packets.NEIGHBOUR_ADVERTISEMENT)).and(ND_TARGET, ipv6),
                        hearAndGoOn));
        };
        return Stream.concat(Stream.of(found), telling);
    }

    private static Stream<Network> network(Punted punted, View view) {
        return view.find(Network.withKey((int) punted.get(NETWORK)));
    }

    /** Whom a router has the packet for. */
    static IpAddress wanted(Punted punted) {
        return Neighbours.address(punted);
    }

    /** Asks the wire of the network for the address. */
    static Optional<Responder.Answer> question(Id<Network> network, IpAddress address, Id<Chassis> chassis, View view) {
        var own = Wire.address(chassis);
        return onWire(network, view).map(exit -> new Responder.Answer(question(address, own), exit));
    }

    private static Ethernet question(IpAddress address, Mac own) {
        return question(address, own, address.version() == 4 ? Ipv4.ANY : own.linkLocal());
    }

    /** Who has the address, asked from another one of its version. */
    static Ethernet question(IpAddress address, Mac own, IpAddress from) {
        return switch (address) {
            case Ipv4 ipv4 -> Ethernet.of(own, Mac.BROADCAST, Arp.request(own, (Ipv4) from, ipv4));
            case Ipv6 ipv6 -> {
                var group = ipv6.solicitedNode();
                yield Ethernet.of(
                        own,
                        group.multicastMac(),
                        Ipv6Packet.of((Ipv6) from, group, NeighbourDiscovery.NeighbourSolicitation.of(ipv6, own))
                                .withHops(NeighbourDiscovery.HOP_LIMIT));
            }
        };
    }

    /** How the agent puts something on the wire of a network, if the chassis is on it. */
    static Optional<Exit> onWire(Id<Network> id, View view) {
        return view.get(Wire.of(id))
                .flatMap(_ -> view.get(id))
                .map(network -> Exit.table(WIRE_OUT, Match.on(NETWORK, network.key())));
    }

    /**
     * Who says that he has an address; of addresses that are of no subnet there nobody is believed, nor of those that the topology knows,
     * but for another chassis that stands for one.
     */
    private static Stream<Neighbour> learnt(Punted punted, View view) {
        return network(punted, view)
                .flatMap(network -> said(punted.packet()).stream()
                        .map(said -> Neighbour.of(network.id(), said.address, said.mac))
                        .filter(neighbour -> isBelieved(neighbour, view)));
    }

    record Said(IpAddress address, Mac mac) {}

    /** What a reply, an advertisement or an announcement says. */
    static Optional<Said> said(Ethernet frame) {
        return switch (frame.payload()) {
            case Arp arp -> Optional.of(new Said(arp.senderIp(), arp.senderMac()));
            case Ipv6Packet ip
            when ip.peek() instanceof NeighbourDiscovery.NeighbourAdvertisement told ->
                Optional.of(new Said(told.target(), told.targetMac().orElse(frame.source())));
            default -> Optional.empty();
        };
    }

    private static boolean isBelieved(Neighbour neighbour, View view) {
        var address = neighbour.ipAddress();
        boolean isMachine = !neighbour.macAddress().isMulticast()
                && !neighbour.macAddress().equals(Mac.ZERO)
                && !address.isMulticast();
        return isMachine
                && view.find(Subnet.on(neighbour.networkId()))
                        .anyMatch(subnet -> subnet.cidr().contains(address))
                && view.find(Port.having(address))
                        .filter(port -> port.networkId().equals(neighbour.networkId()))
                        .allMatch(port -> port.isOutside() && port.macAddress().equals(neighbour.macAddress()));
    }
}

package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.NEIGHBOUR_HIGH;
import static org.dragonflow.apps.Registers.NEIGHBOUR_LOW;
import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.ROUTED;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Tables.NEIGHBOUR;
import static org.dragonflow.apps.Tables.PUNT;
import static org.dragonflow.apps.Tables.ROUTER_IN;
import static org.dragonflow.apps.Tables.SERVICES;
import static org.dragonflow.apps.Tables.TO_PORT;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.onCopy;
import static org.dragonflow.flow.Action.resubmit;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.ARP_OP;
import static org.dragonflow.flow.Field.ARP_SHA;
import static org.dragonflow.flow.Field.ARP_SPA;
import static org.dragonflow.flow.Field.ARP_TPA;
import static org.dragonflow.flow.Field.ETH_DST;
import static org.dragonflow.flow.Field.ND_TARGET;
import static org.dragonflow.flow.Field.ND_TLL;
import static org.dragonflow.flow.Flow.NORMAL;

import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.compile.Announcement;
import org.dragonflow.compile.Announcer;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Exit;
import org.dragonflow.compile.Pace;
import org.dragonflow.compile.Punted;
import org.dragonflow.compile.Responder;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.View;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Ethernet;

/**
 * Leads what is routed to an address that several ports are allowed to the one that announced it last.
 *
 * <p>Hosts on the network need no help: they hear the announcement themselves, and a question goes to all of the network, so that who has the
 * address answers. It is not answered from what is known here, lest who is about to take the address over be told that it is taken.
 */
final class ActivePorts {
    private static final int HEARD = NORMAL + 1;
    private static final int KNOWN = NORMAL + 200;

    private ActivePorts() {}

    static App app(Id<Chassis> chassis) {
        return App.named("active_ports")
                .forEach(
                        "routed",
                        ActivePort.class,
                        (active, view) -> active.isToBeHad(view)
                                ? holder(active, view).flatMap(port -> routed(active, port, view))
                                : Stream.of())
                .forEach(
                        "heard",
                        Port.class,
                        (port, _) -> port.isBoundTo(chassis) && port.portSecurityEnabled()
                                ? blocks(port).flatMap(block -> heard(port, block))
                                : Stream.of())
                .forEach(
                        "known",
                        ActivePort.class,
                        (active, view) -> holder(active, view)
                                .filter(port -> port.isBoundTo(chassis) && port.portSecurityEnabled())
                                .flatMap(port -> known(active, port)))
                .answering(Responder.learning(
                        "address_announced", PuntReason.ADDRESS_ANNOUNCED.number(), ActivePorts::learnt))
                .announcing(new Announcer(
                        "active_ports", view -> questions(chassis, view), (_, after) -> after, Pace.QUESTIONS));
    }

    private static Stream<Port> holder(ActivePort active, View view) {
        return view.get(active.portId()).filter(active::isAllowedTo).stream();
    }

    private static Stream<IpPrefix> blocks(Port port) {
        return port.allowedAddressPairs().stream()
                .map(Port.AddressPair::ipAddress)
                .distinct();
    }

    private static Stream<Flow> routed(ActivePort active, Port port, View view) {
        var parts = Neighbours.parts(active.ipAddress());
        return view.get(NearNetwork.of(port.networkId())).flatMap(_ -> view.get(port.networkId())).stream()
                .map(Network::key)
                .map(network -> Flow.in(
                        NEIGHBOUR,
                        NORMAL,
                        Match.on(NETWORK, network)
                                .and(NEIGHBOUR_HIGH, parts[0])
                                .and(NEIGHBOUR_LOW, parts[1])
                                .and(ROUTED, 1),
                        set(ETH_DST, active.macAddress()),
                        set(TARGET_PORT, port.key()),
                        goTo(TO_PORT)));
    }

    // ---- What ports announce. Port security has let it pass, so the port is allowed the address.

    private static Match reply(Port port) {
        return Match.on(SOURCE_PORT, port.key()).and(Match.ARP).and(ARP_OP, Arp.REPLY);
    }

    private static Match advertisement(Port port) {
        return Match.on(SOURCE_PORT, port.key()).and(Packets.icmpv6(Packets.NEIGHBOUR_ADVERTISEMENT));
    }

    private static Match announcement(Port port, IpPrefix block) {
        return Match.on(SOURCE_PORT, port.key())
                .and(Match.ARP)
                .and(ARP_OP, Arp.REQUEST)
                .and(ARP_SPA, block)
                .and(ARP_TPA, block);
    }

    private static Stream<Flow> heard(Port port, IpPrefix block) {
        return block.version() == 4
                ? Stream.of(
                        Flow.in(SERVICES, HEARD + block.length(), reply(port).and(ARP_SPA, block), hear(goOn())),
                        Flow.in(SERVICES, HEARD + block.length(), announcement(port, block), hear(asked())))
                : Stream.of(Flow.in(
                        SERVICES, HEARD + block.length(), advertisement(port).and(ND_TARGET, block), hear(goOn())));
    }

    /** It goes on first: a meter that drops, drops all that would be done after it, also out of a copy. */
    private static List<Action> hear(Action... onward) {
        return List.of(onCopy(onward), PuntReason.ADDRESS_ANNOUNCED.set(), goTo(PUNT));
    }

    private static Action[] goOn() {
        return new Action[] {resubmit(ROUTER_IN)};
    }

    private static Action[] asked() {
        return Neighbours.wanting(ARP_TPA, resubmit(NEIGHBOUR)).toArray(Action[]::new);
    }

    /** What says nothing new is not heard. */
    private static Stream<Flow> known(ActivePort active, Port port) {
        var mac = active.macAddress();
        return switch (active.ipAddress()) {
            case Ipv4 ipv4 ->
                Stream.of(
                        Flow.in(SERVICES, KNOWN, reply(port).and(ARP_SPA, ipv4).and(ARP_SHA, mac), goTo(ROUTER_IN)),
                        Flow.in(
                                SERVICES,
                                KNOWN,
                                announcement(port, IpPrefix.host(ipv4)).and(ARP_SHA, mac),
                                Neighbours.wanting(ARP_TPA, goTo(NEIGHBOUR))));
            case Ipv6 ipv6 ->
                Stream.of(Flow.in(
                        SERVICES,
                        KNOWN,
                        advertisement(port).and(ND_TARGET, ipv6).and(ND_TLL, mac),
                        goTo(ROUTER_IN)));
        };
    }

    private static Stream<ActivePort> learnt(Punted punted, View view) {
        return WireNeighbours.said(punted.packet()).stream()
                .filter(_ -> isAnnouncement(punted.packet()))
                .flatMap(said -> view.find(Port.withKey((int) punted.get(SOURCE_PORT)))
                        .map(port -> ActivePort.of(port, said.address(), said.mac()))
                        .filter(active -> view.get(active.portId())
                                .filter(active::isAllowedTo)
                                .isPresent()))
                .filter(active -> active.isToBeHad(view));
    }

    /** A question for one address of a block from another one of it is none. */
    private static boolean isAnnouncement(Ethernet packet) {
        return !(packet.payload() instanceof Arp arp)
                || arp.operation() == Arp.REPLY
                || arp.senderIp().equals(arp.targetIp());
    }

    // ---- Questions, so that what was missed is found out: the agent was away, or the server.

    private static Stream<Announcement> questions(Id<Chassis> chassis, View view) {
        return view.find(Port.at(chassis))
                .filter(port -> port.portSecurityEnabled()
                        && !port.allowedAddressPairs().isEmpty())
                .filter(port -> Locality.plugged(port, chassis, view).findAny().isPresent())
                .map(port -> new Announcement(
                        port.id().value(),
                        blocks(port)
                                .filter(block -> block.equals(IpPrefix.host(block.first())))
                                .flatMap(block -> question(port, block.first(), view))
                                .toList(),
                        Exit.table(TO_PORT, Match.on(TARGET_PORT, port.key()))));
    }

    /** A router asks, as others would that have a packet for the address; where there is none, nobody need know. */
    private static Stream<Ethernet> question(Port port, IpAddress address, View view) {
        return view.find(RouterInterface.on(port.networkId()))
                .flatMap(own -> view.get(own.portId()).stream())
                .flatMap(router -> router.addresses()
                        .filter(from -> from.version() == address.version())
                        .map(from -> WireNeighbours.question(address, router.macAddress(), from)))
                .limit(1);
    }
}

package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.CT_ROUTER;
import static org.dragonflow.apps.Registers.FROM_TUNNEL;
import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.OUTSIDE;
import static org.dragonflow.apps.Registers.ROUTED;
import static org.dragonflow.apps.Registers.ROUTER;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Tables.FROM_OUTSIDE_BANDWIDTH;
import static org.dragonflow.apps.Tables.NAT_CHASSIS_IN;
import static org.dragonflow.apps.Tables.NAT_CHASSIS_OUT;
import static org.dragonflow.apps.Tables.NAT_IN;
import static org.dragonflow.apps.Tables.NAT_OUT;
import static org.dragonflow.apps.Tables.NAT_SENT;
import static org.dragonflow.apps.Tables.NEIGHBOUR;
import static org.dragonflow.apps.Tables.PUNT;
import static org.dragonflow.apps.Tables.ROUTER_IN;
import static org.dragonflow.apps.Tables.TO_OUTSIDE_BANDWIDTH;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.CT_STATE;
import static org.dragonflow.flow.Field.ETH_DST;
import static org.dragonflow.flow.Field.ETH_SRC;
import static org.dragonflow.flow.Field.IPV4_DST;
import static org.dragonflow.flow.Field.IPV4_SRC;
import static org.dragonflow.flow.Flow.FALLBACK;
import static org.dragonflow.flow.Flow.MISS;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.OVERRIDE;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.Ipv4;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.compile.ConntrackZone;
import org.dragonflow.compile.Punted;
import org.dragonflow.compile.Responder;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.LeaseUsedUp;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.View;
import org.dragonflow.packet.IpPacket;
import org.dragonflow.packet.Tcp;
import org.dragonflow.packet.Udp;

/**
 * Translates addresses between inside and outside, on the chassis where the server is: floating IPs, one to one; and the address of the
 * chassis, which all that is behind the routers there may share. How an address of a router is shared, {@link SharedNat} knows.
 */
final class Nat {
    // Bits of ct_state (ovs-fields(7)).
    private static final long REPLY = 8;
    private static final long INVALID = 16;
    private static final long TRACKED = 32;
    private static final long SOURCE_TRANSLATED = 64;

    /** Nobody's addresses: those that stand for a router where several share the address of a chassis. They never leave the switch. */
    private static final int OF_ROUTERS = 0x8000_0000;

    private Nat() {}

    static App app(Id<Chassis> chassis) {
        return App.named("nat")
                .derive(
                        "shares",
                        Port.class,
                        (port, _) -> isOfChassis(port, chassis) ? ChassisAddress.of(port) : Stream.of())
                .derive("zone", ChassisAddress.class, (own, _) -> Stream.of(Zones.ofTranslation(own.portId())))
                .forEach("ways", Bridge.class, (_, _) -> ways())
                .forEach("floating", FloatingIp.class, (floating, view) -> floating(floating, chassis, view))
                .forEach(
                        "router",
                        EdgeRouter.class,
                        (edge, view) -> Translation.stream(edge.router(), view)
                                .filter(Translation::translatesSource)
                                .flatMap(way -> Stream.of(unleased(way), ofRouter(way), shared(way, view))
                                        .flatMap(flows -> flows)))
                .forEach("chassis", ChassisAddress.class, Nat::arrival)
                .answering(refusal(chassis));
    }

    /** Who has used up a lease is told so only if there is no larger one: else the sender will find it when it tries again. */
    private static Responder refusal(Id<Chassis> chassis) {
        var refusal = RouterErrors.responder(PuntReason.NO_TRANSLATION, chassis);
        return new Responder(
                refusal.name(),
                refusal.reason(),
                (punted, view) -> usedUp(punted, view).isPresent()
                        ? Stream.of()
                        : refusal.answer().apply(punted, view),
                (punted, view) -> usedUp(punted, view).map(NatLease::id).map(LeaseUsedUp::new).stream(),
                refusal.waiting());
    }

    /** Of what has ports alone: else nothing is used up by being many. */
    private static Optional<NatLease> usedUp(Punted punted, View view) {
        boolean hasPorts = punted.packet().payload() instanceof IpPacket packet
                && (packet.transport() instanceof Tcp || packet.transport() instanceof Udp);
        return hasPorts ? SharedNat.usedUp(punted, view) : Optional.empty();
    }

    private static boolean isOfChassis(Port port, Id<Chassis> chassis) {
        return port.deviceOwner().equals(Port.CHASSIS_GATEWAY) && port.isBoundTo(chassis);
    }

    private static Stream<Flow> ways() {
        var invalid = Match.ANY.and(CT_STATE, INVALID | TRACKED, INVALID | TRACKED);
        var reply = Match.ANY.and(CT_STATE, REPLY | TRACKED, REPLY | TRACKED);
        var translated = Match.ANY.and(CT_STATE, SOURCE_TRANSLATED, SOURCE_TRANSLATED);
        return Stream.of(
                Flow.drop(NAT_IN, NORMAL, invalid),
                Flow.in(NAT_IN, MISS, Match.ANY, goTo(FROM_OUTSIDE_BANDWIDTH)),
                // The answer of a connection from outside has been translated back on the way.
                Flow.in(NAT_OUT, OVERRIDE, reply, goTo(TO_OUTSIDE_BANDWIDTH)),
                Flow.in(NAT_OUT, MISS, Match.ANY, goTo(NEIGHBOUR)),
                Flow.in(NAT_SENT, NORMAL, translated, goTo(TO_OUTSIDE_BANDWIDTH)),
                Flow.in(NAT_SENT, MISS, Match.ANY, PuntReason.NO_TRANSLATION.set(), goTo(PUNT)));
    }

    private static Stream<Flow> floating(FloatingIp floating, Id<Chassis> chassis, View view) {
        return floating.portId().stream()
                .flatMap(_ -> view.get(floating.floatingPortId()).stream())
                .filter(outside -> outside.isBoundTo(chassis))
                .flatMap(outside -> floating.routerId().stream()
                        .flatMap(router -> Translation.stream(router, view))
                        .flatMap(way -> floating(floating, outside, way)));
    }

    private static Stream<Flow> floating(FloatingIp floating, Port outside, Translation way) {
        return floating.floatingIpAddress()
                .flatMap(address ->
                        floating.fixedIpAddress().map(fixed -> oneToOne((Ipv4) address, (Ipv4) fixed, outside, way)))
                .orElse(Stream.of());
    }

    private static Stream<Flow> oneToOne(Ipv4 address, Ipv4 fixed, Port outside, Translation way) {
        return Stream.of(
                Flow.in(
                        NAT_OUT,
                        SPECIFIC,
                        way.out().and(IPV4_SRC, fixed),
                        set(ETH_SRC, outside.macAddress()),
                        set(OUTSIDE, outside.key()),
                        way.toSource(address)),
                Flow.in(
                        ROUTER_IN,
                        SPECIFIC,
                        arriving(way.network(), outside, address),
                        way.take(outside, way.toDestination(fixed, 0, 0))));
    }

    /** A packet from outside for an address that a port there holds. */
    static Match arriving(Network network, Port outside, Ipv4 address) {
        return Match.on(NETWORK, network.key())
                .and(ETH_DST, outside.macAddress())
                .and(Match.IPV4)
                .and(IPV4_DST, address);
    }

    /** Nothing leaves with an address from inside because nothing is there yet to translate it to. */
    private static Stream<Flow> unleased(Translation way) {
        return Stream.of(Flow.in(NAT_OUT, FALLBACK, way.out(), PuntReason.NO_TRANSLATION.set(), goTo(PUNT)));
    }

    /** What the router says itself, of which no port is the source, bears its own address already. */
    private static Stream<Flow> ofRouter(Translation way) {
        return way.gateway()
                .addresses()
                .filter(Ipv4.class::isInstance)
                .map(own ->
                        Flow.in(NAT_OUT, SPECIFIC, way.out().and(SOURCE_PORT, 0).and(IPV4_SRC, own), goTo(NEIGHBOUR)));
    }

    // ---- The address of the chassis, shared by all routers there. Twice translated: to an address that stands for the
    // router, so that no two connections are the same; and from there to the address of the chassis.

    private static Stream<Flow> shared(Translation way, View view) {
        return way.network().snat().equals(Network.SNAT_BY_CHASSIS)
                ? view.get(ChassisAddress.on(way.network().id())).stream()
                        .flatMap(own -> zone(own, view).stream().flatMap(zone -> shared(way, own, zone)))
                : Stream.of();
    }

    private static Stream<Flow> shared(Translation way, ChassisAddress own, int zone) {
        var stand = new Ipv4(OF_ROUTERS | way.router().key());
        var to = new Action.Nat.Range(own.address(), own.address(), 0, 0);
        return Stream.of(
                Flow.in(
                        NAT_OUT,
                        NORMAL,
                        way.out(),
                        set(ETH_SRC, own.mac()),
                        set(OUTSIDE, way.gateway().key()),
                        way.toSource(stand, 0, 0, NAT_CHASSIS_OUT)),
                Flow.in(
                        NAT_CHASSIS_OUT,
                        NORMAL,
                        way.out(),
                        Translation.translate(
                                true,
                                to,
                                zone,
                                TO_OUTSIDE_BANDWIDTH,
                                set(CT_ROUTER, way.router().key()))),
                Flow.in(
                        NAT_CHASSIS_IN,
                        NORMAL,
                        Match.on(CT_ROUTER, way.router().key())
                                .and(NETWORK, way.network().key())
                                .and(Match.IPV4),
                        set(ROUTER, way.router().key()),
                        set(OUTSIDE, way.gateway().key()),
                        way.undo()));
    }

    private static Stream<Flow> arrival(ChassisAddress own, View view) {
        return view.get(own.network()).stream()
                .flatMap(network -> zone(own, view).stream()
                        .map(zone -> Flow.in(
                                ROUTER_IN,
                                SPECIFIC,
                                Match.on(NETWORK, network.key())
                                        .and(ETH_DST, own.mac())
                                        .and(Match.IPV4)
                                        .and(IPV4_DST, own.address()),
                                set(ROUTED, 1),
                                set(FROM_TUNNEL, 0),
                                new Action.CtClear(),
                                Translation.undo(zone, NAT_CHASSIS_IN))));
    }

    private static Optional<Integer> zone(ChassisAddress own, View view) {
        return view.get(Zones.ofTranslation(own.portId()).zone()).map(ConntrackZone::number);
    }
}

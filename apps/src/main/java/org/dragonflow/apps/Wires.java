package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.FROM_TUNNEL;
import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Registers.TRANSPARENT;
import static org.dragonflow.apps.Registers.UNKNOWN;
import static org.dragonflow.apps.Tables.CLASSIFY;
import static org.dragonflow.apps.Tables.DISPATCH;
import static org.dragonflow.apps.Tables.FLOOD_REMOTE;
import static org.dragonflow.apps.Tables.L2_LOOKUP;
import static org.dragonflow.apps.Tables.NEIGHBOUR;
import static org.dragonflow.apps.Tables.PUNT;
import static org.dragonflow.apps.Tables.ROUTER_IN;
import static org.dragonflow.apps.Tables.TO_PORT;
import static org.dragonflow.apps.Tables.TUNNEL_OUT;
import static org.dragonflow.apps.Tables.WIRE_IN;
import static org.dragonflow.apps.Tables.WIRE_OUT;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.onCopy;
import static org.dragonflow.flow.Action.resubmit;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.ARP_OP;
import static org.dragonflow.flow.Field.ARP_TPA;
import static org.dragonflow.flow.Field.ND_TARGET;
import static org.dragonflow.flow.Flow.FALLBACK;
import static org.dragonflow.flow.Flow.MISS;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.OVERRIDE;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.Comparator;
import java.util.List;
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
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Meter;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Detour;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Segment;
import org.dragonflow.model.View;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.VlanTag;

/**
 * Carries networks over physical ones: what is on such a network leaves by the wire instead of a tunnel, and who else is on the wire is met
 * there.
 *
 * <p>The wire of a network is known by a key of its own, as a port is; what comes from it is from nobody's port, and goes to ports of this
 * chassis only: those of others hear it from the wire themselves.
 */
final class Wires {
    private Wires() {}

    static App app(Id<Chassis> chassis) {
        return App.named("wires")
                .derive(
                        "uplink",
                        Interface.class,
                        (own, _) -> own.physicalNetwork().stream()
                                .map(physical -> new Uplink(Uplink.to(physical), own.ofport())))
                .derive("wire", Segment.class, (segment, view) -> wire(segment, chassis, view))
                .forEach(
                        "arrival",
                        Bridge.class,
                        (_, _) -> Stream.concat(
                                Stream.of(
                                        Flow.in(WIRE_IN, MISS, Match.ANY, goTo(ROUTER_IN)),
                                        Flow.in(WIRE_IN, OVERRIDE, Packets.TAGGED, goTo(L2_LOOKUP))),
                                Packets.stillTagged(WIRE_IN)))
                .forEach(
                        "network",
                        Wire.class,
                        (wire, view) -> view.get(wire.network()).stream()
                                .filter(Network::adminStateUp)
                                .flatMap(network -> network(wire, network, departure(wire, network, chassis, view))))
                .forEach(
                        "stands",
                        Port.class,
                        (port, view) -> isStoodFor(port, chassis)
                                ? view.get(Wire.of(port.networkId())).flatMap(_ -> view.get(port.networkId())).stream()
                                        .flatMap(network -> stands(port, network))
                                : Stream.of())
                .announcing(WireAnnouncements.announcer(chassis));
    }

    /** Whether this chassis is where others meet the port, which is nobody's card. */
    static boolean isStoodFor(Port port, Id<Chassis> chassis) {
        return port.isBoundTo(chassis) && (port.isRouterInterface() || port.isOutside());
    }

    /** This chassis, and no other, answers for the addresses of the port to who is on the wire. */
    private static Stream<Flow> stands(Port port, Network network) {
        return Neighbours.addresses(port).map(address -> answered(network, address));
    }

    /** Who on the wire asks for the address is answered with what {@link Neighbours} knows of it. */
    static Flow answered(Network network, IpAddress address) {
        var on = Match.on(NETWORK, network.key());
        return switch (address) {
            case Ipv4 ipv4 ->
                Flow.in(
                        WIRE_IN,
                        NORMAL,
                        on.and(Match.ARP).and(ARP_OP, Arp.REQUEST).and(ARP_TPA, ipv4),
                        Neighbours.wanting(ARP_TPA, goTo(NEIGHBOUR)));
            case Ipv6 ipv6 ->
                Flow.in(
                        WIRE_IN,
                        NORMAL,
                        on.and(Packets.icmpv6(Packets.NEIGHBOUR_SOLICITATION)).and(ND_TARGET, ipv6),
                        Neighbours.wantingIpv6(Header.ND_TARGET, goTo(NEIGHBOUR)));
        };
    }

    private static Stream<Wire> wire(Segment segment, Id<Chassis> chassis, View view) {
        boolean isOfUse = view.get(NearNetwork.of(segment.networkId())).isPresent()
                || view.get(EdgeNetwork.of(segment.networkId())).isPresent();
        if (!isOfUse || segment.physicalNetwork().isEmpty()) {
            return Stream.of();
        }
        var place = place(segment, view);
        return place.isPresent() || isLent(segment, chassis, view)
                ? Stream.of(new Wire(Wire.of(segment.networkId()), place))
                : Stream.of();
    }

    private static Optional<Place> place(Segment segment, View view) {
        return segment.physicalNetwork()
                .flatMap(physical -> view.get(Uplink.to(physical)))
                .flatMap(uplink -> view.get(segment.networkId())
                        .map(network -> new Place(
                                uplink.ofport(),
                                segment.segmentationId().orElse(0),
                                network.qinq() ? VlanTag.SERVICE : VlanTag.CUSTOMER)));
    }

    /** Of several segments the first stands for all, where this chassis is on none of them. */
    private static boolean isLent(Segment segment, Id<Chassis> chassis, View view) {
        if (view.get(Detour.of(segment.networkId(), chassis)).isEmpty()) {
            return false;
        }
        var all = view.find(Segment.of(segment.networkId()))
                .filter(other -> other.physicalNetwork().isPresent())
                .sorted(Comparator.comparing(other -> other.id().value()))
                .toList();
        return all.getFirst().equals(segment)
                && all.stream().allMatch(other -> place(other, view).isEmpty());
    }

    private static Stream<Entry> network(Wire wire, Network network, List<Action> departure) {
        long key = Wire.key(network);
        var on = Match.on(NETWORK, network.key());
        var copy = onCopy(resubmit(WIRE_OUT));
        var meter = Meter.ofPackets(
                MeterKind.PUNTS_OF_WIRE.of(network.key()), Classifier.PUNTS_PER_SECOND, Classifier.PUNTS_AT_ONCE);
        var entries = Stream.of(
                Flow.in(WIRE_OUT, NORMAL, on, departure),
                Flow.in(TO_PORT, NORMAL, Match.on(TARGET_PORT, key), goTo(WIRE_OUT)),
                Flow.in(DISPATCH, NORMAL, Match.on(TARGET_PORT, key), goTo(WIRE_OUT)),
                Flow.in(FLOOD_REMOTE, NORMAL, on.and(UNKNOWN, 0).and(FROM_TUNNEL, 0), copy),
                Flow.in(FLOOD_REMOTE, NORMAL, on.and(UNKNOWN, 1).and(FROM_TUNNEL, 0), copy),
                Flow.in(PUNT, NORMAL, Match.on(SOURCE_PORT, key), new Action.Metered(meter.id()), new Action.Punt("")),
                meter);
        return Stream.concat(entries, wire.place().stream().flatMap(place -> arrivals(place, network)));
    }

    private static Stream<Flow> arrivals(Place place, Network network) {
        var arriving = arriving(place, network);
        var tagged = place.tagged().map(match -> Flow.in(CLASSIFY, FALLBACK, match, arriving));
        return Stream.concat(
                Stream.of(Flow.in(CLASSIFY, SPECIFIC, place.arrival(), arriving)),
                network.passesTags() ? tagged : Stream.of());
    }

    private static List<Action> arriving(Place place, Network network) {
        return place.arriving(
                set(NETWORK, network.key()),
                set(SOURCE_PORT, Wire.key(network)),
                set(FROM_TUNNEL, 1),
                set(TRANSPARENT, network.passesTags() ? 1 : 0),
                goTo(WIRE_IN));
    }

    private static List<Action> departure(Wire wire, Network network, Id<Chassis> chassis, View view) {
        return Detours.way(network.id(), chassis, view)
                .findFirst()
                .map(way -> List.of(set(TARGET_PORT, Wire.key(network)), way, goTo(TUNNEL_OUT)))
                .orElseGet(() -> wire.place().map(Place::departing).orElse(List.of()));
    }
}

package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Tables.PUNT;
import static org.dragonflow.apps.Tables.SERVICES;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.Announcement;
import org.dragonflow.compile.Announcer;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Pace;
import org.dragonflow.compile.Punted;
import org.dragonflow.compile.Responder;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.View;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NeighbourDiscovery;
import org.dragonflow.packet.NeighbourDiscovery.RouterSolicitation;

/**
 * Tells hosts of their IPv6 router, of their prefixes and of more (RFC 4861), on the chassis where they are: when they ask, and unasked.
 *
 * <p>A router speaks on a network if one of its subnets there has a mode of announcement ({@code ipv6_ra_mode}); what it says is in {@link
 * AdvertisedLink}. Each host is told on its own port, so that nobody's advertisement crosses the network.
 */
final class RouterAdvertisements {
    private RouterAdvertisements() {}

    static App app(Id<Chassis> chassis) {
        return App.named("router_advertisements")
                .derive("links", RouterInterface.class, (own, view) -> link(own, chassis, view))
                .forEach("solicitations", Network.class, RouterAdvertisements::solicitations)
                .answering(new Responder(
                        "advertisements",
                        PuntReason.ROUTER_SOLICITATION.number(),
                        (punted, view) -> answer(punted, chassis, view)))
                .announcing(new Announcer(
                        "advertisements",
                        view -> announcements(chassis, view),
                        Retraction::revised,
                        Pace.ROUTER_ADVERTISEMENTS));
    }

    private static Stream<LinkAdvertisement> link(RouterInterface own, Id<Chassis> chassis, View view) {
        return L3.leg(own, chassis, view)
                .filter(leg -> view.get(LocalNetwork.of(leg.network().id())).isPresent())
                .flatMap(leg -> AdvertisedLink.of(leg, chassis, view).stream())
                .map(link -> LinkAdvertisement.of(own, link.packets()));
    }

    private static Stream<Flow> solicitations(Network network, View view) {
        return view.find(LinkAdvertisement.on(network.id()))
                .limit(1)
                .map(_ -> Flow.in(
                        SERVICES,
                        SPECIFIC,
                        Match.on(NETWORK, network.key()).and(Packets.icmpv6(Packets.ROUTER_SOLICITATION)),
                        PuntReason.ROUTER_SOLICITATION.set(),
                        goTo(PUNT)));
    }

    /** To the asker alone, who may have no address yet. */
    private static Stream<Responder.Answer> answer(Punted punted, Id<Chassis> chassis, View view) {
        return asker(punted.packet()).stream()
                .flatMap(asker -> view.find(Port.withKey((int) punted.get(SOURCE_PORT)))
                        .flatMap(port -> Locality.plugged(port, chassis, view)
                                .flatMap(own -> told(port, view).stream()
                                        .map(packet -> readdressed(
                                                packet, punted.packet().source(), asker))
                                        .map(own::answer))));
    }

    /** Who asks, if the question is as RFC 4861, section 6.1.1, wants it. */
    private static Optional<Ipv6> asker(Ethernet packet) {
        return packet.payload() instanceof Ipv6Packet ip
                        && ip.hopLimit() == NeighbourDiscovery.HOP_LIMIT
                        && ip.transport() instanceof RouterSolicitation asked
                        && !ip.source().isMulticast()
                        && !(ip.source().equals(Ipv6.ANY) && asked.sourceMac().isPresent())
                ? Optional.of(ip.source())
                : Optional.empty();
    }

    private static Ethernet readdressed(Ethernet packet, Mac mac, Ipv6 asker) {
        return packet.payload() instanceof Ipv6Packet ip && !asker.equals(Ipv6.ANY)
                ? packet.withAddresses(packet.source(), mac).withPayload(ip.withAddresses(ip.source(), asker))
                : packet;
    }

    /** What the routers on a port's network have to say. */
    private static List<Ethernet> told(Port port, View view) {
        return view.find(LinkAdvertisement.on(port.networkId()))
                .sorted(Comparator.comparing(LinkAdvertisement::id))
                .flatMap(link -> link.packets().stream())
                .toList();
    }

    private static Stream<Announcement> announcements(Id<Chassis> chassis, View view) {
        return view.find(Query.all(Interface.class))
                .flatMap(seen -> seen.ifaceId().stream())
                .distinct()
                .flatMap(card -> Locality.behind(card, view))
                .distinct()
                .flatMap(port -> Locality.plugged(port, chassis, view).map(own -> announcement(port, own, view)));
    }

    private static Announcement announcement(Port port, Place own, View view) {
        return new Announcement(
                port.networkId() + " " + port.id(),
                told(port, view).stream().map(own::frame).toList(),
                own.ofport());
    }
}

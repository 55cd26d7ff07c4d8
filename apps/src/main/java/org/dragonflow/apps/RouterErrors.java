package org.dragonflow.apps;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.Exit;
import org.dragonflow.compile.Punted;
import org.dragonflow.compile.Responder;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.View;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Icmp;
import org.dragonflow.packet.Icmpv6;
import org.dragonflow.packet.IpPacket;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.RawIcmpv6;

/**
 * Tells the sender of a packet that a router could not pass on why it could not (RFC 792, RFC 4443).
 *
 * <p>A port of this chassis gets the error at once. Others are told by way of the router: where the packet was translated, the error must be.
 */
final class RouterErrors {
    // Bits of ct_state (ovs-fields(7)).
    private static final long TRANSLATED = 0xc0;

    private RouterErrors() {}

    /** Type and code of the error in each version of ICMP. */
    private record Kind(int typeV4, int codeV4, int typeV6, int codeV6) {
        static Kind of(PuntReason reason) {
            return switch (reason) {
                case NO_HOP_LEFT -> new Kind(Icmp.TIME_EXCEEDED, 0, 3, 0);
                case NO_ROUTE -> new Kind(Icmp.UNREACHABLE, 0, 1, 0);
                case NO_NEIGHBOUR -> new Kind(Icmp.UNREACHABLE, 1, 1, 3);
                case ROUTER_PORT -> new Kind(Icmp.UNREACHABLE, 3, 1, 4);
                case TOO_BIG, TOO_BIG_FOR_TUNNEL -> new Kind(Icmp.UNREACHABLE, 4, Icmpv6.PACKET_TOO_BIG, 0);
                // Communication administratively prohibited.
                case NO_TRANSLATION -> new Kind(Icmp.UNREACHABLE, 13, 1, 1);
                case BEYOND_LINK -> new Kind(Icmp.UNREACHABLE, 0, 1, 2);
                case DHCPV4, DHCPV6, ROUTER_SOLICITATION, NEIGHBOUR_WANTED, NEIGHBOUR_HEARD, ADDRESS_ANNOUNCED ->
                    throw new IllegalArgumentException("no router punts for " + reason);
            };
        }
    }

    static Responder responder(PuntReason reason, Id<Chassis> chassis) {
        var kind = Kind.of(reason);
        return new Responder("router_" + reason.name().toLowerCase(Locale.ROOT), reason.number(), (punted, view) -> {
            if (!(punted.packet().payload() instanceof IpPacket packet) || !deservesAnError(packet, reason)) {
                return Stream.of();
            }
            int mtu = switch (reason) {
                case TOO_BIG -> mtu(punted, view);
                case TOO_BIG_FOR_TUNNEL -> mtuOfTunnel(punted, view);
                default -> 0;
            };
            var error = new Refusal(punted, packet, kind, mtu);
            var senders = view.find(Port.withKey((int) punted.get(Registers.SOURCE_PORT)))
                    .toList();
            return senders.isEmpty()
                    ? byWayOfRouter(error, chassis, view)
                    : senders.stream().flatMap(sender -> atOnce(error, sender, chassis, view));
        });
    }

    /** What fits the network that the packet was to go on in. */
    private static int mtu(Punted punted, View view) {
        return view.find(Network.withKey((int) punted.get(Registers.NETWORK)))
                .mapToInt(Network::mtu)
                .findFirst()
                .orElse(0);
    }

    /** What fits the tunnel through which it was to be passed on as it is. */
    private static int mtuOfTunnel(Punted punted, View view) {
        return view.find(Router.withKey((int) punted.get(Registers.ROUTER)))
                .flatMap(router -> view.get(TunnelMtu.of(router.id())).stream())
                .mapToInt(TunnelMtu::bytes)
                .findFirst()
                .orElse(0);
    }

    /** A packet that was refused, and why. */
    private record Refusal(Punted punted, IpPacket packet, Kind kind, int mtu) {
        IpPacket from(IpAddress router) {
            return switch (packet) {
                case Ipv4Packet ipv4 ->
                    Ipv4Packet.of((Ipv4) router, ipv4.source(), Icmp.error(kind.typeV4, kind.codeV4, mtu, ipv4));
                case Ipv6Packet ipv6 ->
                    Ipv6Packet.of((Ipv6) router, ipv6.source(), Icmpv6.error(kind.typeV6, kind.codeV6, mtu, ipv6));
            };
        }

        /**
         * As if a piece were all of its packet: connection tracking finds none for a quoted piece, so that the error would not be translated. Whom it is for
         * looks at the addresses and the ports of the quote.
         */
        Refusal ofWhole() {
            return packet instanceof Ipv4Packet piece ? new Refusal(punted, piece.asWhole(), kind, mtu) : this;
        }

        boolean wasTranslated() {
            return (punted.get(Field.CT_STATE) & TRANSLATED) != 0;
        }
    }

    private static Stream<Responder.Answer> atOnce(Refusal refusal, Port sender, Id<Chassis> chassis, View view) {
        return routerPort(refusal, sender, view).stream()
                .flatMap(port -> own(port, refusal.packet().source()).map(refusal::from).stream()
                        .map(error -> Ethernet.of(port.macAddress(), sender.macAddress(), error)))
                .flatMap(error -> Locality.plugged(sender, chassis, view).map(plug -> plug.answer(error)));
    }

    /**
     * As the router would send it; or, where its connection is translated, as the server that the packet was for would: then what translates
     * the server's packets translates the error, and what it quotes.
     */
    private static Stream<Responder.Answer> byWayOfRouter(Refusal refusal, Id<Chassis> chassis, View view) {
        var key = (int) refusal.punted().get(Registers.ROUTER);
        var as = Match.on(Registers.ROUTER, key).and(Registers.ROUTED, 1);
        var packet = refusal.packet();
        if (packet.source() instanceof Ipv6 sender && sender.isLinkLocal()) {
            // No router leads back to it.
            return Stream.of();
        }
        if (refusal.wasTranslated()) {
            return view.find(Port.having(packet.destination()))
                    // Servers of others, behind other routers, may have the address too.
                    .filter(server -> !server.isOutside()
                            && legs(key, server.networkId(), view).findAny().isPresent())
                    .flatMap(server -> Locality.plugged(server, chassis, view)
                            // From a port: Open vSwitch loses what it tracks and came in on none.
                            .map(plug -> new Responder.Answer(
                                    onwards(server, refusal.ofWhole().from(packet.destination())),
                                    Exit.table(Tables.ROUTE, as.and(Registers.SOURCE_PORT, server.key()))
                                            .from(plug.ofport()))))
                    .limit(1);
        }
        return view.find(Router.withKey(key))
                .flatMap(router -> towards(router, packet.source(), view))
                .flatMap(port -> own(port, packet.source()).map(refusal::from).stream()
                        .map(error -> new Responder.Answer(onwards(port, error), Exit.table(Tables.ROUTE, as))));
    }

    // Whom it goes to, and from where, routing will say.
    private static Ethernet onwards(Port from, IpPacket error) {
        return Ethernet.of(from.macAddress(), Mac.ZERO, error);
    }

    /** The router's port nearest to an address: on its subnet, or outside. */
    private static Stream<Port> towards(Router router, IpAddress address, View view) {
        var inside = view.find(RouterInterface.of(router.id())).flatMap(own -> view.get(own.portId()).stream());
        var outside = router.gatewayPortId().flatMap(view::get).stream();
        return Stream.concat(
                        inside.filter(port -> L3.subnets(port, view)
                                .anyMatch(subnet -> subnet.cidr().contains(address))),
                        outside)
                .limit(1);
    }

    /** The router's port on the sender's network: of several, that with the address nearest to the sender's. */
    private static Optional<Port> routerPort(Refusal refusal, Port sender, View view) {
        long router = refusal.punted().get(Registers.ROUTER);
        var source = refusal.packet().source();
        return legs(router, sender.networkId(), view)
                .flatMap(own -> view.get(own.portId()).stream())
                .filter(port -> own(port, source).isPresent())
                .min(Comparator.<Port>comparingInt(port -> -own(port, source)
                                .map(own -> common(own, source))
                                .orElse(0))
                        .thenComparing(Port::id));
    }

    /** The interfaces that the router of this key has on a network. */
    private static Stream<RouterInterface> legs(long router, Id<Network> network, View view) {
        return view.find(RouterInterface.on(network))
                .filter(own -> view.get(own.routerId())
                        .map(Router::key)
                        .filter(key -> key == router)
                        .isPresent());
    }

    /** The port's address of the sender's version; the one of the sender's subnet where there are several. */
    private static Optional<IpAddress> own(Port port, IpAddress sender) {
        return Stream.concat(
                        port.addresses(), Stream.<IpAddress>of(port.macAddress().linkLocal()))
                .filter(address -> address.version() == sender.version())
                .max(Comparator.comparingInt(address -> common(address, sender)));
    }

    /** How many leading bits two addresses of one version share. */
    private static int common(IpAddress a, IpAddress b) {
        int high = Long.numberOfLeadingZeros(a.high() ^ b.high());
        return high < 64 ? high : 64 + Long.numberOfLeadingZeros(a.low() ^ b.low());
    }

    /**
     * No error is sent about an error, a later fragment, or a packet from or to more than one host (RFC 1122, section 3.2.2). Nor does a
     * message of ICMP that the router has no use for miss a port: several chassis may get a copy of it.
     */
    private static boolean deservesAnError(IpPacket packet, PuntReason reason) {
        return switch (packet) {
            case Ipv4Packet ipv4 ->
                isHost(ipv4.source())
                        && isHost(ipv4.destination())
                        && ipv4.fragmentOffset() == 0
                        && !(ipv4.peek() instanceof Icmp icmp && (icmp.isError() || reason == PuntReason.ROUTER_PORT));
            case Ipv6Packet ipv6 ->
                isHost(ipv6.source())
                        && isHost(ipv6.destination())
                        && !(ipv6.peek() instanceof RawIcmpv6 icmp
                                && (icmp.type() < 128 || reason == PuntReason.ROUTER_PORT));
        };
    }

    private static boolean isHost(IpAddress address) {
        return !address.isMulticast()
                && !address.equals(Ipv4.ANY)
                && !address.equals(Ipv4.BROADCAST)
                && !address.equals(Ipv6.ANY);
    }
}

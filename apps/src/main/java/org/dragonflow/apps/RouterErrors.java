package org.dragonflow.apps;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.compile.Punted;
import org.dragonflow.compile.Responder;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
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

/** Tells the sender of a packet that a router could not pass on why it could not (RFC 792, RFC 4443). */
final class RouterErrors {
    private RouterErrors() {}

    /** Type and code of the error in each version of ICMP. */
    private record Kind(int typeV4, int codeV4, int typeV6, int codeV6) {
        static Kind of(PuntReason reason) {
            return switch (reason) {
                case NO_HOP_LEFT -> new Kind(Icmp.TIME_EXCEEDED, 0, 3, 0);
                case NO_ROUTE -> new Kind(Icmp.UNREACHABLE, 0, 1, 0);
                case NO_NEIGHBOUR -> new Kind(Icmp.UNREACHABLE, 1, 1, 3);
                case ROUTER_PORT -> new Kind(Icmp.UNREACHABLE, 3, 1, 4);
                // Communication administratively prohibited.
                case NO_TRANSLATION -> new Kind(Icmp.UNREACHABLE, 13, 1, 1);
                case BEYOND_LINK -> new Kind(Icmp.UNREACHABLE, 0, 1, 2);
                case DHCPV4, DHCPV6, ROUTER_SOLICITATION, NEIGHBOUR_WANTED, NEIGHBOUR_HEARD ->
                    throw new IllegalArgumentException("no router punts for " + reason);
            };
        }
    }

    static Responder responder(PuntReason reason, Id<Chassis> chassis) {
        var kind = Kind.of(reason);
        return new Responder(
                "router_" + reason.name().toLowerCase(Locale.ROOT),
                reason.number(),
                (punted, view) -> sender(punted, view)
                        .flatMap(port -> error(punted, port, kind, view)
                                .flatMap(error ->
                                        Locality.plugged(port, chassis, view).map(own -> own.answer(error)))));
    }

    private static Stream<Port> sender(Punted punted, View view) {
        return view.find(Port.withKey((int) punted.get(Tables.SOURCE_PORT)));
    }

    private static Stream<Ethernet> error(Punted punted, Port sender, Kind kind, View view) {
        if (!(punted.packet().payload() instanceof IpPacket packet) || !deservesAnError(packet)) {
            return Stream.of();
        }
        return routerPort(punted, sender, view).stream().flatMap(port -> switch (packet) {
            case Ipv4Packet ipv4 ->
                own(port, ipv4.source(), Ipv4.class)
                        .map(address ->
                                Ipv4Packet.of(address, ipv4.source(), Icmp.error(kind.typeV4, kind.codeV4, 0, ipv4)))
                        .map(answer -> Ethernet.of(port.macAddress(), sender.macAddress(), answer));
            case Ipv6Packet ipv6 ->
                own(port, ipv6.source(), Ipv6.class)
                        .map(address ->
                                Ipv6Packet.of(address, ipv6.source(), Icmpv6.error(kind.typeV6, kind.codeV6, 0, ipv6)))
                        .map(answer -> Ethernet.of(port.macAddress(), sender.macAddress(), answer));
        });
    }

    /** The router's port on the sender's network. */
    private static Optional<Port> routerPort(Punted punted, Port sender, View view) {
        long router = punted.get(Tables.ROUTER);
        return view.find(RouterInterface.on(sender.networkId()))
                .filter(own -> view.get(own.routerId())
                        .map(Router::key)
                        .filter(key -> key == router)
                        .isPresent())
                .flatMap(own -> view.get(own.portId()).stream())
                .min(Comparator.comparing(Port::id));
    }

    /** The port's address of the kind asked for; the one of the sender's subnet where there are several. */
    private static <A extends IpAddress> Stream<A> own(Port port, IpAddress sender, Class<A> kind) {
        return Stream.concat(port.addresses(), Stream.of(port.macAddress().linkLocal()))
                .filter(kind::isInstance)
                .map(kind::cast)
                .sorted(Comparator.comparingInt(address -> -common(address, sender)))
                .limit(1);
    }

    /** How many leading bits two addresses of one version share. */
    private static int common(IpAddress a, IpAddress b) {
        int high = Long.numberOfLeadingZeros(a.high() ^ b.high());
        return high < 64 ? high : 64 + Long.numberOfLeadingZeros(a.low() ^ b.low());
    }

    /** No error is sent about an error, a later fragment, or a packet from or to more than one host (RFC 1122, section 3.2.2). */
    private static boolean deservesAnError(IpPacket packet) {
        return switch (packet) {
            case Ipv4Packet ipv4 ->
                isHost(ipv4.source())
                        && isHost(ipv4.destination())
                        && ipv4.fragmentOffset() == 0
                        && !(ipv4.peek() instanceof Icmp icmp && icmp.isError());
            case Ipv6Packet ipv6 ->
                isHost(ipv6.source())
                        && isHost(ipv6.destination())
                        && !(ipv6.peek() instanceof RawIcmpv6 icmp && icmp.type() < 128);
        };
    }

    private static boolean isHost(IpAddress address) {
        return !address.isMulticast()
                && !address.equals(Ipv4.ANY)
                && !address.equals(Ipv4.BROADCAST)
                && !address.equals(Ipv6.ANY);
    }
}

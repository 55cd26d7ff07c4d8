package org.dragonflow.explain;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Subnet;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Dhcpv4;
import org.dragonflow.packet.Dhcpv4MessageType;
import org.dragonflow.packet.Dhcpv6;
import org.dragonflow.packet.Dhcpv6MessageType;
import org.dragonflow.packet.Dhcpv6Option;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Icmp;
import org.dragonflow.packet.Icmpv6;
import org.dragonflow.packet.IpPacket;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NdOption;
import org.dragonflow.packet.NeighbourDiscovery;
import org.dragonflow.packet.Tcp;
import org.dragonflow.packet.Transport;
import org.dragonflow.packet.Udp;

/** Puts a probe on the wire as the host behind a port would: with the host's addresses, and by way of its neighbour or its gateway. */
final class Framing {
    private static final int EPHEMERAL_PORT = 49_152;
    private static final int TRANSACTION = 0x0d7a_60f1;
    private static final Bytes CONTENT = Bytes.utf8("dragonflow trace");

    private final Port port;
    private final Names names;

    Framing(Port port, Names names) {
        this.port = port;
        this.names = names;
    }

    /** What leaves the host. */
    sealed interface Framed {
        record Sent(Ethernet frame) implements Framed {}

        /** The question that the host asks instead, since it does not know the neighbour's link-layer address. */
        record Question(Ethernet frame, String why) implements Framed {}

        record Nothing(String why) implements Framed {}
    }

    Framed frame(Probe probe) {
        var mac = probe.sourceMac().orElse(port.macAddress());
        return switch (probe.kind()) {
            case DHCP -> dhcp(probe, mac);
            case DHCP6 -> {
                var identity = Dhcpv6Option.clientId(
                        Bytes.hex("00030001" + mac.toString().replace(":", "")));
                var wanted = new Dhcpv6Option.Association(1, Duration.ZERO, Duration.ZERO, List.of());
                var solicit = Dhcpv6.of(
                        Dhcpv6MessageType.SOLICIT,
                        TRANSACTION & 0xff_ffff,
                        identity,
                        Dhcpv6Option.association(Dhcpv6Option.IA_NA, wanted));
                var udp = new Udp(Dhcpv6.CLIENT_PORT, Dhcpv6.SERVER_PORT, solicit.encode());
                yield toGroup(probe, mac, Dhcpv6.ALL_SERVERS, udp);
            }
            case RS -> {
                var solicitation = new NeighbourDiscovery.RouterSolicitation(List.of(new NdOption.SourceMac(mac)));
                yield toGroup(probe, mac, Ipv6.ALL_ROUTERS, solicitation);
            }
            case ARP, ND ->
                withSource(
                        probe,
                        source -> asked(
                                probe, question(mac, source, probe.target().orElseThrow())));
            case ICMP, TCP, UDP -> withSource(probe, source -> ip(probe, mac, source));
        };
    }

    private interface Continuation {
        Framed with(IpAddress source);
    }

    private Framed withSource(Probe probe, Continuation continuation) {
        var target = probe.target().orElseThrow();
        return probe.source()
                .or(() -> source(target))
                .map(continuation::with)
                .orElseGet(() -> new Framed.Nothing("%s has no IPv%d address to send from; say one with: from ADDRESS"
                        .formatted(names.of(port), target.version())));
    }

    /** The address of the target's subnet, else any of its version. */
    private Optional<IpAddress> source(IpAddress target) {
        if (target instanceof Ipv6 ipv6 && (ipv6.isLinkLocal() || ipv6.isMulticast())) {
            return Optional.of(port.macAddress().linkLocal());
        }
        return port.fixedIps().stream()
                .filter(ip -> ip.ipAddress().version() == target.version())
                .max(Comparator.comparing(ip -> names.topology()
                        .get(ip.subnetId())
                        .filter(subnet -> subnet.cidr().contains(target))
                        .isPresent()))
                .map(Port.FixedIp::ipAddress);
    }

    private Framed dhcp(Probe probe, Mac mac) {
        var discover = Dhcpv4.request(Dhcpv4MessageType.DISCOVER, TRANSACTION, mac);
        var source = probe.source().map(Ipv4.class::cast).orElse(Ipv4.ANY);
        var udp = new Udp(Dhcpv4.CLIENT_PORT, Dhcpv4.SERVER_PORT, discover.encode());
        return new Framed.Sent(Ethernet.of(
                mac, probe.targetMac().orElse(Mac.BROADCAST), hops(probe, Ipv4Packet.of(source, Ipv4.BROADCAST, udp))));
    }

    private static Framed toGroup(Probe probe, Mac mac, Ipv6 group, Transport transport) {
        var source = probe.source().map(Ipv6.class::cast).orElse(mac.linkLocal());
        return new Framed.Sent(Ethernet.of(
                mac,
                probe.targetMac().orElse(group.multicastMac()),
                hops(probe, Ipv6Packet.of(source, group, transport))));
    }

    private static IpPacket hops(Probe probe, IpPacket packet) {
        return probe.ttl().map(packet::withHops).orElse(packet);
    }

    private static Framed asked(Probe probe, Ethernet question) {
        var to = probe.targetMac().orElse(question.destination());
        var framed = question.withAddresses(question.source(), to);
        return new Framed.Sent(
                framed.payload() instanceof IpPacket packet ? framed.withPayload(hops(probe, packet)) : framed);
    }

    /** Who has the address? */
    private static Ethernet question(Mac mac, IpAddress source, IpAddress wanted) {
        return switch (wanted) {
            case Ipv4 ipv4 -> Ethernet.of(mac, Mac.BROADCAST, Arp.request(mac, (Ipv4) source, ipv4));
            case Ipv6 ipv6 -> {
                var group = ipv6.solicitedNode();
                var solicitation = NeighbourDiscovery.NeighbourSolicitation.of(ipv6, mac);
                yield Ethernet.of(
                        mac,
                        group.multicastMac(),
                        Ipv6Packet.of((Ipv6) source, group, solicitation).withHops(NeighbourDiscovery.HOP_LIMIT));
            }
        };
    }

    private Framed ip(Probe probe, Mac mac, IpAddress source) {
        var packet = hops(probe, packet(probe, source));
        var target = probe.target().orElseThrow();
        if (probe.targetMac().isPresent()) {
            return new Framed.Sent(Ethernet.of(mac, probe.targetMac().get(), packet));
        }
        if (target.isMulticast() || target.equals(Ipv4.BROADCAST)) {
            return new Framed.Sent(Ethernet.of(mac, groupMac(target), packet));
        }
        var hop = isOnLink(target) ? Optional.of(target) : nextHop(target);
        if (hop.isEmpty()) {
            return new Framed.Nothing(
                    "%s has no route to %s: its subnets have neither a gateway nor a host route for it"
                            .formatted(names.of(port), target));
        }
        return neighbour(hop.get())
                .<Framed>map(to -> new Framed.Sent(Ethernet.of(mac, to, packet)))
                .orElseGet(() -> new Framed.Question(question(mac, source, hop.get()), silence(target, hop.get())));
    }

    private static IpPacket packet(Probe probe, IpAddress source) {
        var target = probe.target().orElseThrow();
        return switch (target) {
            case Ipv4 ipv4 -> Ipv4Packet.of((Ipv4) source, ipv4, transport(probe, Icmp.echoRequest(1, 1, CONTENT)));
            case Ipv6 ipv6 -> Ipv6Packet.of((Ipv6) source, ipv6, transport(probe, Icmpv6.echoRequest(1, 1, CONTENT)));
        };
    }

    private static Transport transport(Probe probe, Transport ping) {
        int from = probe.sourcePort().orElse(EPHEMERAL_PORT);
        int to = probe.port().orElse(0);
        return switch (probe.kind()) {
            case TCP -> Tcp.syn(from, to);
            case UDP -> new Udp(from, to, CONTENT);
            case ICMP, ARP, ND, DHCP, DHCP6, RS -> ping;
        };
    }

    private static Mac groupMac(IpAddress group) {
        return switch (group) {
            case Ipv6 ipv6 -> ipv6.multicastMac();
            case Ipv4 ipv4 when ipv4.equals(Ipv4.BROADCAST) -> Mac.BROADCAST;
            // RFC 1112, section 6.4.
            case Ipv4 ipv4 -> new Mac(0x0100_5e00_0000L | ipv4.low() & 0x7f_ffff);
        };
    }

    private Stream<Subnet> subnets(int version) {
        return port.fixedIps().stream()
                .map(Port.FixedIp::subnetId)
                .distinct()
                .flatMap(id -> names.topology().get(id).stream())
                .filter(subnet -> subnet.ipVersion() == version);
    }

    private boolean isOnLink(IpAddress target) {
        return target instanceof Ipv6 ipv6 && ipv6.isLinkLocal()
                || subnets(target.version()).anyMatch(subnet -> subnet.cidr().contains(target));
    }

    /** The longest host route, else the gateway of the first subnet that has one. */
    private Optional<IpAddress> nextHop(IpAddress target) {
        return subnets(target.version())
                .flatMap(subnet -> subnet.hostRoutes().stream())
                .filter(route -> route.destination().contains(target))
                .max(Comparator.comparingInt(route -> route.destination().length()))
                .map(Subnet.HostRoute::nexthop)
                .or(() -> subnets(target.version())
                        .flatMap(subnet -> subnet.gatewayIp().stream())
                        .findFirst());
    }

    /** What the host learns when it asks: the answer of the switch, or of a port that shares the address. */
    private Optional<Mac> neighbour(IpAddress address) {
        return owners(address)
                .filter(Framing::isSomewhere)
                .map(Port::macAddress)
                .findFirst()
                .or(() -> sharers(address).findFirst());
    }

    private Stream<Port> owners(IpAddress address) {
        return onNetwork().stream()
                .filter(other -> other.addresses().anyMatch(address::equals)
                        || other.macAddress().linkLocal().equals(address));
    }

    private Stream<Mac> sharers(IpAddress address) {
        return onNetwork().stream()
                .filter(Framing::isSomewhere)
                .flatMap(other -> other.allowedAddressPairs().stream())
                .filter(pair -> pair.ipAddress().contains(address))
                .map(Port.AddressPair::macAddress);
    }

    private List<Port> onNetwork() {
        return names.topology()
                .find(Port.on(port.networkId()))
                .sorted(Comparator.comparing(Port::id))
                .toList();
    }

    private static boolean isSomewhere(Port port) {
        return port.isRouterInterface() || port.hostId().isPresent();
    }

    private String silence(IpAddress target, IpAddress hop) {
        var who = owners(hop)
                .findFirst()
                .map(owner -> "%s has it, but is bound to no chassis".formatted(names.of(owner)))
                .orElseGet(() -> "no port on %s has it".formatted(names.of(port.networkId())));
        var what = hop.equals(target) ? hop.toString() : "%s, its gateway to %s".formatted(hop, target);
        return "%s asks who has %s, and nobody answers: %s".formatted(names.of(port), what, who);
    }

    /** The sender's chassis, if it can send at all; else why not. */
    static Optional<String> obstacle(Port port, Names names) {
        if (port.isRouterInterface()) {
            return Optional.of("%s is a router's; packets start at the ports of hosts".formatted(names.of(port)));
        }
        if (port.hostId().isEmpty()) {
            return Optional.of("%s is bound to no chassis, so nothing can leave it; bind it (binding:host_id)"
                    .formatted(names.of(port)));
        }
        var chassis = port.hostId().get();
        return names.topology().find(Query.byId(chassis)).findFirst().isPresent()
                ? Optional.empty()
                : Optional.of("%s is bound to %s, which has not joined"
                        .formatted(names.of(port), names.chassis(chassis.value())));
    }
}

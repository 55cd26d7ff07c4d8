package org.dragonflow.apps;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.Topology;

/** What a network should do with a packet, by the words of Neutron's API: slow, plain, and with no idea of flows. */
final class Oracle {
    private static final Map<String, Integer> PROTOCOLS = Map.of("tcp", 6, "udp", 17, "icmp", 1, "47", 47);
    private static final int ICMPV6 = 58;

    /** A packet of IP; ports are the type and the code where the protocol is ICMP. */
    record Question(
            Port sender,
            Mac source,
            Mac destination,
            IpAddress from,
            IpAddress to,
            int protocol,
            int first,
            int port,
            int hops) {}

    private final Topology topology;

    Oracle(Topology topology) {
        this.topology = topology;
    }

    /** The ports at which something comes out: the packet, or what a router has to say of it. */
    List<String> fate(Question packet) {
        if (!maySend(packet.sender(), packet.source(), packet.from())
                || !isAllowed(packet.sender(), Direction.EGRESS, packet, packet.to())) {
            return List.of();
        }
        var network = packet.sender().networkId();
        var router = routerPorts(network)
                .filter(port -> port.macAddress().equals(packet.destination()))
                .findFirst();
        var fate = router.isPresent() ? routed(router.get(), packet, packet.hops()) : switched(network, packet);
        return fate.sorted().toList();
    }

    /** The ports at which something comes out when somebody asks who has an address. */
    List<String> answer(Port sender, Mac source, IpAddress from, IpAddress wanted) {
        if (!maySend(sender, source, from)) {
            return List.of();
        }
        var network = sender.networkId();
        boolean isOwn = sender.addresses().anyMatch(wanted::equals);
        boolean isKnown = Stream.concat(servers(network), routerPorts(network))
                .flatMap(Port::addresses)
                .anyMatch(wanted::equals);
        return isKnown && !isOwn
                ? List.of(name(sender))
                : others(network, sender).map(Oracle::name).sorted().toList();
    }

    private static String name(Port port) {
        return port.id().value();
    }

    private Stream<Port> all() {
        return topology.find(Query.all(Port.class));
    }

    private Stream<Port> servers(Id<Network> network) {
        return all().filter(port -> port.networkId().equals(network) && !port.isRouterInterface());
    }

    private Stream<Port> routerPorts(Id<Network> network) {
        return all().filter(port -> port.networkId().equals(network) && port.isRouterInterface());
    }

    private Stream<Port> others(Id<Network> network, Port sender) {
        return servers(network).filter(port -> !port.equals(sender));
    }

    // ---- Port security.

    private static boolean maySend(Port port, Mac mac, IpAddress from) {
        boolean isOwn = mac.equals(port.macAddress())
                && (port.addresses().anyMatch(from::equals) || from.equals(mac.linkLocal()));
        return !port.portSecurityEnabled() || isOwn || hasPair(port, mac, from);
    }

    private static boolean hasPair(Port port, Mac mac, IpAddress from) {
        return port.allowedAddressPairs().stream()
                .anyMatch(pair -> pair.macAddress().equals(mac)
                        && (pair.ipAddress().contains(from) || from.equals(mac.linkLocal())));
    }

    // ---- Security groups.

    private boolean isAllowed(Port port, Direction direction, Question packet, IpAddress other) {
        return !port.portSecurityEnabled()
                || topology.find(Query.all(SecurityGroupRule.class))
                        .filter(rule ->
                                port.securityGroups().contains(rule.securityGroupId()) && rule.direction() == direction)
                        .filter(rule -> rule.ethertype().version() == other.version())
                        .anyMatch(rule -> isOfKind(rule, packet) && isFrom(rule, other));
    }

    private static boolean isOfKind(SecurityGroupRule rule, Question packet) {
        if (rule.protocol().isEmpty()) {
            return true;
        }
        int wanted = Objects.requireNonNull(PROTOCOLS.get(rule.protocol().get()));
        boolean isIcmp = wanted == 1;
        int number = isIcmp && packet.from().version() == 6 ? ICMPV6 : wanted;
        if (number != packet.protocol()) {
            return false;
        }
        int min = rule.portRangeMin().orElse(0);
        int max = rule.portRangeMax().orElse(0xffff);
        return rule.portRangeMin().isEmpty()
                || (isIcmp
                        ? packet.first() == min && packet.port() == max
                        : packet.port() >= min && packet.port() <= max);
    }

    private boolean isFrom(SecurityGroupRule rule, IpAddress other) {
        boolean isInBlock = rule.remoteIpPrefix().stream().allMatch(block -> block.contains(other));
        boolean isListed = rule.remoteAddressGroupId().stream()
                .allMatch(id ->
                        topology.get(id).orElseThrow().addresses().stream().anyMatch(block -> block.contains(other)));
        return isInBlock && isListed && rule.remoteGroupId().stream().allMatch(id -> isMember(id, other));
    }

    private boolean isMember(Id<SecurityGroup> group, IpAddress address) {
        return all().filter(port -> port.securityGroups().contains(group))
                .flatMap(port -> Stream.concat(
                        port.addresses().map(IpPrefix::host),
                        port.allowedAddressPairs().stream().map(Port.AddressPair::ipAddress)))
                .anyMatch(block -> block.contains(address));
    }

    private Stream<String> received(Stream<Port> ports, Question packet) {
        return ports.filter(port -> isAllowed(port, Direction.INGRESS, packet, packet.from()))
                .map(Oracle::name);
    }

    // ---- Where to.

    private Stream<String> switched(Id<Network> network, Question packet) {
        var mac = packet.destination();
        var others = others(network, packet.sender()).toList();
        if (mac.isMulticast()) {
            return received(others.stream(), packet);
        }
        if (servers(network).anyMatch(port -> port.macAddress().equals(mac))) {
            return received(others.stream().filter(port -> port.macAddress().equals(mac)), packet);
        }
        if (servers(network).anyMatch(port -> hasMac(port, mac))) {
            return received(others.stream().filter(port -> hasMac(port, mac)), packet);
        }
        return received(others.stream().filter(port -> !port.portSecurityEnabled()), packet);
    }

    private static boolean hasMac(Port port, Mac mac) {
        return port.allowedAddressPairs().stream()
                .anyMatch(pair -> pair.macAddress().equals(mac));
    }

    private Router router(Port leg) {
        return topology.find(Query.all(RouterInterface.class))
                .filter(own -> own.portId().equals(leg.id()))
                .flatMap(own -> topology.get(own.routerId()).stream())
                .findFirst()
                .orElseThrow();
    }

    private List<Port> legs(Router router) {
        return all().filter(Port::isRouterInterface)
                .filter(port -> router(port).equals(router))
                .toList();
    }

    private Stream<String> routed(Port at, Question packet, int hops) {
        var router = router(at);
        var legs = legs(router);
        // Its own address: it answers a ping, and says of all else that nobody listens.
        boolean isForRouter = legs.stream().flatMap(Port::addresses).anyMatch(packet.to()::equals);
        // A router that is not on the sender's network knows no way to tell it anything.
        var report = legs.stream()
                        .anyMatch(leg -> leg.networkId().equals(packet.sender().networkId()))
                ? Stream.of(name(packet.sender()))
                : Stream.<String>of();
        if (isForRouter) {
            boolean isPing = packet.protocol() == 1 || packet.protocol() == ICMPV6;
            return isPing ? Stream.of(name(packet.sender())) : report;
        }
        if (hops <= 1) {
            return report;
        }
        return nextHop(router, legs, packet.to())
                .map(hop -> forwarded(hop, packet, hops - 1, report))
                .orElse(report);
    }

    private record Hop(Port leg, IpAddress address, int length) {}

    private Optional<Hop> nextHop(Router router, List<Port> legs, IpAddress to) {
        var connected = legs.stream()
                .flatMap(leg -> blocks(leg)
                        .filter(block -> block.contains(to))
                        .map(block -> new Hop(leg, to, 4 * block.length() + 2)));
        var further = router.routes().stream()
                .filter(route -> route.destination().contains(to))
                .flatMap(route -> legs.stream()
                        .filter(leg -> blocks(leg).anyMatch(block -> block.contains(route.nexthop())))
                        .map(leg -> new Hop(
                                leg, route.nexthop(), 4 * route.destination().length())));
        return Stream.concat(connected, further).max(Comparator.comparingInt(Hop::length));
    }

    private Stream<IpPrefix> blocks(Port leg) {
        return leg.fixedIps().stream()
                .map(ip -> topology.get(ip.subnetId()).orElseThrow().cidr());
    }

    private Stream<String> forwarded(Hop hop, Question packet, int hops, Stream<String> report) {
        var network = hop.leg().networkId();
        var onward = routerPorts(network)
                .filter(port -> port.addresses().anyMatch(hop.address()::equals))
                .findFirst();
        if (onward.isPresent()) {
            return routed(onward.get(), packet, hops);
        }
        var target = servers(network)
                .filter(port -> port.addresses().anyMatch(hop.address()::equals))
                .toList();
        return target.isEmpty() ? report : received(target.stream(), packet);
    }
}

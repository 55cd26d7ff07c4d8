package org.dragonflow.apps;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Header;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.Neighbour;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Segment;
import org.dragonflow.model.Topology;
import org.dragonflow.model.Trunk;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Dhcpv4;
import org.dragonflow.packet.Dhcpv4MessageType;
import org.dragonflow.packet.Dhcpv6;
import org.dragonflow.packet.Dhcpv6MessageType;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Icmp;
import org.dragonflow.packet.NdOption;
import org.dragonflow.packet.NeighbourDiscovery.NeighbourAdvertisement;
import org.dragonflow.packet.NeighbourDiscovery.NeighbourSolicitation;
import org.dragonflow.packet.NeighbourDiscovery.RouterSolicitation;
import org.dragonflow.packet.RawIcmpv6;
import org.dragonflow.packet.RawPayload;
import org.dragonflow.packet.Transport;
import org.dragonflow.packet.Udp;
import org.dragonflow.packet.VlanTag;
import org.dragonflow.trace.Packet;

/** Packets as the ports of a topology might send them: most are honest and get far, some lie, and some are broken. */
final class RandomTraffic {
    private static final Mac STRANGER = new Mac(0xfa16_3e77_7777L);
    private static final Id<Chassis> HERE = Id.of(Chassis.class, "hv1");
    private static final int LLDP = 0x88cc;

    private final Random random;
    private final RandomTransports transports;
    private final List<Interface> plugs;
    private final List<Port> ports;
    private final Topology topology;

    RandomTraffic(Topology topology, Random random) {
        this.topology = topology;
        this.random = random;
        this.transports = new RandomTransports(random);
        this.plugs = topology.find(Query.all(Interface.class))
                .filter(seen -> seen.ifaceId().flatMap(topology::get).isPresent())
                .filter(seen ->
                        isOneIn(10) || seen.ifaceId().filter(this::isBoundHere).isPresent())
                .toList();
        this.ports = topology.find(Query.all(Port.class)).toList();
    }

    private boolean isBoundHere(Id<Port> id) {
        return topology.get(id).filter(port -> port.isBoundTo(HERE)).isPresent();
    }

    /** A packet that comes in, from a server or through a tunnel. */
    Packet next() {
        return switch (random.nextInt(24)) {
            case 0, 1, 2, 3 -> fromTunnel();
            case 4, 5 -> fromWire();
            default -> fromServer();
        };
    }

    /** What a server that got the frame might send back. */
    @SuppressWarnings("ArgumentSelectionDefectChecker")
    Packet answer(long port, Ethernet frame) {
        var back = Ethernet.of(frame.destination(), frame.source(), transports.answer(frame.payload()))
                .withTags(frame.tags());
        return Packet.arriving(port, Bytes.of(back.encode()));
    }

    boolean isOneIn(int n) {
        return random.nextInt(n) == 0;
    }

    <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private Packet fromServer() {
        var plug = oneOf(plugs);
        var card = plug.ifaceId().orElseThrow();
        var port = oneOf(Locality.behind(card, topology).toList());
        return Packet.arriving(plug.ofport(), spoilt(withTag(port, frame(port))));
    }

    /** As a server would send it from a subport; now and then with one tag more. */
    private Ethernet withTag(Port port, Ethernet frame) {
        var tags = topology.find(Trunk.carrying(port.id()))
                .flatMap(trunk -> trunk.subPort(port.id()).stream())
                .map(subPort -> VlanTag.of(subPort.segmentationId()))
                .toList();
        var inner = !tags.isEmpty() && isOneIn(20) ? Stream.of(VlanTag.of(5)) : own(port.networkId());
        return frame.withTags(Stream.concat(tags.stream(), inner).toList());
    }

    /** Tags that senders on the network give, where they may. */
    private Stream<VlanTag> own(Id<Network> network) {
        boolean mayTag = topology.get(network).filter(Network::passesTags).isPresent();
        var tag = new VlanTag(
                isOneIn(4) ? VlanTag.SERVICE : VlanTag.CUSTOMER, random.nextInt(8), false, random.nextInt(8));
        return mayTag && isOneIn(3) ? Stream.generate(() -> tag).limit(isOneIn(6) ? 2 : 1) : Stream.of();
    }

    /** From a machine on the wire: to anybody there, often with the tag that the network has now. */
    private Packet fromWire() {
        var segments = topology.find(Query.all(Segment.class)).toList();
        if (segments.isEmpty()) {
            return fromServer();
        }
        var segment = oneOf(segments);
        var network = segment.networkId();
        var there = topology.find(Port.on(network)).toList();
        var frame = frame(oneOf(there.isEmpty() ? ports : there));
        var heard = topology.find(Query.all(Neighbour.class)).toList();
        if (!heard.isEmpty() && isOneIn(2)) {
            frame = said(oneOf(heard));
        }
        var edges = there.stream().filter(Port::isOutside).toList();
        var far = Ipv4.parse("198.51.100.9");
        if (!edges.isEmpty() && isOneIn(2)) {
            var to = oneOf(edges);
            var its = to.addresses().findFirst().orElseThrow();
            frame = Ethernet.of(
                    STRANGER,
                    to.macAddress(),
                    isOneIn(3)
                            ? transports.ip(far, its, Icmp.echoReply(1, 1, Bytes.utf8("hello")))
                            : transports.any(far, its));
        }
        frame = isOneIn(2) ? leased(far).orElse(frame) : frame;
        int vlan = isOneIn(8) ? 7 : segment.segmentationId().orElse(0);
        int type = topology.get(network).filter(Network::qinq).isPresent() ? VlanTag.SERVICE : VlanTag.CUSTOMER;
        var outer = vlan == 0 ? Stream.<VlanTag>of() : Stream.of(new VlanTag(type, 0, false, vlan));
        var tagged = frame.withTags(Stream.concat(outer, own(network)).toList());
        return Packet.arriving(RandomWorld.WIRE_PORT, spoilt(tagged));
    }

    /** To a port elsewhere that leases ports of a router's address; most of them more than fits a tunnel where networks are narrow. */
    private Optional<Ethernet> leased(Ipv4 far) {
        var leases = topology.find(Query.all(NatLease.class))
                .filter(lease -> isBoundHere(lease.gatewayPortId()) && !isBoundHere(lease.portId()))
                .toList();
        if (leases.isEmpty()) {
            return Optional.empty();
        }
        var lease = oneOf(leases);
        var datagram = new Udp(53, lease.firstPort() + random.nextInt(200), Bytes.zeros(isOneIn(4) ? 8 : 80));
        return topology.get(lease.gatewayPortId())
                .map(to -> Ethernet.of(STRANGER, to.macAddress(), transports.ip(far, lease.ipAddress(), datagram)));
    }

    /** What a machine on the wire says of itself, to the chassis that asked or to all. */
    private Ethernet said(Neighbour machine) {
        var chassis = Wire.address(HERE);
        return switch (machine.ipAddress()) {
            case Ipv4 ipv4
            when isOneIn(3) ->
                Ethernet.of(machine.macAddress(), Mac.BROADCAST, Arp.announcement(machine.macAddress(), ipv4));
            case Ipv4 ipv4 ->
                Ethernet.of(machine.macAddress(), chassis, Arp.reply(machine.macAddress(), ipv4, chassis, Ipv4.ANY));
            case Ipv6 ipv6 ->
                Ethernet.of(
                        machine.macAddress(),
                        chassis,
                        transports.ip(
                                ipv6,
                                chassis.linkLocal(),
                                new NeighbourAdvertisement(
                                        false,
                                        true,
                                        true,
                                        ipv6,
                                        List.of(new NdOption.TargetMac(machine.macAddress())))));
        };
    }

    private Packet fromTunnel() {
        boolean isGeneve = random.nextBoolean();
        var from = oneOf(ports);
        var to = oneOf(neighbours(from));
        long network = topology.get(from.networkId()).map(Network::key).orElse(77);
        var packet = Packet.arriving(
                        isGeneve ? RandomWorld.GENEVE_PORT : RandomWorld.VXLAN_PORT,
                        spoilt(frame(from).withTags(own(from.networkId()).toList())))
                .with(Header.TUN_ID, network);
        int sender = 2 + random.nextInt(isOneIn(8) ? 9 : 2);
        var wrapped = random.nextInt(3) == 0
                ? packet.with(Header.TUN_IPV6_SRC, new Bits(0xfd00_0000_0000_0000L, sender))
                        .with(Header.TUN_IPV6_DST, new Bits(0xfd00_0000_0000_0000L, 1))
                : packet.with(Header.TUN_SRC, 0xc000_0200L + sender).with(Header.TUN_DST, 0xc000_0201L);
        return isGeneve ? wrapped.with(Header.TUN_METADATA0, keys(from, to)) : wrapped;
    }

    /** For whom the sending chassis says that a packet is; it may be for the wire, or come from there. */
    private long keys(Port from, Port to) {
        long wire = topology.get(from.networkId()).map(Wire::key).orElse(0L);
        return switch (random.nextInt(8)) {
            case 0, 1 -> (long) from.key() << 32;
            case 2 -> (long) from.key() << 32 | wire;
            case 3 -> wire << 32;
            default -> (long) from.key() << 32 | to.key();
        };
    }

    private Bytes spoilt(Ethernet frame) {
        var bytes = Bytes.of((isOneIn(30) ? tagged(frame) : frame).encode());
        if (isOneIn(40)) {
            return bytes.head(14 + random.nextInt(bytes.length() - 14));
        }
        if (isOneIn(40)) {
            var damaged = bytes.toArray();
            damaged[12 + random.nextInt(damaged.length - 12)] = (byte) random.nextInt(256);
            return Bytes.of(damaged);
        }
        return bytes;
    }

    private Ethernet tagged(Ethernet frame) {
        return frame.withTags(List.of(VlanTag.of(random.nextInt(3))));
    }

    private Ethernet frame(Port port) {
        if (!port.allowedAddressPairs().isEmpty() && isOneIn(6)) {
            return announcement(port, oneOf(port.allowedAddressPairs()));
        }
        return switch (random.nextInt(16)) {
            case 0, 1 -> arp(port);
            case 2, 3 -> neighbour(port);
            case 4, 5 -> odd(port);
            default -> ip(port);
        };
    }

    // ---- Who is who.

    private List<Port> neighbours(Port port) {
        var same = topology.find(Port.on(port.networkId())).toList();
        return same.isEmpty() ? ports : same;
    }

    private Mac own(Port port) {
        return isOneIn(25)
                ? STRANGER
                : port.allowedAddressPairs().isEmpty() || !isOneIn(6)
                        ? port.macAddress()
                        : port.allowedAddressPairs().getFirst().macAddress();
    }

    private Optional<IpAddress> address(Port port, int version) {
        return port.addresses().filter(address -> address.version() == version).findFirst();
    }

    private IpAddress source(Port port, int version) {
        if (isOneIn(20)) {
            return version == 4 ? Ipv4.ANY : Ipv6.ANY;
        }
        if (version == 6 && isOneIn(12)) {
            return port.macAddress().linkLocal();
        }
        var pairs = port.allowedAddressPairs().stream()
                .map(pair -> pair.ipAddress().first())
                .filter(address -> address.version() == version)
                .toList();
        if (!pairs.isEmpty() && isOneIn(12)) {
            return oneOf(pairs);
        }
        return address(isOneIn(20) ? oneOf(ports) : port, version).orElseGet(() -> nobody(version));
    }

    private IpAddress nobody(int version) {
        if (isOneIn(12)) {
            return service(version);
        }
        int host = isOneIn(2) ? RandomWorld.SHARED : 99 + random.nextInt(4);
        return version == 4
                ? RandomWorld.address(random.nextInt(4), host)
                : RandomWorld.address6(random.nextInt(4), host);
    }

    private IpAddress nobodyOnWire(int version) {
        int host = 99 + random.nextInt(4);
        return version == 4
                ? RandomWorld.address(RandomWorld.ON_WIRE, host)
                : RandomWorld.address6(RandomWorld.ON_WIRE, host);
    }

    // ---- Frames.

    private Ethernet arp(Port port) {
        var mac = own(port);
        var sender = (Ipv4) source(port, 4);
        var target =
                (Ipv4) address(isOneIn(8) ? port : oneOf(neighbours(port)), 4).orElseGet(() -> nobody(4));
        return isOneIn(4)
                ? Ethernet.of(mac, oneOf(neighbours(port)).macAddress(), Arp.reply(own(port), sender, Mac.ZERO, target))
                : Ethernet.of(mac, Mac.BROADCAST, Arp.request(own(port), sender, target));
    }

    /** That the port has an address which it is allowed. */
    private Ethernet announcement(Port port, Port.AddressPair pair) {
        var mac = isOneIn(12) ? STRANGER : pair.macAddress();
        var to = oneOf(neighbours(port)).macAddress();
        return switch (pair.ipAddress().first()) {
            case Ipv4 first -> {
                var address = isOneIn(2) ? first.plus(pair.ipAddress().length() == 32 ? 0 : 8) : first;
                yield isOneIn(2)
                        ? Ethernet.of(mac, Mac.BROADCAST, Arp.request(mac, address, address))
                        : Ethernet.of(mac, to, Arp.reply(mac, address, Mac.ZERO, Ipv4.ANY));
            }
            case Ipv6 address -> {
                List<NdOption> told = isOneIn(5) ? List.of() : List.of(new NdOption.TargetMac(mac));
                var telling = new NeighbourAdvertisement(false, false, true, address, told);
                var all = Ipv6.ALL_NODES;
                yield Ethernet.of(mac, all.multicastMac(), transports.ip(address, all, telling));
            }
        };
    }

    private Ethernet neighbour(Port port) {
        var mac = own(port);
        var target =
                (Ipv6) address(isOneIn(4) ? port : oneOf(neighbours(port)), 6).orElseGet(() -> nobody(6));
        var sender = (Ipv6) source(port, 6);
        var source = new NdOption.SourceMac(own(port));
        if (isOneIn(3)) {
            List<NdOption> told = isOneIn(5) ? List.of() : List.of(new NdOption.TargetMac(own(port)));
            var telling = new NeighbourAdvertisement(isOneIn(2), isOneIn(2), isOneIn(2), target, told);
            return Ethernet.of(mac, oneOf(neighbours(port)).macAddress(), transports.ip(sender, target, telling));
        }
        List<NdOption> told = switch (random.nextInt(8)) {
            case 0 -> List.of();
            case 1 -> List.of(source, source);
            default -> List.of(source);
        };
        var group = target.solicitedNode();
        return Ethernet.of(
                mac, group.multicastMac(), transports.ip(sender, group, new NeighbourSolicitation(target, told)));
    }

    private Ethernet odd(Port port) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> dhcp(port);
            case 3, 4 -> dhcpv6(port);
            case 5, 6 -> {
                var solicitation = new RouterSolicitation(List.of(new NdOption.SourceMac(port.macAddress())));
                yield toGroup(port, Ipv6.ALL_ROUTERS, solicitation);
            }
            case 7 -> {
                var server = new Udp(isOneIn(2) ? 67 : 547, isOneIn(2) ? 68 : 546, Bytes.zeros(8));
                yield Ethernet.of(
                        own(port),
                        oneOf(ports).macAddress(),
                        transports.ip(source(port, 4), source(oneOf(ports), 4), server));
            }
            case 8 -> toGroup(port, Ipv6.ALL_ROUTERS, new RawIcmpv6(130 + random.nextInt(14), 0, 0, Bytes.zeros(16)));
            case 9 -> {
                var router = gateway(port);
                yield isOneIn(2)
                        ? Ethernet.of(own(port), router, transports.any(source(port, 6), router.linkLocal()))
                        : Ethernet.of(
                                port.macAddress(),
                                router,
                                transports.any(port.macAddress().linkLocal(), nobody(6)));
            }
            case 10 -> Ethernet.of(own(port), gateway(port), transports.hidden(source(port, 6), nobody(6)));
            default -> Ethernet.of(own(port), Mac.BROADCAST, new RawPayload(LLDP, Bytes.zeros(46)));
        };
    }

    private Ethernet toGroup(Port port, Ipv6 group, Transport transport) {
        var mac = own(port);
        var sender = isOneIn(3) ? source(port, 6) : mac.linkLocal();
        return Ethernet.of(mac, group.multicastMac(), transports.ip(sender, group, transport));
    }

    private Ethernet dhcp(Port port) {
        var ask = Dhcpv4.request(Dhcpv4MessageType.DISCOVER, 7, port.macAddress());
        var udp = new Udp(Dhcpv4.CLIENT_PORT, Dhcpv4.SERVER_PORT, ask.encode());
        return Ethernet.of(
                own(port), Mac.BROADCAST, transports.ip(isOneIn(3) ? source(port, 4) : Ipv4.ANY, Ipv4.BROADCAST, udp));
    }

    private Ethernet dhcpv6(Port port) {
        var ask = Dhcpv6.of(Dhcpv6MessageType.INFORMATION_REQUEST, 7);
        return toGroup(port, Dhcpv6.ALL_SERVERS, new Udp(Dhcpv6.CLIENT_PORT, Dhcpv6.SERVER_PORT, ask.encode()));
    }

    private Ethernet ip(Port port) {
        int version = address(port, 4).isEmpty() || (address(port, 6).isPresent() && isOneIn(2)) ? 6 : 4;
        var from = source(port, version);
        return switch (random.nextInt(13)) {
            case 12 -> Ethernet.of(own(port), gateway(port), transports.any(from, service(version)));
            case 0 -> toAll(port, from);
            case 1 ->
                isOneIn(2)
                        ? Ethernet.of(own(port), STRANGER, transports.any(from, nobody(version)))
                        : Ethernet.of(own(port), gateway(port), transports.any(from, nobodyOnWire(version)));
            case 2, 10, 11 -> Ethernet.of(own(port), gateway(port), transports.any(from, farAway(version)));
            case 3 -> {
                var router = oneOf(routerPorts().isEmpty() ? ports : routerPorts());
                var to = address(router, version).orElseGet(() -> nobody(version));
                yield Ethernet.of(own(port), gateway(port), transports.any(from, to));
            }
            default -> toSomebody(port, version, from);
        };
    }

    private static IpAddress service(int version) {
        return version == 4 ? Metadata.ADDRESS : Metadata.ADDRESS6;
    }

    private Ethernet toAll(Port port, IpAddress from) {
        IpAddress group = from.version() == 4 ? Ipv4.parse("224.0.0.251") : Ipv6.ALL_NODES;
        var mac = group instanceof Ipv6 six ? six.multicastMac() : Mac.BROADCAST;
        return Ethernet.of(own(port), mac, transports.any(from, group));
    }

    private Ethernet toSomebody(Port port, int version, IpAddress from) {
        var to = oneOf(isOneIn(2) ? neighbours(port) : ports);
        var address = address(to, version).orElseGet(() -> nobody(version));
        boolean isNear = to.networkId().equals(port.networkId());
        return Ethernet.of(own(port), isNear ? to.macAddress() : gateway(port), transports.any(from, address));
    }

    private IpAddress farAway(int version) {
        return version == 4
                ? Ipv4.parse("172.16.%d.9".formatted(random.nextInt(4)))
                : Ipv6.parse(isOneIn(2) ? "2001:db8:99::9" : "fe80::9");
    }

    private List<Port> routerPorts() {
        return ports.stream().filter(Port::isRouterInterface).toList();
    }

    /** A router on the port's network, if there is one. */
    private Mac gateway(Port port) {
        var routers = new ArrayList<>(neighbours(port));
        routers.removeIf(neighbour -> !neighbour.isRouterInterface());
        return routers.isEmpty() ? STRANGER : oneOf(routers).macAddress();
    }
}

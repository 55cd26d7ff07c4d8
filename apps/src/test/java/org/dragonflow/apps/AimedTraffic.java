package org.dragonflow.apps;

import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Detour;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.NdpProxy;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.PortForwarding;
import org.dragonflow.model.Query;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Segment;
import org.dragonflow.model.Topology;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.Payload;
import org.dragonflow.packet.Tcp;
import org.dragonflow.packet.VlanTag;
import org.dragonflow.trace.Packet;

/** Packets for what random ones seldom meet: each is made for one thing of a topology, and nothing about it is random. */
final class AimedTraffic {
    private static final Id<Chassis> HERE = Id.of(Chassis.class, "hv1");
    private static final Mac STRANGER = new Mac(0xfa16_3e77_7777L);
    private static final Ipv4 FAR = Ipv4.parse("198.51.100.9");
    private static final Ipv6 FAR6 = Ipv6.parse("2001:db8:99::9");

    private final Topology topology;

    AimedTraffic(Topology topology) {
        this.topology = topology;
    }

    Stream<Packet> all() {
        return Stream.of(detours(), forwardings(), proxies(), sharedAddresses(), services())
                .flatMap(packets -> packets);
    }

    /** For chassis that this one lends its wire, and for their ports. */
    private Stream<Packet> detours() {
        return topology.find(Query.all(Detour.class))
                .filter(detour -> detour.via().equals(HERE))
                .flatMap(detour -> Stream.concat(
                                ofChassis(detour),
                                topology.find(Port.at(detour.chassis()))
                                        .filter(port -> port.networkId().equals(detour.networkId()))
                                        .flatMap(AimedTraffic::reached))
                        .flatMap(frame -> onWire(detour.networkId(), frame)));
    }

    private static Stream<Ethernet> ofChassis(Detour detour) {
        var chassis = Wire.address(detour.chassis());
        return Stream.of(Ethernet.of(STRANGER, chassis, Arp.reply(STRANGER, FAR, chassis, Ipv4.ANY)));
    }

    private static Stream<Ethernet> reached(Port port) {
        return port.addresses()
                .flatMap(address -> Stream.of(
                        question(address), Ethernet.of(STRANGER, port.macAddress(), syn(far(address), address, 80))));
    }

    private Stream<Packet> forwardings() {
        return topology.find(Query.all(PortForwarding.class))
                .flatMap(forwarding -> topology.get(forwarding.floatingipId()).stream()
                        .flatMap(floating -> forwarded(forwarding, floating)
                                .flatMap(frame -> onWire(floating.floatingNetworkId(), frame))));
    }

    private Stream<Ethernet> forwarded(PortForwarding forwarding, FloatingIp floating) {
        return topology.get(floating.floatingPortId()).stream()
                .flatMap(outside -> floating.floatingIpAddress().stream()
                        .map(address -> syn(FAR, address, forwarding.outside().first()))
                        .map(syn -> Ethernet.of(STRANGER, outside.macAddress(), syn)));
    }

    private Stream<Packet> proxies() {
        return topology.find(Query.all(NdpProxy.class))
                .flatMap(proxy -> topology.get(proxy.gatewayPortId()).stream()
                        .flatMap(gateway -> proxy.ipAddress().stream()
                                .flatMap(address -> onWire(gateway.networkId(), question(address)))));
    }

    /** By routers to addresses that ports have announced, from servers of the routers' other networks. */
    private Stream<Packet> sharedAddresses() {
        return topology.find(Query.all(ActivePort.class))
                .flatMap(active -> topology.get(active.portId()).stream()
                        .flatMap(holder -> topology.find(RouterInterface.on(holder.networkId())))
                        .flatMap(joint -> topology.find(RouterInterface.of(joint.routerId())))
                        .flatMap(joint -> topology.get(joint.portId()).stream())
                        .flatMap(router -> topology.find(Port.on(router.networkId()))
                                .flatMap(server -> sent(server, router.macAddress(), active.ipAddress()))));
    }

    private Stream<Packet> sent(Port server, Mac router, IpAddress target) {
        return server.addresses()
                .filter(own -> own.version() == target.version())
                .map(own -> Ethernet.of(server.macAddress(), router, syn(own, target, 80)))
                .flatMap(frame -> from(server, frame));
    }

    /** Where metadata and names are. */
    private Stream<Packet> services() {
        return topology.find(Query.all(Port.class))
                .flatMap(server -> server.addresses()
                        .map(own -> WireNeighbours.question(service(own), server.macAddress(), own))
                        .flatMap(frame -> from(server, frame)));
    }

    private static IpAddress service(IpAddress own) {
        return own.version() == 4 ? Metadata.ADDRESS : Metadata.ADDRESS6;
    }

    private static Ethernet question(IpAddress address) {
        return WireNeighbours.question(address, STRANGER, far(address));
    }

    private static IpAddress far(IpAddress address) {
        return address.version() == 4 ? FAR : FAR6;
    }

    private static Payload syn(IpAddress from, IpAddress to, int port) {
        var tcp = Tcp.syn(1234, port);
        return from instanceof Ipv4 source && to instanceof Ipv4 target
                ? Ipv4Packet.of(source, target, tcp)
                : Ipv6Packet.of((Ipv6) from, (Ipv6) to, tcp);
    }

    /** From a server of this chassis that has a card of its own. */
    private Stream<Packet> from(Port server, Ethernet frame) {
        return topology.find(Query.all(Interface.class))
                .filter(plug -> plug.ifaceId().equals(Optional.of(server.id())) && server.isBoundTo(HERE))
                .map(plug -> Packet.arriving(plug.ofport(), Bytes.of(frame.encode())));
    }

    private Stream<Packet> onWire(Id<Network> network, Ethernet frame) {
        int type = topology.get(network).filter(Network::qinq).isPresent() ? VlanTag.SERVICE : VlanTag.CUSTOMER;
        return topology.find(Segment.of(network))
                .map(segment -> frame.withTags(segment.segmentationId().stream()
                        .map(vlan -> new VlanTag(type, 0, false, vlan))
                        .toList()))
                .map(tagged -> Packet.arriving(RandomWorld.WIRE_PORT, Bytes.of(tagged.encode())));
    }
}

package org.dragonflow.apps;

import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.Announcement;
import org.dragonflow.compile.Announcer;
import org.dragonflow.compile.Pace;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Detour;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.View;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NdOption;
import org.dragonflow.packet.NeighbourDiscovery;
import org.dragonflow.packet.NeighbourDiscovery.NeighbourAdvertisement;

/**
 * Tells a wire where the addresses are that this chassis has come to stand for: by gratuitous ARP and unsolicited neighbour advertisements.
 *
 * <p>Machines there may have the address in mind as somebody else's, and switches the link-layer address as that of another chassis.
 */
final class WireAnnouncements {
    private WireAnnouncements() {}

    static Announcer announcer(Id<Chassis> chassis) {
        return new Announcer("wire", view -> announcements(chassis, view), (_, after) -> after, Pace.ADDRESSES);
    }

    private static Stream<Announcement> announcements(Id<Chassis> chassis, View view) {
        return view.find(Port.at(chassis))
                .filter(port -> Wires.isStoodFor(port, chassis))
                .flatMap(port -> WireNeighbours.onWire(port.networkId(), view).stream()
                        .map(exit ->
                                new Announcement(listener(port, chassis, view), packets(port, chassis, view), exit)));
    }

    /** The wire hears it again when it comes by another way. */
    private static String listener(Port port, Id<Chassis> chassis, View view) {
        return port.id()
                + view.get(Detour.of(port.networkId(), chassis))
                        .map(detour -> " by " + detour.via())
                        .orElse("");
    }

    private static List<Ethernet> packets(Port port, Id<Chassis> chassis, View view) {
        return Stream.concat(Neighbours.addresses(port), NdpProxies.addresses(port, chassis, view))
                .map(address -> packet(port, address))
                .toList();
    }

    private static Ethernet packet(Port port, IpAddress address) {
        var mac = port.macAddress();
        return switch (address) {
            case Ipv4 ipv4 -> Ethernet.of(mac, Mac.BROADCAST, Arp.announcement(mac, ipv4));
            case Ipv6 ipv6 -> {
                var telling = new NeighbourAdvertisement(true, false, true, ipv6, List.of(new NdOption.TargetMac(mac)));
                yield Ethernet.of(
                        mac,
                        Ipv6.ALL_NODES.multicastMac(),
                        Ipv6Packet.of(ipv6, Ipv6.ALL_NODES, telling).withHops(NeighbourDiscovery.HOP_LIMIT));
            }
        };
    }
}

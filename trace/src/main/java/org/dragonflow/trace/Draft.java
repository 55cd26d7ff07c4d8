package org.dragonflow.trace;

import java.util.ArrayList;
import java.util.List;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Extension;
import org.dragonflow.packet.Icmp;
import org.dragonflow.packet.Icmpv6;
import org.dragonflow.packet.IpPacket;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NeighbourDiscovery;
import org.dragonflow.packet.Payload;
import org.dragonflow.packet.RawPayload;
import org.dragonflow.packet.RawTransport;
import org.dragonflow.packet.Tcp;
import org.dragonflow.packet.Transport;
import org.dragonflow.packet.Udp;
import org.dragonflow.packet.VlanTag;

/**
 * A frame as a person writes it: {@code eth().from(":0a").to(":0b").ip4("10.0.0.10", "10.0.0.11").udp(1000, 53)}.
 *
 * <p>A MAC address may be given by its end: {@code :0a} is {@code 02:00:00:00:00:0a}. Layers are given from the outside in.
 */
public record Draft(Ethernet frame) {
    private static final int LOCAL_EXPERIMENTS = 0x88b5;
    private static final int EXPERIMENTAL_PROTOCOL = 253;
    private static final Bytes GREETING = Bytes.utf8("hello, dragonfly");
    private static final String LOCAL_PREFIX = "02:00:00:00:00:00";

    /** A frame of no known protocol from {@code :01} to everyone. */
    public static Draft eth() {
        return new Draft(Ethernet.of(mac(":01"), Mac.BROADCAST, new RawPayload(LOCAL_EXPERIMENTS, GREETING)));
    }

    /** A MAC address, or the end of one in the local range. */
    public static Mac mac(String text) {
        boolean isEnd = text.startsWith(":");
        return Mac.parse(isEnd ? LOCAL_PREFIX.substring(0, LOCAL_PREFIX.length() - text.length()) + text : text);
    }

    public Draft from(Mac source) {
        return new Draft(frame.withAddresses(source, frame.destination()));
    }

    public Draft from(String source) {
        return from(mac(source));
    }

    public Draft to(Mac destination) {
        return new Draft(frame.withAddresses(frame.source(), destination));
    }

    public Draft to(String destination) {
        return to(mac(destination));
    }

    /** Puts a VLAN tag inside those that are there. */
    public Draft vlan(int id) {
        var tags = new ArrayList<>(frame.tags());
        tags.add(VlanTag.of(id));
        return new Draft(frame.withTags(tags));
    }

    public Draft carrying(Payload payload) {
        return new Draft(frame.withPayload(payload));
    }

    public Draft ip4(String source, String destination) {
        return carrying(Ipv4Packet.of(Ipv4.parse(source), Ipv4.parse(destination), nothing()));
    }

    public Draft ip6(String source, String destination) {
        return carrying(Ipv6Packet.of(Ipv6.parse(source), Ipv6.parse(destination), nothing()));
    }

    private static Transport nothing() {
        return new RawTransport(EXPERIMENTAL_PROTOCOL, GREETING);
    }

    /** With this many hops left. Say it after the transport layer. */
    public Draft ttl(int hops) {
        return carrying(ip().withHops(hops));
    }

    private IpPacket ip() {
        if (frame.payload() instanceof IpPacket packet) {
            return packet;
        }
        throw new IllegalStateException("the frame carries no IP yet: " + frame);
    }

    /** With any transport layer. Neighbour discovery gets the hop limit that proves it local. */
    public Draft carrying(Transport transport) {
        var packet = ip().withTransport(transport);
        return carrying(
                transport instanceof NeighbourDiscovery ? packet.withHops(NeighbourDiscovery.HOP_LIMIT) : packet);
    }

    public Draft udp(int source, int destination) {
        return udp(source, destination, GREETING);
    }

    public Draft udp(int source, int destination, Bytes payload) {
        return carrying(new Udp(source, destination, payload));
    }

    /** The first segment of a connection. */
    public Draft tcp(int source, int destination) {
        return carrying(Tcp.syn(source, destination));
    }

    /** A segment with the flags of {@link Tcp}, in the middle of a connection. */
    public Draft tcp(int source, int destination, int flags) {
        return carrying(Tcp.of(source, destination, flags, 1, 1, Bytes.EMPTY));
    }

    /** A ping, of the version of the packet. */
    public Draft icmpEcho() {
        return carrying(
                ip() instanceof Ipv4Packet ? Icmp.echoRequest(1, 1, GREETING) : Icmpv6.echoRequest(1, 1, GREETING));
    }

    /** The answer to a ping. */
    public Draft icmpEchoReply() {
        return carrying(ip() instanceof Ipv4Packet ? Icmp.echoReply(1, 1, GREETING) : Icmpv6.echoReply(1, 1, GREETING));
    }

    /** Tells that the original could not be delivered to its port; this must be of the original's version. */
    public Draft icmpUnreachable(Draft original) {
        return carrying(
                switch (original.ip()) {
                    case Ipv4Packet packet -> Icmp.error(Icmp.UNREACHABLE, 3, 0, packet);
                    case Ipv6Packet packet -> Icmpv6.error(Icmpv6.UNREACHABLE, 4, 0, packet);
                });
    }

    /** Asks, from the frame's source, who has {@code target}. */
    public Draft arpRequest(String sender, String target) {
        return carrying(Arp.request(frame.source(), Ipv4.parse(sender), Ipv4.parse(target)));
    }

    /** Tells the frame's destination that its source has {@code sender}. */
    public Draft arpReply(String sender, String target) {
        return carrying(Arp.reply(frame.source(), Ipv4.parse(sender), frame.destination(), Ipv4.parse(target)));
    }

    /** Any message of neighbour discovery. Give the addresses with {@link #ip6} before. */
    public Draft nd(NeighbourDiscovery message) {
        return carrying(message);
    }

    /** Asks, from the frame's source, who has {@code target}; goes to the group of the target. */
    public Draft ndSolicit(String sender, String target) {
        var group = Ipv6.parse(target).solicitedNode();
        return to(group.multicastMac())
                .carrying(Ipv6Packet.of(
                        Ipv6.parse(sender),
                        group,
                        NeighbourDiscovery.NeighbourSolicitation.of(Ipv6.parse(target), frame.source())));
    }

    /** Tells {@code asker} that the frame's source has {@code target}. */
    public Draft ndAdvertise(String target, String asker) {
        return carrying(Ipv6Packet.of(
                Ipv6.parse(target),
                Ipv6.parse(asker),
                NeighbourDiscovery.NeighbourAdvertisement.of(Ipv6.parse(target), frame.source())));
    }

    /**
     * The packet in two pieces.
     *
     * @param bytes of the transport layer that the first has, a multiple of 8
     * @param id tells them from the pieces of other packets
     */
    public List<Draft> pieces(int bytes, int id) {
        var whole = bytes();
        var layout = Layout.of(Octets.of(whole));
        var transport = whole.slice(layout.transport(), layout.end());
        return List.of(
                carrying(piece(id, 0, true, new RawTransport(layout.protocol(), transport.head(bytes)))),
                carrying(piece(
                        id,
                        bytes / 8,
                        false,
                        new RawTransport(layout.protocol(), transport.slice(bytes, transport.length())))));
    }

    private IpPacket piece(int id, int offset, boolean more, RawTransport part) {
        return switch (ip()) {
            case Ipv4Packet it ->
                new Ipv4Packet(
                        it.dscp(),
                        it.ecn(),
                        id,
                        false,
                        more,
                        offset,
                        it.ttl(),
                        it.source(),
                        it.destination(),
                        it.options(),
                        part);
            case Ipv6Packet it ->
                new Ipv6Packet(
                        it.dscp(),
                        it.ecn(),
                        it.flowLabel(),
                        it.hopLimit(),
                        it.source(),
                        it.destination(),
                        List.of(new Extension.Fragment(offset, more, id)),
                        part);
        };
    }

    public Bytes bytes() {
        return Bytes.of(frame.encode());
    }

    /** The frame as it comes in on a port. */
    public Packet on(long port) {
        return Packet.arriving(port, bytes());
    }
}

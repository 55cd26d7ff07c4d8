package org.dragonflow.packet;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.dragonflow.address.Ipv6;

/**
 * An IPv6 packet (RFC 8200). Payload length and next headers follow from the contents.
 *
 * @param hopLimit how many more hops the packet may take
 * @param extensions the extension headers, in their order
 * @param transport raw if the packet is a fragment
 */
public record Ipv6Packet(
        int dscp,
        int ecn,
        int flowLabel,
        int hopLimit,
        Ipv6 source,
        Ipv6 destination,
        List<Extension> extensions,
        Transport transport)
        implements IpPacket {
    public static final int ETHER_TYPE = 0x86dd;

    private static final int DEFAULT_HOPS = 64;

    public Ipv6Packet {
        Width.check("DSCP", dscp, 6);
        Width.check("ECN", ecn, 2);
        Width.check("a flow label", flowLabel, 20);
        Width.check("a hop limit", hopLimit, 8);
        extensions = List.copyOf(extensions);
        if (transport instanceof Icmp) {
            throw new IllegalArgumentException("IPv6 cannot carry the ICMP of IPv4: " + transport);
        }
        if (isPiece(extensions) && !(transport instanceof RawTransport)) {
            throw new IllegalArgumentException("a fragment carries raw bytes, not " + transport);
        }
    }

    /** A packet with the usual header: hop limit 64, no extensions; neighbour discovery gets hop limit 255. */
    public static Ipv6Packet of(Ipv6 source, Ipv6 destination, Transport transport) {
        int hops = transport instanceof NeighbourDiscovery ? NeighbourDiscovery.HOP_LIMIT : DEFAULT_HOPS;
        return new Ipv6Packet(0, 0, 0, hops, source, destination, List.of(), transport);
    }

    /** Reads a packet that stands alone, without a frame; bytes after its end are dropped. */
    public static Decoded<Ipv6Packet> decode(Bytes bytes) {
        return decode(bytes, false);
    }

    /** Reads a packet of which an ICMPv6 error quotes only the beginning. Encoding gives a packet of that length. */
    public static Decoded<Ipv6Packet> decodeQuote(Bytes bytes) {
        return decode(bytes, true);
    }

    private static Decoded<Ipv6Packet> decode(Bytes bytes, boolean mayBeCut) {
        var faults = EnumSet.noneOf(Fault.class);
        try {
            return new Decoded.Ok<>(read(bytes.reader(), mayBeCut, faults), faults);
        } catch (Malformed e) {
            return new Decoded.Bad<>("an IPv6 header " + e.getMessage());
        }
    }

    static Ipv6Packet read(Reader reader, boolean mayBeCut, Set<Fault> faults) throws Malformed {
        int word = reader.i32();
        int payloadLength = reader.u16();
        int nextHeader = reader.u8();
        int hopLimit = reader.u8();
        var source = reader.ipv6();
        var destination = reader.ipv6();
        int available = reader.remaining();
        if (word >>> 28 != 6) {
            throw new Malformed("contradicts itself");
        }
        if (payloadLength > available && !mayBeCut) {
            throw new Malformed("announces %d bytes, there are %d".formatted(payloadLength, available));
        }
        var body = reader.ahead(Math.min(payloadLength, available));
        var extensions = new ArrayList<Extension>();
        int protocol = readExtensions(nextHeader, body, extensions);
        var transport = isPiece(extensions) || payloadLength > available || Extensions.isType(protocol)
                ? new RawTransport(protocol, body.rest())
                : Transports.read(
                        protocol, body, new PseudoHeader(source, finalDestination(destination, extensions)), faults);
        if (Extensions.isType(protocol) && !isPiece(extensions)) {
            faults.add(Fault.TRANSPORT_LAYER);
        }
        return new Ipv6Packet(
                word >>> 22 & 0x3f,
                word >>> 20 & 3,
                word & 0xf_ffff,
                hopLimit,
                source,
                destination,
                extensions,
                transport);
    }

    /** Walks the chain to the upper layer, and stops before a header that is cut off. Gives the number of what is next. */
    private static int readExtensions(int first, Reader body, List<Extension> extensions) throws Malformed {
        int type = first;
        boolean isLaterPiece = false;
        while (Extensions.isType(type) && !isLaterPiece && Extensions.isWhole(type, body)) {
            int next = body.ahead(1).u8();
            var extension = Extensions.read(type, body);
            isLaterPiece = extension instanceof Extension.Fragment fragment && fragment.offset() > 0;
            extensions.add(extension);
            type = next;
        }
        return type;
    }

    private static boolean isPiece(List<Extension> extensions) {
        return extensions.stream().anyMatch(e -> e instanceof Extension.Fragment f && (f.offset() > 0 || f.more()));
    }

    private static boolean isLaterPiece(List<Extension> extensions) {
        return extensions.stream().anyMatch(e -> e instanceof Extension.Fragment f && f.offset() > 0);
    }

    private static Ipv6 finalDestination(Ipv6 destination, List<Extension> extensions) {
        return extensions.stream()
                .flatMap(e -> e instanceof Extension.Routing r ? r.finalDestination().stream() : null)
                .findFirst()
                .orElse(destination);
    }

    void write(Writer writer) {
        writer.i32(6 << 28 | dscp << 22 | ecn << 20 | flowLabel);
        int lengthAt = writer.position();
        writer.u16(0).u8(typeAt(0)).u8(hopLimit).ipv6(source).ipv6(destination);
        int start = writer.position();
        for (int i = 0; i < extensions.size(); i++) {
            Extensions.write(extensions.get(i), typeAt(i + 1), writer);
        }
        Transports.write(transport, writer, new PseudoHeader(source, finalDestination(destination, extensions)));
        int payloadLength = writer.position() - start;
        Width.check("the payload length of an IPv6 packet", payloadLength, 16);
        writer.setU16(lengthAt, payloadLength);
    }

    private int typeAt(int index) {
        return index < extensions.size() ? extensions.get(index).type() : transport.protocol();
    }

    @Override
    public Bytes encode() {
        var writer = new Writer();
        write(writer);
        return writer.toBytes();
    }

    @Override
    public int etherType() {
        return ETHER_TYPE;
    }

    @Override
    public int hops() {
        return hopLimit;
    }

    @Override
    public boolean isFragment() {
        return isPiece(extensions);
    }

    @Override
    public Transport peek() {
        return isLaterPiece(extensions) ? transport : Transports.peek(transport, 6);
    }

    public Ipv6Packet withDscp(int changed) {
        return new Ipv6Packet(changed, ecn, flowLabel, hopLimit, source, destination, extensions, transport);
    }

    @Override
    public Ipv6Packet withHops(int changed) {
        return new Ipv6Packet(dscp, ecn, flowLabel, changed, source, destination, extensions, transport);
    }

    public Ipv6Packet withAddresses(Ipv6 changedSource, Ipv6 changedDestination) {
        return new Ipv6Packet(dscp, ecn, flowLabel, hopLimit, changedSource, changedDestination, extensions, transport);
    }

    public Ipv6Packet withExtensions(List<Extension> changed) {
        return new Ipv6Packet(dscp, ecn, flowLabel, hopLimit, source, destination, changed, transport);
    }

    @Override
    public Ipv6Packet withTransport(Transport changed) {
        return new Ipv6Packet(dscp, ecn, flowLabel, hopLimit, source, destination, extensions, changed);
    }
}

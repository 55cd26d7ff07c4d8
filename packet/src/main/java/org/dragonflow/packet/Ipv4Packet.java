package org.dragonflow.packet;

import java.util.EnumSet;
import java.util.Set;
import org.dragonflow.address.Ipv4;

/**
 * An IPv4 packet (RFC 791). Header length, total length, protocol and checksum follow from the contents.
 *
 * @param id tells the fragments of one packet from those of another
 * @param fragmentOffset in units of 8 bytes
 * @param ttl how many more hops the packet may take
 * @param options as on the wire, padded to words of 4 bytes
 * @param transport raw if the packet is a fragment
 */
public record Ipv4Packet(
        int dscp,
        int ecn,
        int id,
        boolean dontFragment,
        boolean moreFragments,
        int fragmentOffset,
        int ttl,
        Ipv4 source,
        Ipv4 destination,
        Bytes options,
        Transport transport)
        implements IpPacket {
    public static final int ETHER_TYPE = 0x0800;

    private static final int HEADER = 20;
    private static final int DEFAULT_TTL = 64;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int MORE_FRAGMENTS = 0x2000;

    public Ipv4Packet {
        Width.check("DSCP", dscp, 6);
        Width.check("ECN", ecn, 2);
        Width.check("an IPv4 id", id, 16);
        Width.check("a fragment offset", fragmentOffset, 13);
        Width.check("TTL", ttl, 8);
        Width.checkOptions("IPv4", options);
        if (transport instanceof Icmpv6) {
            throw new IllegalArgumentException("IPv4 cannot carry ICMPv6: " + transport);
        }
        if ((moreFragments || fragmentOffset > 0) && !(transport instanceof RawTransport)) {
            throw new IllegalArgumentException("a fragment carries raw bytes, not " + transport);
        }
    }

    /** A whole packet with the usual header: TTL 64, no options, may not be fragmented. */
    public static Ipv4Packet of(Ipv4 source, Ipv4 destination, Transport transport) {
        return new Ipv4Packet(0, 0, 0, true, false, 0, DEFAULT_TTL, source, destination, Bytes.EMPTY, transport);
    }

    /** Reads a packet that stands alone, without a frame; bytes after its end are dropped. */
    public static Decoded<Ipv4Packet> decode(Bytes bytes) {
        return decode(bytes, false);
    }

    /** Reads a packet of which an ICMP error quotes only the beginning. Encoding gives a packet of that length. */
    public static Decoded<Ipv4Packet> decodeQuote(Bytes bytes) {
        return decode(bytes, true);
    }

    private static Decoded<Ipv4Packet> decode(Bytes bytes, boolean mayBeCut) {
        var faults = EnumSet.noneOf(Fault.class);
        try {
            return new Decoded.Ok<>(read(bytes.reader(), mayBeCut, faults), faults);
        } catch (Malformed e) {
            return new Decoded.Bad<>("an IPv4 header " + e.getMessage());
        }
    }

    static Ipv4Packet read(Reader reader, boolean mayBeCut, Set<Fault> faults) throws Malformed {
        var start = reader.ahead(reader.remaining());
        int versionAndLength = reader.u8();
        int headerLength = (versionAndLength & 0xf) * 4;
        int trafficClass = reader.u8();
        int totalLength = reader.u16();
        int available = start.remaining();
        if (versionAndLength >>> 4 != 4 || headerLength < HEADER || totalLength < headerLength) {
            throw new Malformed("contradicts itself");
        }
        if (totalLength > available && !mayBeCut) {
            throw new Malformed("announces %d bytes, there are %d".formatted(totalLength, available));
        }
        if (Checksum.of(start.ahead(headerLength).sum()) != 0) {
            faults.add(Fault.IPV4_CHECKSUM);
        }
        int id = reader.u16();
        int flagsAndOffset = reader.u16();
        int ttl = reader.u8();
        int protocol = reader.u8();
        reader.skip(2);
        var source = reader.ipv4();
        var destination = reader.ipv4();
        var options = reader.bytes(headerLength - HEADER);
        boolean moreFragments = (flagsAndOffset & MORE_FRAGMENTS) != 0;
        int offset = flagsAndOffset & 0x1fff;
        var body = reader.ahead(Math.min(totalLength, available) - headerLength);
        var transport = moreFragments || offset > 0 || totalLength > available
                ? new RawTransport(protocol, body.rest())
                : Transports.read(protocol, body, new PseudoHeader(source, destination), faults);
        return new Ipv4Packet(
                trafficClass >>> 2,
                trafficClass & 3,
                id,
                (flagsAndOffset & DONT_FRAGMENT) != 0,
                moreFragments,
                offset,
                ttl,
                source,
                destination,
                options,
                transport);
    }

    void write(Writer writer) {
        int start = writer.position();
        int headerLength = HEADER + options.length();
        writer.u8(4 << 4 | headerLength / 4).u8(dscp << 2 | ecn).u16(0).u16(id);
        writer.u16((dontFragment ? DONT_FRAGMENT : 0) | (moreFragments ? MORE_FRAGMENTS : 0) | fragmentOffset);
        writer.u8(ttl)
                .u8(transport.protocol())
                .u16(0)
                .ipv4(source)
                .ipv4(destination)
                .bytes(options);
        long addressesAndOptions = writer.sum(start);
        Transports.write(transport, writer, new PseudoHeader(source, destination));
        int totalLength = writer.position() - start;
        Width.check("the total length of an IPv4 packet", totalLength, 16);
        writer.setU16(start + 2, totalLength);
        writer.setU16(start + 10, Checksum.of(addressesAndOptions + totalLength));
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
        return ttl;
    }

    @Override
    public boolean isFragment() {
        return moreFragments || fragmentOffset > 0;
    }

    @Override
    public Transport peek() {
        return fragmentOffset > 0 ? transport : Transports.peek(transport, 4);
    }

    /** As if nothing came before or after it, and nothing were missing. */
    public Ipv4Packet asWhole() {
        return new Ipv4Packet(dscp, ecn, id, dontFragment, false, 0, ttl, source, destination, options, transport);
    }

    public Ipv4Packet withDscp(int changed) {
        return new Ipv4Packet(
                changed,
                ecn,
                id,
                dontFragment,
                moreFragments,
                fragmentOffset,
                ttl,
                source,
                destination,
                options,
                transport);
    }

    @Override
    public Ipv4Packet withHops(int changed) {
        return new Ipv4Packet(
                dscp,
                ecn,
                id,
                dontFragment,
                moreFragments,
                fragmentOffset,
                changed,
                source,
                destination,
                options,
                transport);
    }

    public Ipv4Packet withAddresses(Ipv4 changedSource, Ipv4 changedDestination) {
        return new Ipv4Packet(
                dscp,
                ecn,
                id,
                dontFragment,
                moreFragments,
                fragmentOffset,
                ttl,
                changedSource,
                changedDestination,
                options,
                transport);
    }

    @Override
    public Ipv4Packet withTransport(Transport changed) {
        return new Ipv4Packet(
                dscp, ecn, id, dontFragment, moreFragments, fragmentOffset, ttl, source, destination, options, changed);
    }
}

package org.dragonflow.packet;

import org.dragonflow.address.IpAddress;

/**
 * What the checksums of UDP, TCP and ICMPv6 cover of the layer below (RFC 9293, section 3.1; RFC 8200, section 8.1).
 *
 * @param source the source of the packet
 * @param destination its final destination, which a routing header may hold
 */
record PseudoHeader(IpAddress source, IpAddress destination) {
    long sum(int protocol, int length) {
        return Checksum.sum(source.high())
                + Checksum.sum(source.low())
                + Checksum.sum(destination.high())
                + Checksum.sum(destination.low())
                + protocol
                + Checksum.sum(length);
    }

    /** Fills in the checksum at {@code at} of the segment that began at {@code from} and ends here. */
    void seal(Writer writer, int protocol, int from, int at) {
        int length = writer.position() - from;
        writer.setU16(at, Checksum.of(writer.sum(from) + sum(protocol, length)));
    }

    /** Whether the checksum in the rest of this reader is right. */
    boolean holds(Reader segment, int protocol) {
        return Checksum.of(segment.sum() + sum(protocol, segment.remaining())) == 0;
    }
}

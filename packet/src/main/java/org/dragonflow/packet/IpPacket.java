package org.dragonflow.packet;

import org.dragonflow.address.IpAddress;

/** An IP packet of either version. */
public sealed interface IpPacket extends Payload permits Ipv4Packet, Ipv6Packet {
    IpAddress source();

    IpAddress destination();

    /** The differentiated services code point, 0 to 63. */
    int dscp();

    /** Explicit congestion notification, 0 to 3. */
    int ecn();

    /** How many more hops the packet may take; IPv4 calls it time to live. */
    int hops();

    /** What the packet carries. Of a fragment or a truncated packet that is {@link RawTransport}. */
    Transport transport();

    /** Whether the packet is a part of a larger one. */
    boolean isFragment();

    /**
     * The upper layer as a switch sees it: like {@link #transport}, but the header at the beginning of a first fragment,
     * or of a truncated packet, is read although what follows it is not whole. The payload of what is returned is a part.
     */
    Transport peek();

    IpPacket withHops(int changed);

    IpPacket withTransport(Transport changed);

    /** The packet as it stands on the wire, without the frame around it. */
    Bytes encode();
}

package org.dragonflow.packet;

/** What was wrong with a frame that could be decoded all the same. */
public enum Fault {
    /** The header of the network layer is cut off or contradicts itself or the frame; the layer was kept raw. */
    NETWORK_LAYER,
    /** The checksum of the IPv4 header is wrong. */
    IPV4_CHECKSUM,
    /** A header above IP is cut off or contradicts itself or the packet; what follows was kept raw. */
    TRANSPORT_LAYER,
    /** The checksum of UDP, TCP, ICMP or ICMPv6 is wrong. */
    TRANSPORT_CHECKSUM
}

package org.dragonflow.packet;

/** What an IP packet carries. */
public sealed interface Transport permits Udp, Tcp, Icmp, Icmpv6, RawTransport {
    /** The number of the protocol (IANA, Protocol Numbers). */
    int protocol();
}

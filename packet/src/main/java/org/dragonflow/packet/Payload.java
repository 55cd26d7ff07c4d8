package org.dragonflow.packet;

/** What an Ethernet frame carries. */
public sealed interface Payload permits Arp, IpPacket, RawPayload {
    int etherType();
}

package org.dragonflow.packet;

import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Mac;

/**
 * An ARP packet that maps IPv4 to Ethernet (RFC 826). ARP for any other pair of protocols is kept raw.
 *
 * @param operation {@link #REQUEST}, {@link #REPLY}, or another number
 */
public record Arp(int operation, Mac senderMac, Ipv4 senderIp, Mac targetMac, Ipv4 targetIp) implements Payload {
    public static final int ETHER_TYPE = 0x0806;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private static final int ETHERNET = 1;
    private static final int MAC_LENGTH = 6;
    private static final int IP_LENGTH = 4;

    public Arp {
        Width.check("an ARP operation", operation, 16);
    }

    /** Who has {@code targetIp}? */
    public static Arp request(Mac senderMac, Ipv4 senderIp, Ipv4 targetIp) {
        return new Arp(REQUEST, senderMac, senderIp, Mac.ZERO, targetIp);
    }

    /** {@code senderIp} is at {@code senderMac}; said to the target. */
    public static Arp reply(Mac senderMac, Ipv4 senderIp, Mac targetMac, Ipv4 targetIp) {
        return new Arp(REPLY, senderMac, senderIp, targetMac, targetIp);
    }

    /** Tells everyone, unasked, that {@code ip} is at {@code mac} (RFC 5227, section 3). */
    public static Arp announcement(Mac mac, Ipv4 ip) {
        return request(mac, ip, ip);
    }

    @Override
    public int etherType() {
        return ETHER_TYPE;
    }

    static Payload read(Reader reader) throws Malformed {
        var whole = reader.ahead(reader.remaining());
        boolean isEthernetAndIpv4 = reader.u16() == ETHERNET
                && reader.u16() == Ipv4Packet.ETHER_TYPE
                && reader.u8() == MAC_LENGTH
                && reader.u8() == IP_LENGTH;
        if (!isEthernetAndIpv4) {
            return new RawPayload(ETHER_TYPE, whole.rest());
        }
        return new Arp(reader.u16(), reader.mac(), reader.ipv4(), reader.mac(), reader.ipv4());
    }

    void write(Writer writer) {
        writer.u16(ETHERNET).u16(Ipv4Packet.ETHER_TYPE).u8(MAC_LENGTH).u8(IP_LENGTH);
        writer.u16(operation).mac(senderMac).ipv4(senderIp).mac(targetMac).ipv4(targetIp);
    }
}

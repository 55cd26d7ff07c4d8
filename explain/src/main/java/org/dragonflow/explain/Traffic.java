package org.dragonflow.explain;

import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.flow.Header;
import org.dragonflow.trace.Headers;

/** The headers of a packet, in words. */
final class Traffic {
    private static final int ARP = 0x0806;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;

    private final Headers headers;

    Traffic(Headers headers) {
        this.headers = headers;
    }

    boolean isIp() {
        return is(IPV4) || is(IPV6);
    }

    boolean isArp() {
        return is(ARP);
    }

    private boolean is(int etherType) {
        return headers.number(Header.ETH_TYPE) == etherType;
    }

    IpAddress source() {
        return is(IPV6)
                ? new Ipv6(
                        headers.get(Header.IPV6_SRC).high(),
                        headers.get(Header.IPV6_SRC).low())
                : new Ipv4((int) headers.number(isArp() ? Header.ARP_SPA : Header.IPV4_SRC));
    }

    IpAddress destination() {
        return is(IPV6)
                ? new Ipv6(
                        headers.get(Header.IPV6_DST).high(),
                        headers.get(Header.IPV6_DST).low())
                : new Ipv4((int) headers.number(isArp() ? Header.ARP_TPA : Header.IPV4_DST));
    }

    Mac sourceMac() {
        return new Mac(headers.number(Header.ETH_SRC));
    }

    Mac destinationMac() {
        return new Mac(headers.number(Header.ETH_DST));
    }

    /** The address that neighbour discovery asks or tells of. */
    Ipv6 ndTarget() {
        return new Ipv6(
                headers.get(Header.ND_TARGET).high(),
                headers.get(Header.ND_TARGET).low());
    }

    long hops() {
        return headers.number(Header.IP_TTL);
    }

    /** As a security group rule sees it, without the addresses: {@code tcp 22}. */
    String kind() {
        if (isArp()) {
            return "arp";
        }
        if (!isIp()) {
            return "protocol 0x%04x".formatted(headers.number(Header.ETH_TYPE));
        }
        int protocol = (int) headers.number(Header.IP_PROTO);
        return switch (protocol) {
            case 1 -> "icmp type %d".formatted(headers.number(Header.ICMPV4_TYPE));
            case 6 -> "tcp %d".formatted(headers.number(Header.TCP_DST));
            case 17 -> "udp %d".formatted(headers.number(Header.UDP_DST));
            case 58 -> "icmpv6 type %d".formatted(headers.number(Header.ICMPV6_TYPE));
            case 132 -> "sctp %d".formatted(headers.number(Header.SCTP_DST));
            default -> "protocol %d".formatted(protocol);
        };
    }

    @Override
    public String toString() {
        var ends = isArp() || isIp()
                ? "%s from %s to %s".formatted(kind(), source(), destination())
                : "%s".formatted(kind());
        var ttl = isIp() ? ", ttl %d".formatted(hops()) : "";
        return "%s%s (%s to %s)".formatted(ends, ttl, sourceMac(), destinationMac());
    }
}

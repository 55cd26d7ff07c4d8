package org.dragonflow.it;

import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;

/** The two addresses of a machine on a segment of the fabric, whose blocks are a /24 and a /64. */
public record Segment(Ipv4 ipv4, Ipv6 ipv6) {
    private static final int LENGTH4 = 24;
    private static final int LENGTH6 = 64;

    static Segment host(IpPrefix block4, IpPrefix block6, int number) {
        return new Segment(
                (Ipv4) block4.first().plus(number), (Ipv6) block6.first().plus(number));
    }

    String cidr4() {
        return ipv4 + "/" + LENGTH4;
    }

    String cidr6() {
        return ipv6 + "/" + LENGTH6;
    }
}

package org.dragonflow.trace;

import java.util.Random;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Field;

/** Few values for each field, so that random flows and random packets meet. */
final class Values {
    private Values() {}

    static Bits of(Random random, Field field) {
        int i = random.nextInt(3);
        return switch (field.header()) {
            case ETH_SRC, ETH_DST, ARP_SHA, ARP_THA, ND_SLL, ND_TLL -> Bits.of(0x0200_0000_000aL + i);
            case IPV4_SRC, IPV4_DST, ARP_SPA, ARP_TPA -> Bits.of(0x0a00_0001L + i);
            case IPV6_SRC, IPV6_DST, ND_TARGET -> new Bits(0xfd00_0000_0000_0000L, 1 + i);
            case IP_TTL -> Bits.of(new int[] {1, 2, 64}[i]);
            case IP_DSCP, VLAN_PCP, IP_ECN, IPV6_FLABEL -> Bits.of(i);
            case VLAN_VID -> Bits.of(0x1000 | i + 1);
            case TCP_SRC, TCP_DST, UDP_SRC, UDP_DST, SCTP_SRC, SCTP_DST -> Bits.of(new int[] {53, 80, 1000}[i]);
            case ICMPV4_TYPE -> Bits.of(new int[] {0, 8, 3}[i]);
            case ICMPV6_TYPE -> Bits.of(new int[] {128, 135, 136}[i]);
            case ICMPV4_CODE, ICMPV6_CODE -> Bits.of(i == 2 ? 1 : 0);
            case ARP_OP -> Bits.of(1 + i % 2);
            case ND_RESERVED -> Bits.of(new long[] {0, 0xe000_0000L, 0x6000_0000L}[i]);
            case ND_OPTIONS_TYPE -> Bits.of(1 + i % 2);
            default -> Bits.of(i);
        };
    }

    static String mac(Random random) {
        return ":0" + "abc".charAt(random.nextInt(3));
    }

    static String ipv4(Random random) {
        return "10.0.0." + (1 + random.nextInt(3));
    }

    static String ipv6(Random random) {
        return "fd00::" + (1 + random.nextInt(3));
    }

    static int port(Random random) {
        return new int[] {53, 80, 1000}[random.nextInt(3)];
    }
}

package org.dragonflow.apps;

import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;

/**
 * The addresses under which a port is known to the services of its chassis: made of its key, so that tenants may overlap.
 *
 * <p>They are seen in the namespace of these services and nowhere else. An IPv4 address has just room for the key beside the addresses that a
 * kernel takes for no host's: from 128.0.0.0 on up to where multicast begins, and from 1.0.0.0 on for the rest.
 */
public final class Pseudonym {
    private static final long FIRST_HALF = 0x8000_0000L;
    private static final long MULTICAST = 0xe000_0000L;
    private static final long SECOND_HALF = 0x0100_0000L;
    private static final long KEYS_IN_FIRST_HALF = MULTICAST - FIRST_HALF;
    private static final long SECOND_HALF_END = SECOND_HALF + 0x8000_0000L - KEYS_IN_FIRST_HALF;

    /** fd64:6600::/96, which is of a unique local block (RFC 4193). */
    private static final long HIGH = 0xfd64_6600_0000_0000L;

    private Pseudonym() {}

    static Ipv4 v4(int key) {
        return new Ipv4((int) (key < KEYS_IN_FIRST_HALF ? FIRST_HALF + key : SECOND_HALF + key - KEYS_IN_FIRST_HALF));
    }

    static Ipv6 v6(int key) {
        return new Ipv6(HIGH, key);
    }

    /** The key of the port that is known by this address; none, if no port can be. */
    public static Optional<Integer> keyOf(IpAddress address) {
        return switch (address) {
            case Ipv4 ipv4 -> keyOf(ipv4.low());
            case Ipv6 ipv6 ->
                ipv6.high() == HIGH && ipv6.low() > 0 && ipv6.low() <= Integer.MAX_VALUE
                        ? Optional.of((int) ipv6.low())
                        : Optional.empty();
        };
    }

    private static Optional<Integer> keyOf(long bits) {
        if (bits > FIRST_HALF && bits < MULTICAST) {
            return Optional.of((int) (bits - FIRST_HALF));
        }
        return bits >= SECOND_HALF && bits < SECOND_HALF_END
                ? Optional.of((int) (bits - SECOND_HALF + KEYS_IN_FIRST_HALF))
                : Optional.empty();
    }
}

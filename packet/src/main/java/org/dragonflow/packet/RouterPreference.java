package org.dragonflow.packet;

import java.util.Optional;

/** How much a router or route is to be preferred over others (RFC 4191, section 2.1). */
public enum RouterPreference {
    HIGH(1),
    MEDIUM(0),
    LOW(3);

    private final int bits;

    RouterPreference(int bits) {
        this.bits = bits;
    }

    /** Two bits, at the place that router advertisement and route option have in common. */
    int flags() {
        return bits << 3;
    }

    /** Empty for the reserved value. */
    static Optional<RouterPreference> ofFlags(int flags) {
        return switch (flags >>> 3 & 3) {
            case 0 -> Optional.of(MEDIUM);
            case 1 -> Optional.of(HIGH);
            case 3 -> Optional.of(LOW);
            default -> Optional.empty();
        };
    }
}

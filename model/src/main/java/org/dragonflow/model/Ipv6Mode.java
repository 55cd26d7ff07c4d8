package org.dragonflow.model;

import java.util.Locale;

/** How IPv6 hosts come by an address and by other settings; written in lower case with hyphens. */
public enum Ipv6Mode {
    SLAAC,
    DHCPV6_STATEFUL,
    DHCPV6_STATELESS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

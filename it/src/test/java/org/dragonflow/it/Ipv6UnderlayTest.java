package org.dragonflow.it;

/** IPv6 for hosts whose packets cross an underlay of IPv6. */
class Ipv6UnderlayTest extends Ipv6Scenarios {
    @Override
    Cloud open() {
        return Cloud.open("six6", Tenant.freePort()).overIpv6();
    }

    @Override
    int mtu() {
        return 1418;
    }
}

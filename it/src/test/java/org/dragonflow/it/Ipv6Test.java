package org.dragonflow.it;

/** IPv6 for hosts whose packets cross an underlay of IPv4. */
class Ipv6Test extends Ipv6Scenarios {
    @Override
    Cloud open() {
        return Cloud.open("six4", Tenant.freePort());
    }

    @Override
    int mtu() {
        return 1438;
    }
}

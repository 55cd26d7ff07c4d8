package org.dragonflow.it.bench;

import org.dragonflow.address.IpPrefix;
import org.dragonflow.it.Chassis;

/**
 * What the integration bridge of a chassis is for a block of addresses while this is on: a plain learning switch, on the same ports. How often the
 * datapath comes round to a port depends on which it is, so that other ports are no measure for these.
 */
record LearningSwitch(Chassis chassis, IpPrefix block) {
    /** Tells these flows from everybody's else. */
    private static final String COOKIE = "0x706c61696e";

    void on() {
        add("ip,nw_dst=" + block);
        add("arp,arp_tpa=" + block);
    }

    private void add(String match) {
        chassis.ovsOfctl(
                "add-flow",
                Chassis.INTEGRATION_BRIDGE,
                "cookie=%s,table=0,priority=65535,%s,actions=NORMAL".formatted(COOKIE, match));
    }

    void off() {
        chassis.ovsOfctl("del-flows", Chassis.INTEGRATION_BRIDGE, "cookie=%s/-1".formatted(COOKIE));
    }
}

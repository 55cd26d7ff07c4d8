package org.dragonflow.it.demo;

import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;

/**
 * One of the demo's servers, as the API made its port.
 *
 * @param mtu what its network carries, to which its card is cut
 */
record Machine(String name, String chassis, String port, Mac mac, IpAddress ipv4, IpAddress ipv6, int mtu) {}

package org.dragonflow.it.demo;

import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;

/** The world on the other side of a wire, as the provider of a cloud has it: the cloud configures nothing of it. */
interface Outside {
    /** The name of the physical network that the hypervisors and the provider's router are on. */
    String physicalNetwork();

    /** Switches on the provider's router, which has an address on the wire and stands for one behind it. */
    void start(IpAddress router, IpPrefix wire, IpAddress behind);

    /** Gives the provider's router an address on a VLAN of the wire. */
    void address(int vlan, IpAddress router, IpPrefix block);

    /** Has the provider's router advertise the block on a VLAN of the wire, of which hosts there form addresses. */
    void advertise(int vlan, IpPrefix block);

    /** Sends echo requests from there; gives how many were answered. */
    int ping(IpAddress to, int count);

    /** Has the machine ping an address outside; gives as whom the machine is seen there, or nothing if there is no answer. */
    Optional<String> seenAs(Machine machine, IpAddress behind);
}

package org.dragonflow.model;

import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;

@Doc("A machine on a wire that this chassis has heard: the topology does not know it.")
public record Neighbour(
        @Doc("Made of the network and the address.") Id<Neighbour> id,
        @Doc("The network that the wire carries.") Id<Network> networkId,
        @Doc("Its IP address.") IpAddress ipAddress,
        @Doc("Its link-layer address.") Mac macAddress)
        implements Entity, Observation {

    /** The name of whoever has the address on the network. */
    public static Id<Neighbour> at(Id<Network> network, IpAddress address) {
        return Id.of(Neighbour.class, "%s/%s".formatted(network, address));
    }

    public static Neighbour of(Id<Network> network, IpAddress address, Mac mac) {
        return new Neighbour(at(network, address), network, address, mac);
    }
}

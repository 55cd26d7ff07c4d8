package org.dragonflow.apps;

import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;

/** That a router advertises itself on the network, which has ports on this chassis. */
record AdvertisedNetwork(Id<AdvertisedNetwork> id) implements Entity {
    static Id<AdvertisedNetwork> of(Id<Network> network) {
        return Id.of(AdvertisedNetwork.class, network.value());
    }

    Id<Network> network() {
        return Id.of(Network.class, id.value());
    }
}

package org.dragonflow.apps;

import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;

/** That a port of the network is bound to this chassis. */
record LocalNetwork(Id<LocalNetwork> id) implements Entity {
    static Id<LocalNetwork> of(Id<Network> network) {
        return Id.of(LocalNetwork.class, network.value());
    }

    Id<Network> network() {
        return Id.of(Network.class, id.value());
    }
}

package org.dragonflow.apps;

import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;

/** That the network has a port bound to this chassis, or is reached by way of routers from one that has, or from a wire on which this chassis stands for one. */
record NearNetwork(Id<NearNetwork> id) implements Entity {
    static Id<NearNetwork> of(Id<Network> network) {
        return Id.of(NearNetwork.class, network.value());
    }
}

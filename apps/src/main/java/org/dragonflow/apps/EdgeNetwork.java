package org.dragonflow.apps;

import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;

/** That a router which is near leads outside by the network, or that this chassis stands for an address there. */
record EdgeNetwork(Id<EdgeNetwork> id) implements Entity {
    static EdgeNetwork to(Id<Network> network) {
        return new EdgeNetwork(of(network));
    }

    static Id<EdgeNetwork> of(Id<Network> network) {
        return Id.of(EdgeNetwork.class, network.value());
    }

    Id<Network> network() {
        return Id.of(Network.class, id.value());
    }
}

package org.dragonflow.apps;

import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;

/** The networks that routers join to a local one, by the least of their keys: where an address most likely is one port's. */
record AddressDomain(Id<AddressDomain> id, long key) implements Entity {
    static Id<AddressDomain> of(Id<Network> network) {
        return Id.of(AddressDomain.class, network.value());
    }
}

package org.dragonflow.apps;

import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Router;

/** What fits a tunnel through which packets for a router's addresses are passed on, in bytes of IP. */
record TunnelMtu(Id<TunnelMtu> id, int bytes) implements Entity {
    static Id<TunnelMtu> of(Id<Router> router) {
        return Id.of(TunnelMtu.class, router.value());
    }
}

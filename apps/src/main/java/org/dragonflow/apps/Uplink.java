package org.dragonflow.apps;

import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;

/** That this chassis is connected to a physical network, and at which OpenFlow port. */
record Uplink(Id<Uplink> id, int ofport) implements Entity {
    static Id<Uplink> to(String physicalNetwork) {
        return Id.of(Uplink.class, physicalNetwork);
    }
}

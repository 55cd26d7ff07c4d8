package org.dragonflow.apps;

import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.TunnelType;

/** That this chassis can send and receive through tunnels of a type, and at which OpenFlow port. */
record TunnelEnd(Id<TunnelEnd> id, int ofport) implements Entity {
    static Id<TunnelEnd> of(TunnelType type) {
        return Id.of(TunnelEnd.class, type.toString());
    }
}

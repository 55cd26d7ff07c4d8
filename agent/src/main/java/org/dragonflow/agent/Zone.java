package org.dragonflow.agent;

import org.dragonflow.model.Doc;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;

@Doc("Whose connections a conntrack zone holds.")
record Zone(
        @Doc("The zone, which is the number of an OpenFlow port.")
        Id<Zone> id,

        @Doc("The port whose connections are in it.") Id<Port> portId)
        implements Entity {

    static Zone of(int ofport, Id<Port> port) {
        return new Zone(id(ofport), port);
    }

    static Id<Zone> id(int ofport) {
        return Id.of(Zone.class, Integer.toString(ofport));
    }

    int number() {
        return Integer.parseInt(id.value());
    }
}

package org.dragonflow.apps;

import org.dragonflow.compile.ZoneWanted;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;

/** The conntrack zones of a port. An app derives the wish, and asks the view for the zone that answers it. */
final class Zones {
    private Zones() {}

    /** The wish of a port that may only come to the chassis: until then its connections are elsewhere. */
    static ZoneWanted at(Id<Chassis> chassis, Port port, ZoneWanted wish) {
        return wish.idle(!port.isBoundTo(chassis));
    }

    /** For what its security groups allow: both its own connections and those to it. */
    static ZoneWanted of(Id<Port> port) {
        return ZoneWanted.by(port.value(), port);
    }

    /** For what it asks of the services of its chassis. */
    static ZoneWanted ofServices(Id<Port> port) {
        return ZoneWanted.by("metadata/" + port.value(), port);
    }

    /** For the translation of its addresses. */
    static ZoneWanted ofTranslation(Id<Port> port) {
        return ZoneWanted.by("nat/" + port.value(), port);
    }
}

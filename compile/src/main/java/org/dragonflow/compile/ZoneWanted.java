package org.dragonflow.compile;

import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;

/**
 * That an owner of connections wants a conntrack zone of its own on this chassis. A derivation says so, the agent answers with a
 * {@link ConntrackZone}, and the rules that ask for that run when it is there.
 *
 * @param id the owner, in the app's words
 * @param subject what has not all its flows while there is no zone
 * @param isIdle whether the owner is elsewhere, though it may come back: what its zone holds is past, and is to be forgotten
 */
public record ZoneWanted(Id<ZoneWanted> id, Id<?> subject, boolean isIdle) implements Entity {

    public static ZoneWanted by(String owner, Id<?> subject) {
        return new ZoneWanted(Id.of(ZoneWanted.class, owner), subject, false);
    }

    /** The same wish of an owner who is, or is not, elsewhere. */
    public ZoneWanted idle(boolean isElsewhere) {
        return new ZoneWanted(id, subject, isElsewhere);
    }

    /** Under which name the zone is to be found, once there is one. */
    public Id<ConntrackZone> zone() {
        return Id.of(ConntrackZone.class, id.value());
    }
}

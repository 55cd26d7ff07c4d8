package org.dragonflow.feed;

import java.util.List;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Report;

/** What the feed writes to the store. */
public interface Records {
    /**
     * Makes the record of a chassis that connects, or brings it up to date; it is alive, and on this server's feed.
     *
     * @param reported as the chassis has it, but for when it joined and whether it is alive
     * @throws Refused with {@link Reason#CHASSIS_TAKEN} and nothing changed, if the record is that of another system; with {@link
     *     Reason#UNAVAILABLE}, if the store cannot be written
     */
    void register(Chassis reported) throws Refused, InterruptedException;

    /**
     * Says whether a chassis is alive. That it is down, is only for the server to say that had it on its feed last.
     *
     * @throws Refused with {@link Reason#UNAVAILABLE}, if the store cannot be written
     */
    void mark(Id<Chassis> chassis, boolean isAlive) throws Refused, InterruptedException;

    /**
     * Sets the status of ports, and which inactive bindings are ready, together; those that are gone or elsewhere by now are left alone.
     *
     * @throws Refused with {@link Reason#UNAVAILABLE}, if the store cannot be written; it is then tried again
     */
    void report(List<PortStatus> statuses) throws Refused, InterruptedException;

    /**
     * Records what a chassis has learnt from ports that are bound to it: who has which addresses, where that is another than was recorded and
     * the port is allowed it, and which leases are used up; the rest is left alone.
     *
     * @throws Refused with {@link Reason#UNAVAILABLE}, if the store cannot be written
     */
    void told(Id<Chassis> chassis, List<Report> reports) throws Refused, InterruptedException;

    /** For implementations: refuses a system that would take the name of another. */
    static void requireSameSystem(Chassis recorded, Chassis reported) throws Refused {
        if (!recorded.systemId().equals(reported.systemId())) {
            throw new Refused(
                    Reason.CHASSIS_TAKEN,
                    "chassis %s is system %s, so system %s cannot be it; delete the chassis first if it was replaced"
                            .formatted(recorded.id(), recorded.systemId(), reported.systemId()));
        }
    }
}

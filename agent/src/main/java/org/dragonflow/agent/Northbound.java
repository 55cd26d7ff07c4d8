package org.dragonflow.agent;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.dragonflow.feed.FeedEvent;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;

/** Where an agent hears what its chassis is to know, and where it says what it has done. */
public interface Northbound extends AutoCloseable {

    /** How an agent gets in touch. */
    interface Source {
        /**
         * Begins and returns; {@code to} hears the events on one thread, and may make it wait.
         *
         * @param systemId which Open vSwitch the agent speaks for
         * @param uplinks the physical networks that the chassis is connected to now
         * @param from how far it has come already
         */
        Northbound open(String systemId, List<Uplink> uplinks, Optional<Position> from, Consumer<FeedEvent> to);
    }

    /**
     * Says that the switch holds the flows of this position, and how it stands with these ports. Never waits: what cannot be said is dropped,
     * since all is said anew after the next {@link FeedEvent.Connected}.
     */
    void acknowledge(Position at, Map<Id<Port>, PortState> states);

    /** Says how the uplinks of the chassis are from now on. Never waits: what cannot be said now is said when it can. */
    void report(List<Uplink> uplinks);

    /** Says what was learnt from a port of the chassis. Never waits: what cannot be said now is dropped, and will be learnt again. */
    void tell(Report report);

    @Override
    void close();
}

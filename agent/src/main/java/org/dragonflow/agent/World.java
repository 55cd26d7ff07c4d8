package org.dragonflow.agent;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.flow.Switch;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;
import org.dragonflow.model.Topology;

/** What the loop acts upon. */
interface World {
    Switch bridge();

    /** Makes the switch understand the tunnel option that carries the ports; what is wrong with that is an exception. */
    void ensureTunnelOption() throws IOException;

    /**
     * Begins to see to the bridge and what is ours on it, and returns; what came of it arrives as {@link Input.BridgeSeenTo}. What was wanted
     * before counts no more.
     */
    void seeToBridge(Wiring.Wanted wanted);

    /** Gets in touch with the northbound, unless that was done. */
    void join(String systemId, List<Uplink> uplinks, Optional<Position> from);

    /** Tells the northbound how the uplinks are now. */
    void report(List<Uplink> uplinks);

    /** Tells the northbound what was learnt from a port of this chassis. */
    void tell(Report report);

    /** Keeps what is known now, for those who ask at any time. */
    void know(Topology topology);

    void acknowledge(Position at, Map<Id<Port>, PortState> states);
}

package org.dragonflow.agent;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.flow.Switch;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;

/** What the loop acts upon. */
interface World {
    Switch bridge();

    /** Makes the switch understand the tunnel option that carries the ports; what is wrong with that is an exception. */
    void ensureTunnelOption() throws IOException;

    /**
     * Begins to see to the bridge and its tunnels, and returns; what came of it arrives as {@link Input.BridgeSeenTo}.
     *
     * @param isNameless whether Open vSwitch has no system id, and is to be given one
     */
    void seeToBridge(boolean isNameless);

    /** Gets in touch with the northbound, unless that was done. */
    void join(String systemId, Optional<Position> from);

    void acknowledge(Position at, Map<Id<Port>, PortState> states);
}

package org.dragonflow.model;

import java.time.Instant;
import java.util.List;
import org.dragonflow.address.IpAddress;

@Doc("A node that carries ports: one Open vSwitch and one agent.")
public record Chassis(
        @Doc("Its name, as in binding:host_id.") Id<Chassis> id,

        @Doc("Where other chassis send tunnelled packets to.")
        IpAddress address,

        @Doc("The tunnels that it can end, best first.") List<TunnelType> tunnelTypes,

        @Doc("Which installation of Open vSwitch holds the name, so that a second one cannot take it.")
        String systemId,

        @Doc("When it joined.") Instant createdAt)
        implements Entity {
    public Chassis {
        tunnelTypes = List.copyOf(tunnelTypes);
    }
}

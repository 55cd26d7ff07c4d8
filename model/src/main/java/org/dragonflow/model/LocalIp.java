package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.Optional;
import org.dragonflow.address.IpAddress;

@Doc(
        "An address that ports reach on their own chassis: there it stands for the ports there that are associated with it.")
@Resource(singular = "local_ip", plural = "local_ips")
public record LocalIp(
        @Access(SERVER) @Doc("Names the local IP.") Id<LocalIp> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people; need not be unique.")
        String name,

        @Otherwise("\"\"") @Range(max = 1024) @Doc("For people.")
        String description,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(CLIENT_ON_CREATE) @Filled @Doc("The port that holds the address; left out: one is made on the network.")
        Id<Port> localPortId,

        @Access(CLIENT_ON_CREATE) @Filled @Doc("The network that the address is of; left out: the port's.")
        Id<Network> networkId,

        @Access(CLIENT_ON_CREATE) @Filled @Doc("The address; left out: the port's.")
        Optional<IpAddress> localIpAddress,

        @Access(CLIENT_ON_CREATE)
        @Otherwise("\"translate\"")
        @OneOf({"translate", "passthrough"})
        @Doc("Whether packets get the address of the port that they are for, or keep the local one.")
        String ipMode,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {

    /** The local IPs whose address a port holds. */
    public static Query<LocalIp> at(Id<Port> port) {
        return Query.by(LocalIp.class, "local_port_id", port);
    }
}

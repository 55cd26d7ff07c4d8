package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.List;

@Doc("A port that carries the traffic of further ports, each told apart by a VLAN tag.")
@Resource(singular = "trunk", plural = "trunks")
@Unique("port_id")
@Unique("sub_ports.port_id")
public record Trunk(
        @Access(SERVER) @Doc("Names the trunk.") Id<Trunk> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people; need not be unique.")
        String name,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people.")
        String description,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(CLIENT_ON_CREATE) @Doc("The port that carries the others.")
        Id<Port> portId,

        @Otherwise("true") @Doc("Whether its subports may change.")
        boolean adminStateUp,

        @Access(SERVER) @Otherwise("\"DOWN\"") @Doc("Whether its subports' traffic passes.")
        Status status,

        @Access(CLIENT_ON_CREATE) @Otherwise("[]") @Distinct("port_id") @Doc("The ports that it carries.")
        List<SubPort> subPorts,

        @Access(SERVER) @Distinct @Doc("Words that people find it by.")
        List<String> tags,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {
    public Trunk {
        subPorts = List.copyOf(subPorts);
        tags = List.copyOf(tags);
    }

    @Doc("A port whose traffic a trunk carries.")
    public record SubPort(
            @Doc("The port.") Id<Port> portId,

            @Filled @Doc("How it is told apart: vlan, or inherit for what its network says.")
            String segmentationType,

            @Filled @Range(max = 0xff_ffff) @Doc("The number that tells it apart.")
            int segmentationId) {}

    /** The trunk that the port carries. */
    public static Query<Trunk> carriedBy(Id<Port> port) {
        return Query.by(Trunk.class, "port_id", port);
    }

    /** The trunk that carries the port. */
    public static Query<Trunk> carrying(Id<Port> port) {
        return Query.by(Trunk.class, "sub_ports.port_id", port);
    }
}

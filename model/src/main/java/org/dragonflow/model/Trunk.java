package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

        @Otherwise("true") @Doc("Whether subports may come and go; what passes does not depend on it.")
        boolean adminStateUp,

        @Access(SERVER)
        @Otherwise("\"DOWN\"")
        @Doc("ACTIVE once all its ports are, BUILD while some are, DEGRADED if one is in ERROR, else DOWN.")
        Standing status,

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

    /** How many of its ports are up: all of them, none of them, some as yet, or not all because of a fault. */
    public enum Standing {
        ACTIVE,
        DOWN,
        BUILD,
        DEGRADED
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

    /** The port whose card the frames of a port pass: of a subport it is the one that carries it, of any other port itself. */
    public static Id<Port> cardOf(Id<Port> port, View view) {
        return view.find(carrying(port)).findFirst().map(Trunk::portId).orElse(port);
    }

    /** How the port is told apart on this trunk. */
    public Optional<SubPort> subPort(Id<Port> port) {
        return subPorts.stream().filter(sub -> sub.portId().equals(port)).findFirst();
    }

    /** How it stands with its ports. Those that are switched off are not counted. */
    public Standing standing(View view) {
        var statuses = Stream.concat(Stream.of(portId), subPorts.stream().map(SubPort::portId))
                .flatMap(port -> view.get(port).stream())
                .filter(Port::adminStateUp)
                .map(Port::status)
                .toList();
        if (statuses.contains(Status.ERROR)) {
            return Standing.DEGRADED;
        }
        if (!statuses.contains(Status.ACTIVE)) {
            return Standing.DOWN;
        }
        return statuses.stream().allMatch(Status.ACTIVE::equals) ? Standing.ACTIVE : Standing.BUILD;
    }
}

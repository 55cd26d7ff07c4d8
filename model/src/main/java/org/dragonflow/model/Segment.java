package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.Optional;

@Doc("A stretch of a network at layer 2, and what carries it; most networks have just one.")
@Resource(singular = "segment", plural = "segments")
@Unique("carrier")
public record Segment(
        @Access(SERVER) @Doc("Names the segment.") Id<Segment> id,
        @Range(max = 255) @Doc("For people.") Optional<String> name,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people.")
        String description,

        @Access(value = CLIENT_ON_CREATE, hidden = true)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(CLIENT_ON_CREATE) @Reference(Reference.Promise.PART_OF) @Doc("The network that it is a part of.")
        Id<Network> networkId,

        @Access(CLIENT_ON_CREATE) @Range(max = 32) @Doc("How it is carried: geneve, vxlan, vlan or flat.")
        String networkType,

        @Access(CLIENT_ON_CREATE)
        @Indexed
        @Range(max = 64)
        @Doc("The physical network that carries it; none for an overlay.")
        Optional<String> physicalNetwork,

        @Access(CLIENT_ON_CREATE) @Doc("The number that tells it apart on the wire; null, and no VLAN: one is found.")
        Optional<Integer> segmentationId,

        @Access(value = SERVER, hidden = true)
        @Indexed
        @Doc("What no other segment may have: a number of the overlay, a VLAN of a physical network, or all of one.")
        String carrier,

        @Access(value = SERVER, hidden = true) @Doc("Which of its network's segments it is, in order.")
        int place,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {
    public static final String GENEVE = "geneve";
    public static final String VXLAN = "vxlan";
    public static final String VLAN = "vlan";
    public static final String FLAT = "flat";

    /** Whether tunnels carry it, which lead to every chassis. */
    public boolean isOverlay() {
        return physicalNetwork.isEmpty();
    }

    /** The segments of a network. */
    public static Query<Segment> of(Id<Network> network) {
        return Query.by(Segment.class, "network_id", network);
    }

    /** The segments that a physical network carries. */
    public static Query<Segment> on(String physicalNetwork) {
        return Query.by(Segment.class, "physical_network", physicalNetwork);
    }
}

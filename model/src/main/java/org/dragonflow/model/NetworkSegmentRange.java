package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

@Doc("Numbers that segments get where none is asked for: those of one project, or those of all.")
@Resource(singular = "network_segment_range", plural = "network_segment_ranges", path = "network_segment_ranges")
public record NetworkSegmentRange(
        @Access(SERVER) @Doc("Names the range.") Id<NetworkSegmentRange> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people; need not be unique.")
        String name,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people.")
        String description,

        @Access(SERVER) @Otherwise("false") @Wire("default") @Doc("Whether it is of the configuration, and stays.")
        boolean standard,

        @Access(CLIENT_ON_CREATE) @Otherwise("true") @Doc("Whether networks of all projects get its numbers.")
        boolean shared,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose networks get its numbers; null if it is shared.")
        String projectId,

        @Access(CLIENT_ON_CREATE) @OneOf({"vlan", "vxlan", "gre", "geneve"}) @Doc("How the segments are carried.")
        String networkType,

        @Access(CLIENT_ON_CREATE)
        @Range(max = 64)
        @Doc("The physical network whose VLANs they are; none for an overlay.")
        Optional<String> physicalNetwork,

        @Range(min = 1, max = 0x7fff_ffff) @Doc("The first number.")
        int minimum,

        @Range(min = 1, max = 0x7fff_ffff) @Doc("The last number.")
        int maximum,

        @Access(SERVER) @Distinct @Doc("Words that people find it by.")
        List<String> tags,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {
    public NetworkSegmentRange {
        tags = List.copyOf(tags);
    }

    public boolean contains(int number) {
        return minimum <= number && number <= maximum;
    }
}

package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.List;

@Doc("Rules that say which packets may leave and reach the ports that carry the group; what no rule allows is dropped.")
@Resource(singular = "security_group", plural = "security_groups")
@Unique("key")
public record SecurityGroup(
        @Access(SERVER) @Doc("Names the group.") Id<SecurityGroup> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people; default names the project's default group.")
        String name,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people.")
        String description,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Otherwise("true") @Doc("Whether answers to what is allowed are allowed too.")
        boolean stateful,

        @Access(value = SERVER, hidden = true)
        @Range(min = 1, max = 0x0fff_ffff)
        @Doc("The number of the group in flows, 28 bits.")
        int key,

        @Access(SERVER) @Distinct @Doc("Words that people find it by.")
        List<String> tags,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {
    public SecurityGroup {
        tags = List.copyOf(tags);
    }
}

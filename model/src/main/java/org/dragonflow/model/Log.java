package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.Optional;

@Doc("That what a security group lets pass or drops is to be written down.")
@Resource(singular = "log", plural = "logs", path = "log/logs")
public record Log(
        @Access(SERVER) @Doc("Names the log.") Id<Log> id,

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

        @Otherwise("true") @Doc("Whether it is written now.")
        boolean enabled,

        @Access(CLIENT_ON_CREATE) @Range(max = 255) @Doc("The kind of what is watched: security_group.")
        String resourceType,

        @Access(CLIENT_ON_CREATE) @Reference(Reference.Promise.PART_OF) @Doc("The group that is watched; null: all.")
        Optional<Id<SecurityGroup>> resourceId,

        @Access(CLIENT_ON_CREATE)
        @Reference(Reference.Promise.PART_OF)
        @Doc("The port at which it is watched; null: all.")
        Optional<Id<Port>> targetId,

        @Access(CLIENT_ON_CREATE)
        @Otherwise("\"ALL\"")
        @OneOf({"ALL", "ACCEPT", "DROP"})
        @Doc("Whether what passes, what is dropped, or both is written down.")
        String event,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {}

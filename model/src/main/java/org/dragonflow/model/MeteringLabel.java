package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

@Doc("A name under which the traffic of a project's routers is to be counted.")
@Resource(singular = "metering_label", plural = "metering_labels", path = "metering/metering-labels")
public record MeteringLabel(
        @Access(SERVER) @Doc("Names the label.") Id<MeteringLabel> id,

        @Access(CLIENT_ON_CREATE) @Otherwise("\"\"") @Range(max = 255) @Doc("For people; need not be unique.")
        String name,

        @Access(CLIENT_ON_CREATE) @Otherwise("\"\"") @Range(max = 1024) @Doc("For people.")
        String description,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(CLIENT_ON_CREATE) @Otherwise("false") @Doc("Whether it is for the routers of all projects.")
        boolean shared)
        implements Entity {}

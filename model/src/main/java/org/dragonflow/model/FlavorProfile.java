package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

@Doc("How a kind of service can be given, as flavors offer it.")
@Resource(singular = "service_profile", plural = "service_profiles", path = "service_profiles")
public record FlavorProfile(
        @Access(SERVER) @Doc("Names the profile.") Id<FlavorProfile> id,

        @Otherwise("\"\"") @Range(max = 1024) @Doc("For people.")
        String description,

        @Access(value = CLIENT_ON_CREATE, hidden = true)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Otherwise("\"\"") @Range(max = 1024) @Doc("What gives the service.")
        String driver,

        @Otherwise("\"\"") @Range(max = 4096) @Doc("What the driver is told.")
        String metainfo,

        @Otherwise("true") @Doc("Whether flavors can offer it.")
        boolean enabled)
        implements Entity {}

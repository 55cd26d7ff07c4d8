package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.util.List;

@Doc("A kind of service that operators offer, and the profiles by which it is given.")
@Resource(singular = "flavor", plural = "flavors")
public record Flavor(
        @Access(SERVER) @Doc("Names the flavor.") Id<Flavor> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people; need not be unique.")
        String name,

        @Otherwise("\"\"") @Range(max = 1024) @Doc("For people.")
        String description,

        @Access(value = CLIENT_ON_CREATE, hidden = true)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(CLIENT_ON_CREATE)
        @OneOf({"L3_ROUTER_NAT", "QOS", "METERING", "LOADBALANCERV2", "VPN", "FLAVORS"})
        @Doc("The service.")
        String serviceType,

        @Otherwise("true") @Doc("Whether it can be asked for.")
        boolean enabled,

        @Otherwise("[]") @Distinct @Doc("The profiles.") List<Id<FlavorProfile>> serviceProfiles)
        implements Entity {
    public Flavor {
        serviceProfiles = List.copyOf(serviceProfiles);
    }
}

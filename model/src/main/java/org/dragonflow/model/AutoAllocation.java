package org.dragonflow.model;

@Doc("The network and router that a project got by asking for any.")
public record AutoAllocation(
        @Doc("The project.") Id<AutoAllocation> id,

        @Reference(Reference.Promise.PART_OF) @Doc("The network.")
        Id<Network> networkId,

        @Reference(Reference.Promise.PART_OF) @Doc("The router between it and the outside.")
        Id<Router> routerId)
        implements Entity {}

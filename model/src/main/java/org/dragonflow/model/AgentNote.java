package org.dragonflow.model;

@Doc("What operators say of the agent of a chassis.")
public record AgentNote(
        @Doc("The name of the chassis.") Id<AgentNote> id,
        @Doc("Whether it is meant to be in service.") boolean adminStateUp,

        @Doc("For people; empty if there is nothing to say.")
        String description)
        implements Entity {}

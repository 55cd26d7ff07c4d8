package org.dragonflow.model;

import java.util.Map;

@Doc("How many of each resource a project may have, where it is not what every project may.")
public record Quota(
        @Doc("The project.") Id<Quota> id,

        @Doc("Numbers by the singular of the resource; -1 is no limit.")
        Map<String, Object> limits)
        implements Entity {
    public Quota {
        limits = Json.frozen(limits);
    }
}

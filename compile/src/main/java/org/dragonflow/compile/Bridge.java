package org.dragonflow.compile;

import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;

/** The integration bridge itself: always there, one of its kind, and the subject of rules whose entries depend on nothing else. */
public record Bridge(Id<Bridge> id) implements Entity {
    public static final Bridge INTEGRATION = new Bridge(Id.of(Bridge.class, "br-int"));
}

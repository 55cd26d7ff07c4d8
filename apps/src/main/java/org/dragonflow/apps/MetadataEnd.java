package org.dragonflow.apps;

import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;

/** That this chassis has a metadata service and a resolver for its ports, and behind which OpenFlow port. */
record MetadataEnd(Id<MetadataEnd> id, int ofport) implements Entity {
    static final Id<MetadataEnd> ID = Id.of(MetadataEnd.class, "metadata");
}

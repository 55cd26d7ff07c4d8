package org.dragonflow.apps;

import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.SecurityGroup;

/** That a port bound to this chassis carries the security group. */
record AppliedGroup(Id<AppliedGroup> id) implements Entity {
    static Id<AppliedGroup> of(Id<SecurityGroup> group) {
        return Id.of(AppliedGroup.class, group.value());
    }
}

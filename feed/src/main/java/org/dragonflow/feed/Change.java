package org.dragonflow.feed;

import java.util.Optional;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;

/** An entity as it is from now on; absent, if it is gone or no longer concerns the chassis. */
public record Change(Id<?> id, Optional<Entity> after) {
    static Change of(Delta delta) {
        return new Change(delta.id(), delta.after());
    }
}

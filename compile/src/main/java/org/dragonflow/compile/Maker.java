package org.dragonflow.compile;

import org.dragonflow.model.Id;

/** Who made an entry: which rule of which app, for which entity. */
public record Maker(String app, String rule, Id<?> subject) {
    @Override
    public String toString() {
        return "%s/%s for %s %s".formatted(app, rule, subject.type().getSimpleName(), subject);
    }
}

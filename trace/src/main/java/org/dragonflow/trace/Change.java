package org.dragonflow.trace;

import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Field;

/** A field that an action has changed. */
public record Change(Field field, Bits before, Bits after) {
    @Override
    public String toString() {
        return "%s %s -> %s".formatted(field, Notation.of(field, before), Notation.of(field, after));
    }
}

package org.dragonflow.store;

import java.util.Optional;

/** The value of one key before and after a commit; at least one of them is there. */
public record Change(Key key, Optional<Bytes> before, Optional<Bytes> after) {
    public Change {
        if (before.isEmpty() && after.isEmpty()) {
            throw new IllegalArgumentException("%s was not there, and is not".formatted(key));
        }
    }
}

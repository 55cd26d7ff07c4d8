package org.dragonflow.store;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** The store's verdict on a transaction. */
public sealed interface Committed {
    /** It took place, and this is the revision that the store has by it. */
    record At(long revision) implements Committed {}

    /** Nothing changed, because these keys, at least one, were not as expected. */
    record Conflict(Set<Key> keys) implements Committed {
        public Conflict {
            keys = Collections.unmodifiableSet(new LinkedHashSet<>(keys));
        }
    }
}

package org.dragonflow.compile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.dragonflow.model.Query;

/** Which units asked which question. */
final class Readers {
    /** Nearly every question has a reader or two, for whom a list is smaller than a set and no slower. */
    private static final int FEW = 8;

    private final Map<Query<?>, Collection<Unit>> readers = new HashMap<>();

    boolean isEmpty() {
        return readers.isEmpty();
    }

    Collection<Unit> of(Query<?> query) {
        return Collections.unmodifiableCollection(readers.getOrDefault(query, List.of()));
    }

    /** A unit is added to a question once, until it is removed. */
    void add(Query<?> query, Unit unit) {
        var known = readers.computeIfAbsent(query, _ -> new ArrayList<>(1));
        if (known.size() == FEW && known instanceof ArrayList) {
            known = new LinkedHashSet<>(known);
            readers.put(query, known);
        }
        known.add(unit);
    }

    void remove(Query<?> query, Unit unit) {
        var known = readers.get(query);
        if (known != null && known.remove(unit) && known.isEmpty()) {
            readers.remove(query);
        }
    }
}

package org.dragonflow.compile;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dragonflow.model.Entity;

/** A fact and those who say it. It is there as long as anyone says it; where they differ, the first by order is believed. */
final class DerivedEntity {
    private final TreeMap<Unit, Entity> sayings = new TreeMap<>();

    void add(Unit unit, Entity fact) {
        sayings.put(unit, fact);
    }

    void remove(Unit unit) {
        sayings.remove(unit);
    }

    Optional<Entity> current() {
        return Optional.ofNullable(sayings.firstEntry()).map(Map.Entry::getValue);
    }
}

package org.dragonflow.server.neutron;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Schema;
import org.dragonflow.store.Edit;

/** What the server adds to the entities that clients make and change: names, numbers, times. */
final class Mint {
    private static final long MAC_PREFIX = 0xfa16_3e00_0000L;
    private static final int MAC_BITS = 24;

    private final InstantSource clock;
    private final RandomGenerator random;

    Mint(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** Makes an entity of values that lack only what every entity has. */
    <E extends Entity> E create(Edit edit, Class<E> type, Values values) {
        var schema = Schema.of(type);
        values.putIfAbsent("id", Id.of(type, UUID.randomUUID().toString()));
        if (isCounted(schema)) {
            var now = clock.instant();
            values.put("created_at", now).put("updated_at", now).put("revision_number", 1L);
        }
        return edit.create(schema.make(values.map()));
    }

    /** Replaces the entity by one that has these values. */
    <E extends Entity> E change(Edit edit, E before, Map<String, Object> values) {
        var schema = Schema.of(before);
        var changed = new Values(values);
        if (isCounted(schema)) {
            changed.put("updated_at", clock.instant())
                    .put("revision_number", (Long) schema.get(before, "revision_number") + 1);
        }
        return edit.replace(schema.with(before, changed.map()));
    }

    /** Whether its entities say when they were made and changed, and how often. */
    static boolean isCounted(Schema<?> schema) {
        return schema.attribute("revision_number").isPresent();
    }

    /** Counts a change of what belongs to the entity as one of its own; of two who do so at a time, one has to look again. */
    <E extends Entity> E touch(Edit edit, E entity) {
        return change(edit, entity, Map.of());
    }

    /** Gives a new entity its number in flows: by chance, and the claim to it decides. */
    void number(Values values, int largest) {
        values.putIfAbsent("key", 1 + random.nextInt(largest));
    }

    Instant now() {
        return clock.instant();
    }

    /** A number by chance, from zero. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    Mac mac() {
        return new Mac(MAC_PREFIX | random.nextInt(1 << MAC_BITS));
    }
}

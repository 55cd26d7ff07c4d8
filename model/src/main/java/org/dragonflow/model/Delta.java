package org.dragonflow.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One entity before and after a change: empty before is a create, empty after a delete.
 *
 * @param id whose change it is
 */
public record Delta(Id<?> id, Optional<Entity> before, Optional<Entity> after) {
    public Delta {
        before.ifPresent(e -> check(id, e));
        after.ifPresent(e -> check(id, e));
    }

    private static void check(Id<?> id, Entity entity) {
        if (!entity.id().equals(id)) {
            throw new IllegalArgumentException("a change of %s cannot hold %s".formatted(id, entity));
        }
    }

    public static Delta create(Entity entity) {
        return new Delta(entity.id(), Optional.empty(), Optional.of(entity));
    }

    public static Delta replace(Entity before, Entity after) {
        return new Delta(after.id(), Optional.of(before), Optional.of(after));
    }

    public static Delta delete(Entity entity) {
        return new Delta(entity.id(), Optional.of(entity), Optional.empty());
    }

    /** Whether anything is different afterwards. */
    public boolean isChange() {
        return !before.equals(after);
    }

    /** This change and then a later one of the same entity, as one. */
    public Delta then(Delta later) {
        return new Delta(id, before, later.after);
    }

    /** Every question whose answer this change may have altered. */
    public List<Query<?>> touched() {
        var touched = new ArrayList<Query<?>>();
        before.ifPresent(e -> touched.addAll(Indexes.queries(e)));
        after.ifPresent(e ->
                Indexes.queries(e).stream().filter(q -> !touched.contains(q)).forEach(touched::add));
        return touched;
    }
}

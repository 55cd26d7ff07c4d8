package org.dragonflow.model;

import java.util.List;
import java.util.Optional;

/**
 * A question that an index answers: all entities of a type among whose values of {@code column} is {@code value}.
 *
 * @param column an indexed attribute of the type, under its wire name; empty asks for all
 */
public record Query<E extends Entity>(Class<E> type, String column, Object value) {

    public static <E extends Entity> Query<E> all(Class<E> type) {
        return new Query<>(type, "", "");
    }

    public static <E extends Entity> Query<E> byId(Id<E> id) {
        return new Query<>(id.type(), "id", id);
    }

    /** Refuses a column that has no index: such a question could not be answered quickly. */
    public static <E extends Entity> Query<E> by(Class<E> type, String column, Object value) {
        if (!Indexes.of(type).names().contains(column)) {
            throw new IllegalArgumentException("%s has no index on %s; it has %s"
                    .formatted(type.getSimpleName(), column, Indexes.of(type).names()));
        }
        return new Query<>(type, column, value);
    }

    /** Every question that the entity is an answer to. */
    public static List<Query<?>> answeredBy(Entity entity) {
        return Indexes.queries(entity);
    }

    /** The question, if there is an index that answers it. */
    public static <E extends Entity> Optional<Query<E>> maybeBy(Class<E> type, String column, Object value) {
        return Indexes.of(type).names().contains(column)
                ? Optional.of(new Query<>(type, column, value))
                : Optional.empty();
    }

    @Override
    public int hashCode() {
        return (31 * type.getName().hashCode() + column.hashCode()) * 0x9e37_79b9 ^ value.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Query<?>(var otherType, var otherColumn, var otherValue)
                && type == otherType
                && column.equals(otherColumn)
                && value.equals(otherValue);
    }

    @Override
    public String toString() {
        return column.isEmpty()
                ? "every " + type.getSimpleName()
                : "%s with %s %s".formatted(type.getSimpleName(), column, value);
    }
}

package org.dragonflow.ovsdb;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A row, with those of its columns that were asked for; a column that is absent or of another type reads as empty. */
public record Row(UUID uuid, Map<String, Value> columns) {

    public Row {
        columns = Map.copyOf(columns);
    }

    /** The value of a column as it is; the empty set if the row has no such column. */
    public Value value(String column) {
        return columns.getOrDefault(column, Value.SetOf.EMPTY);
    }

    public Optional<String> text(String column) {
        return texts(column).findFirst();
    }

    public Set<String> textSet(String column) {
        return texts(column).collect(Collectors.toUnmodifiableSet());
    }

    public Optional<Long> whole(String column) {
        return atoms(column, Value.Whole.class).map(Value.Whole::value).findFirst();
    }

    public Set<UUID> refs(String column) {
        return atoms(column, Value.Ref.class).map(Value.Ref::uuid).collect(Collectors.toUnmodifiableSet());
    }

    /** The pairs of strings in a column that holds a map. */
    public Map<String, String> map(String column) {
        return value(column) instanceof Value.MapOf(var entries)
                ? entries.entrySet().stream()
                        .filter(entry -> entry.getKey() instanceof Value.Text && entry.getValue() instanceof Value.Text)
                        .collect(Collectors.toUnmodifiableMap(
                                entry -> ((Value.Text) entry.getKey()).value(),
                                entry -> ((Value.Text) entry.getValue()).value()))
                : Map.of();
    }

    private Stream<String> texts(String column) {
        return atoms(column, Value.Text.class).map(Value.Text::value);
    }

    private <A extends Value.Atom> Stream<A> atoms(String column, Class<A> type) {
        return value(column).atoms().stream().filter(type::isInstance).map(type::cast);
    }
}

package org.dragonflow.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A record inside an entity as a client gave it, with those of its {@link Filled} attributes left out that the server is to find.
 *
 * <p>What a client gives for a record that has such attributes is always a partial one, also when nothing is left out.
 *
 * @param values typed, by wire name
 */
public record Partial(Structure structure, Map<String, Object> values) {
    public Partial {
        values = Map.copyOf(values);
    }

    /** The value of the attribute, if it was given. */
    public Optional<Object> get(String attribute) {
        return Optional.ofNullable(values.get(attribute));
    }

    /** The same with this attribute given. */
    public Partial with(String attribute, Object value) {
        var more = new LinkedHashMap<>(values);
        more.put(attribute, value);
        return new Partial(structure, more);
    }

    /** The record; an {@link IllegalArgumentException} names what is still missing. */
    public <R extends Record> R whole(Class<R> type) {
        return type.cast(structure.make(values));
    }

    /** As clients write filters: {@code ip_address=10.0.0.5}. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
    }
}

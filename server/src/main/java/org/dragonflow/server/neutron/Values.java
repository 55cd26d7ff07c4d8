package org.dragonflow.server.neutron;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Typed values of attributes, by wire name: what a client gave, and what the server adds until the entity is whole. */
final class Values {
    private final Map<String, Object> values;

    Values(Map<String, Object> values) {
        this.values = new LinkedHashMap<>(values);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value if it was given. */
    <T> Optional<T> find(String name, Class<T> type) {
        return Optional.ofNullable(values.get(name)).map(type::cast);
    }

    <T> T get(String name, Class<T> type) {
        return find(name, type).orElseThrow(() -> new IllegalStateException("%s was not given".formatted(name)));
    }

    /** The value of a nullable attribute; empty if it was not given, or is null. */
    <T> Optional<T> nullable(String name, Class<T> type) {
        return find(name, Optional.class).flatMap(value -> ((Optional<?>) value).map(type::cast));
    }

    /** The elements of a list; none if it was not given. */
    <T> List<T> list(String name, Class<T> type) {
        return find(name, List.class)
                .map(list -> ((List<?>) list).stream().map(type::cast).toList())
                .orElse(List.of());
    }

    /** Sets the value, whatever it was. */
    Values put(String name, Object value) {
        values.put(name, value);
        return this;
    }

    Values putIfAbsent(String name, Object value) {
        values.putIfAbsent(name, value);
        return this;
    }

    Map<String, Object> map() {
        return values;
    }
}

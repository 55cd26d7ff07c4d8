package org.dragonflow.model;

import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The attributes of a record type in order, and how its instances are taken apart and made. */
public final class Structure {
    private final Class<? extends Record> type;
    private final List<Attribute> attributes;
    private final Map<String, Integer> positions = new LinkedHashMap<>();
    private final Getter[] getters;
    private final MethodHandle constructor;

    /** @param constructor takes an array of the attributes' values, and gives an object */
    Structure(
            Class<? extends Record> type, List<Attribute> attributes, List<Getter> getters, MethodHandle constructor) {
        this.type = type;
        this.attributes = List.copyOf(attributes);
        this.getters = getters.toArray(Getter[]::new);
        this.constructor = constructor;
        for (int i = 0; i < attributes.size(); i++) {
            positions.put(attributes.get(i).name(), i);
            for (var alias : attributes.get(i).aliases()) {
                positions.put(alias, i);
            }
        }
    }

    public Class<? extends Record> type() {
        return type;
    }

    public List<Attribute> attributes() {
        return attributes;
    }

    /** The attribute of this name or alias. */
    public Optional<Attribute> attribute(String name) {
        return Optional.ofNullable(positions.get(name)).map(attributes::get);
    }

    /** Whether a client may leave out parts of an instance for the server to find. */
    public boolean isFilled() {
        return attributes.stream().anyMatch(Attribute::filled);
    }

    Getter getter(String name) {
        var position = positions.get(name);
        if (position == null) {
            throw new IllegalArgumentException("%s has no attribute %s".formatted(type.getSimpleName(), name));
        }
        return getters[position];
    }

    Object get(Object record, int position) {
        return getters[position].get(record);
    }

    /** An instance of typed values, which are in the order of the attributes. */
    Record make(@Nullable Object[] values) {
        try {
            return (Record) constructor.invokeExact(values);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a constructor threw a checked exception", e);
        }
    }

    /** An instance of typed values by name; one that is missing takes its fallback, or is refused, as unknown ones are. */
    Record make(Map<String, Object> typed) {
        var values = new @Nullable Object[attributes.size()];
        for (int i = 0; i < values.length; i++) {
            var value = typed.get(attributes.get(i).name());
            values[i] = value == null ? attributes.get(i).fallback().orElse(null) : value;
        }
        check(typed, values);
        return make(values);
    }

    /** A copy in which some typed values are replaced. */
    Record with(Record record, Map<String, Object> typed) {
        var values = new @Nullable Object[attributes.size()];
        for (int i = 0; i < values.length; i++) {
            var replacement = typed.get(attributes.get(i).name());
            values[i] = replacement == null ? getters[i].get(record) : replacement;
        }
        check(typed, values);
        return make(values);
    }

    private void check(Map<String, Object> typed, @Nullable Object[] values) {
        for (var name : typed.keySet()) {
            var position = positions.get(name);
            if (position == null || !attributes.get(position).name().equals(name)) {
                throw new IllegalArgumentException("%s has no attribute %s".formatted(type.getSimpleName(), name));
            }
        }
        var wrong = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < values.length; i++) {
            var value = values[i];
            if (value == null || !attributes.get(i).shape().holds(value)) {
                wrong.put(attributes.get(i).name(), value);
            }
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(
                    "a %s cannot be made: missing or of the wrong type are %s".formatted(type.getSimpleName(), wrong));
        }
    }

    @Override
    public String toString() {
        return type.getSimpleName();
    }
}

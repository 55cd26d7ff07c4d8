package org.dragonflow.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns typed values into JSON. */
final class Writing {
    private Writing() {}

    /** As the store keeps it: every attribute under its name. */
    static Map<String, Object> store(Structure structure, Object record) {
        var json = new LinkedHashMap<String, Object>(structure.attributes().size() * 2);
        for (int i = 0; i < structure.attributes().size(); i++) {
            var attribute = structure.attributes().get(i);
            json.put(attribute.name(), json(attribute.shape(), structure.get(record, i), false));
        }
        return Collections.unmodifiableMap(json);
    }

    /** As a client sees it. */
    static Map<String, Object> show(Structure structure, Object record) {
        var json = new LinkedHashMap<String, Object>(structure.attributes().size() * 2);
        for (int i = 0; i < structure.attributes().size(); i++) {
            var attribute = structure.attributes().get(i);
            if (!attribute.isHidden()) {
                var value = structure.get(record, i);
                var shown = value.equals(Optional.empty())
                        ? attribute.absent().json()
                        : json(attribute.shape(), value, true);
                json.put(attribute.name(), shown);
                for (var alias : attribute.aliases()) {
                    json.put(alias, shown);
                }
            }
        }
        return Collections.unmodifiableMap(json);
    }

    private static @Nullable Object json(Shape shape, Object value, boolean forClient) {
        return switch (shape) {
            case Shape.Text _, Shape.Whole _, Shape.Truth _, Shape.Json _ -> value;
            case Shape.Choice _, Shape.Address _, Shape.Prefix _, Shape.HardwareAddress _, Shape.Name _ ->
                value.toString();
            case Shape.Time _ -> (forClient ? ((Instant) value).truncatedTo(ChronoUnit.SECONDS) : value).toString();
            case Shape.Limited limited -> json(limited.of(), value, forClient);
            case Shape.Maybe(var of) -> {
                var maybe = (Optional<?>) value;
                yield maybe.isEmpty() ? null : json(of, maybe.get(), forClient);
            }
            case Shape.Many many -> {
                var list = (List<?>) value;
                var json = new ArrayList<@Nullable Object>(list.size());
                for (var element : list) {
                    json.add(json(many.of(), element, forClient));
                }
                yield Collections.unmodifiableList(json);
            }
            case Shape.Nested(var structure) -> forClient ? show(structure, value) : store(structure, value);
        };
    }
}

package org.dragonflow.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a client wants an entity to be, when it is made or later. */
record Request(Structure structure, boolean isCreate) {

    Decoded<Map<String, Object>> read(Map<String, ?> body) {
        var reading = new Reading(Reading.From.CLIENT);
        var typed = new LinkedHashMap<String, Object>();
        for (var attribute : structure.attributes()) {
            var name = given(attribute, body, reading);
            if (name.isPresent()) {
                give(attribute, body, name.get(), reading, typed);
            } else if (isCreate) {
                leaveOut(attribute, reading, typed);
            }
        }
        for (var key : body.keySet()) {
            if (structure.attribute(String.valueOf(key)).isEmpty()) {
                reading.refuseUnknown(key);
            }
        }
        return reading.result(() -> typed);
    }

    /** The name under which the body has the attribute; two that disagree are a problem. */
    private static Optional<String> given(Attribute attribute, Map<String, ?> body, Reading reading) {
        var first = body.containsKey(attribute.name()) ? Optional.of(attribute.name()) : Optional.<String>empty();
        for (var alias : attribute.aliases()) {
            if (body.containsKey(alias)) {
                if (first.isPresent() && !agree(body.get(first.get()), body.get(alias))) {
                    reading.refuse(
                            Problem.Kind.INVALID, alias, "'%s' and '%s' do not match".formatted(first.get(), alias));
                }
                first = first.or(() -> Optional.of(alias));
            }
        }
        return first;
    }

    // Not equals for all: of values that nest deeply, it would overflow the stack.
    private static boolean agree(@Nullable Object one, @Nullable Object other) {
        return one instanceof String text ? text.equals(other) : one == null && other == null;
    }

    private void give(
            Attribute attribute, Map<String, ?> body, String name, Reading reading, Map<String, Object> typed) {
        if (isWritable(attribute)) {
            reading.attribute(attribute, body.get(name)).ifPresent(value -> typed.put(attribute.name(), value));
        } else {
            reading.refuse(
                    Problem.Kind.READ_ONLY,
                    name,
                    (isCreate ? "Attribute '%s' not allowed in POST" : "Cannot update read-only attribute %s")
                            .formatted(name));
        }
    }

    private void leaveOut(Attribute attribute, Reading reading, Map<String, Object> typed) {
        if (attribute.isRequired()) {
            reading.refuseMissing(attribute);
        } else if (attribute.otherwise().isPresent()
                || !attribute.filled() && attribute.writer() != Access.Writer.SERVER) {
            attribute.fallback().ifPresent(value -> typed.put(attribute.name(), value));
        }
    }

    private boolean isWritable(Attribute attribute) {
        return switch (attribute.writer()) {
            case CLIENT -> true;
            case CLIENT_ON_CREATE -> isCreate;
            case CLIENT_ON_UPDATE -> !isCreate;
            case SERVER -> false;
        };
    }
}

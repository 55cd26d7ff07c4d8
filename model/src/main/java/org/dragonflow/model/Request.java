package org.dragonflow.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a client wants an entity to be, when it is made or later. */
record Request(Structure structure, Access.Writer as, boolean isCreate) {

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
        switch (permission(attribute)) {
            case READ_ONLY ->
                reading.refuse(
                        Problem.Kind.READ_ONLY,
                        name,
                        (isCreate ? "Attribute '%s' not allowed in POST" : "Cannot update read-only attribute %s")
                                .formatted(name));
            case FORBIDDEN -> {
                // As in Neutron, saying what is so anyway is not yet writing.
                var value = reading.attribute(attribute, body.get(name));
                if (isCreate && value.isPresent() && value.equals(attribute.fallback())) {
                    typed.put(attribute.name(), value.get());
                } else if (value.isPresent()) {
                    reading.refuse(
                            Problem.Kind.FORBIDDEN,
                            name,
                            "(rule:%s:%s) is disallowed by policy".formatted(rule(), name));
                }
            }
            case ALLOWED -> reading.attribute(attribute, body.get(name)).ifPresent(v -> typed.put(attribute.name(), v));
        }
    }

    private String rule() {
        var resource = structure.type().getAnnotation(Resource.class);
        return (isCreate ? "create_" : "update_")
                + (resource == null ? Names.snake(structure.type().getSimpleName()) : resource.singular());
    }

    private void leaveOut(Attribute attribute, Reading reading, Map<String, Object> typed) {
        if (attribute.isRequired()) {
            reading.refuseMissing(attribute);
        } else if (attribute.otherwise().isPresent()
                || !attribute.filled() && attribute.writer() != Access.Writer.SERVER) {
            attribute.fallback().ifPresent(value -> typed.put(attribute.name(), value));
        }
    }

    private enum Permission {
        ALLOWED,
        FORBIDDEN,
        READ_ONLY
    }

    private Permission permission(Attribute attribute) {
        return switch (as) {
            case SERVER -> Permission.ALLOWED;
            case ADMIN, ADMIN_ON_CREATE ->
                switch (attribute.writer()) {
                    case CLIENT, ADMIN -> Permission.ALLOWED;
                    case CLIENT_ON_CREATE, ADMIN_ON_CREATE -> onCreate(Permission.ALLOWED);
                    case SERVER -> Permission.READ_ONLY;
                };
            case CLIENT, CLIENT_ON_CREATE ->
                switch (attribute.writer()) {
                    case CLIENT -> Permission.ALLOWED;
                    case CLIENT_ON_CREATE -> onCreate(Permission.ALLOWED);
                    case ADMIN -> Permission.FORBIDDEN;
                    case ADMIN_ON_CREATE -> onCreate(Permission.FORBIDDEN);
                    case SERVER -> Permission.READ_ONLY;
                };
        };
    }

    private Permission onCreate(Permission permission) {
        return isCreate ? permission : Permission.READ_ONLY;
    }
}

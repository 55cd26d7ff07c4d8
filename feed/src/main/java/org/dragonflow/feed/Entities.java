package org.dragonflow.feed;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dragonflow.model.Decoded;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Schemas;

/** Entities as they are on the wire: as in the store, under the name of their type. */
final class Entities {
    private static final Map<String, Schema<?>> SCHEMAS =
            Schemas.all().collect(Collectors.toMap(schema -> schema.type().getSimpleName(), Function.identity()));

    private Entities() {}

    static String type(Id<?> id) {
        return id.type().getSimpleName();
    }

    static Map<String, Object> encode(Entity entity) {
        return Schema.of(entity).encode(entity);
    }

    /** The type of this name; empty if it is from a newer version. */
    static Optional<Schema<?>> schema(String type) {
        return Optional.ofNullable(SCHEMAS.get(type));
    }

    static <E extends Entity> E decode(Schema<E> schema, Json json) throws Refused {
        return switch (schema.decode(json.members())) {
            case Decoded.Ok<E>(var entity) -> entity;
            case Decoded.Bad<E>(var problems) ->
                throw new Refused(
                        Reason.MALFORMED, "a %s: %s".formatted(schema.type().getSimpleName(), problems));
        };
    }
}

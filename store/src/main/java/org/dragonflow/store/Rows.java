package org.dragonflow.store;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dragonflow.model.Claim;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Recurring;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Schemas;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * How entities and what guards them are kept as rows.
 *
 * <p>An entity is JSON, under its type and id. A claim is a row that only one entity can hold. A marker of an entity is written by everybody
 * who comes to refer to it, so that whoever deletes the entity notices. A marker of a name is written by all who take turns.
 */
final class Rows {
    private static final Logger LOG = LoggerFactory.getLogger(Rows.class);
    private static final String CLAIM = "claim";
    private static final String MARKER = "referrers";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final Map<String, Schema<?>> SCHEMAS =
            Schemas.all().collect(Collectors.toMap(schema -> name(schema.type()), schema -> schema));

    private Rows() {}

    static Key key(Id<?> id) {
        return new Key(name(id.type()), id.value());
    }

    static Key marker(Id<?> id) {
        return new Key(MARKER, name(id.type()) + " " + id.value());
    }

    /** The marker of something that has a name and is no entity. */
    static Key marker(String name) {
        return new Key(MARKER, name);
    }

    static Key claim(Class<?> type, Claim claim) {
        var values = claim.values().stream().map(Object::toString).collect(Collectors.joining(" "));
        return new Key(CLAIM, name(type) + " " + String.join(",", claim.constraint()) + " " + values);
    }

    static Bytes value(Entity entity) {
        return Bytes.of(JSON.writeValueAsBytes(Schema.of(entity).encode(entity)));
    }

    /** Whose row this is, if it is an entity's. */
    static Optional<Id<?>> id(Key key) {
        return Optional.ofNullable(SCHEMAS.get(key.type())).map(schema -> Id.of(schema.type(), key.id()));
    }

    /** Whether the replica keeps the revision of the row. */
    static boolean isWatched(Key key) {
        return key.type().equals(MARKER) || SCHEMAS.containsKey(key.type());
    }

    /** The entity that the row holds; empty if it holds none, or none that can be read, which is logged. */
    static Optional<Entity> entity(Key key, Bytes value, Recurring recurring) {
        var schema = SCHEMAS.get(key.type());
        if (schema == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(schema.decode(JSON.readValue(value.toArray(), OBJECT), recurring)
                    .orThrow());
        } catch (JacksonException | IllegalArgumentException e) {
            LOG.error("{} in the store cannot be read, and is as if it were not there: {}", key, e.getMessage());
            return Optional.empty();
        }
    }

    private static String name(Class<?> type) {
        return type.getSimpleName();
    }
}

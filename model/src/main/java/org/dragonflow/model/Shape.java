package org.dragonflow.model;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;

/** What the values of an attribute look like, in Java and as JSON. */
public sealed interface Shape {
    /** Whether the Java value is of this shape; bounds are not looked at. */
    default boolean holds(Object value) {
        return switch (this) {
            case Text _ -> value instanceof String;
            case Whole whole -> whole.wide() ? value instanceof Long : value instanceof Integer;
            case Truth _ -> value instanceof Boolean;
            case Choice choice -> choice.type().isInstance(value);
            case Name name -> value instanceof Id<?> id && id.type() == name.target();
            case Address _ -> value instanceof IpAddress;
            case Prefix _ -> value instanceof IpPrefix;
            case HardwareAddress _ -> value instanceof Mac;
            case Time _ -> value instanceof Instant;
            case Json _ -> value instanceof Map<?, ?>;
            case Limited limited -> limited.of().holds(value);
            case Maybe(var of) -> value instanceof Optional<?> maybe && (maybe.isEmpty() || of.holds(maybe.get()));
            case Many many -> value instanceof List<?> list && list.stream().allMatch(many.of()::holds);
            case Nested(var structure) -> structure.type().isInstance(value);
        };
    }

    /** Both bounds are inclusive. */
    record Bounds(long min, long max) {
        /** The length of a text that does not say otherwise. */
        static final Bounds TEXT = new Bounds(0, 255);

        /** The length of a name that is no UUID. */
        static final Bounds NAME = new Bounds(1, 255);

        /** The length of a list that does not say otherwise. */
        static final Bounds LIST = new Bounds(0, 1_000);

        boolean contain(long value) {
            return min <= value && value <= max;
        }
    }

    /** A {@code String} of a length. */
    record Text(Bounds length) implements Shape {}

    /** An {@code Integer} or, if wide, a {@code Long}. */
    record Whole(boolean wide, Bounds bounds) implements Shape {}

    /** A {@code Boolean}. */
    record Truth() implements Shape {}

    /** A constant of an enum, by its text. */
    record Choice(Class<? extends Enum<?>> type, Map<String, Enum<?>> constants) implements Shape {
        static Choice of(Class<? extends Enum<?>> type) {
            var constants = new LinkedHashMap<String, Enum<?>>();
            for (var constant : type.getEnumConstants()) {
                constants.put(constant.toString(), constant);
            }
            return new Choice(type, constants);
        }
    }

    /** An {@link Id}; a UUID where clients make the target. */
    record Name(Class<? extends Entity> target) implements Shape {
        public boolean isUuid() {
            return target.isAnnotationPresent(Resource.class);
        }
    }

    /** An {@code IpAddress}. */
    record Address() implements Shape {}

    /** An {@code IpPrefix}; also an address alone, or with bits past the length, from a client. */
    record Prefix(boolean alone, boolean inside) implements Shape {}

    /** A {@code Mac}. */
    record HardwareAddress() implements Shape {}

    /** An {@code Instant}. */
    record Time() implements Shape {}

    /** A {@code Map} of any JSON. */
    record Json() implements Shape {}

    /** One of a few values of a text or number. */
    record Limited(Shape of, List<Object> values) implements Shape {}

    /** An {@code Optional}; absent is null, or {@code absent}, on the wire. */
    record Maybe(Shape of) implements Shape {}

    /** A {@code List}; {@code distinct} is what may not repeat, with an empty text for the elements themselves. */
    record Many(Shape of, Bounds length, Optional<String> distinct) implements Shape {}

    /** A record inside an entity. */
    record Nested(Structure structure) implements Shape {}
}

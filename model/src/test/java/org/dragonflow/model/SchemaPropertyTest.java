package org.dragonflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every northbound type and every value. */
class SchemaPropertyTest {
    private static final int INSTANCES = 500;
    private static final int BODIES = 2_000;

    static Stream<Schema<?>> types() {
        return Schemas.all();
    }

    private static <E extends Entity> void forEach(Schema<E> schema, Consumer<E> property) {
        LongStream.range(0, INSTANCES).forEach(seed -> property.accept(new Instances(seed).next(schema)));
    }

    @ParameterizedTest
    @MethodSource("types")
    <E extends Entity> void anEntityComesBackFromTheStoreAsItWas(Schema<E> schema) {
        forEach(schema, entity -> {
            assertThat(schema.decode(schema.encode(entity))).isEqualTo(new Decoded.Ok<>(entity));
            assertThat(schema.decode(reread(schema.encode(entity)))).isEqualTo(new Decoded.Ok<>(entity));
        });
    }

    /** The same JSON as another parser would give it: in other number types, other maps and other lists. */
    private static Map<String, @Nullable Object> reread(Map<?, ?> json) {
        var other = new LinkedHashMap<String, @Nullable Object>();
        json.forEach((key, value) -> other.put((String) key, reread(value)));
        return other;
    }

    private static @Nullable Object reread(@Nullable Object json) {
        return switch (json) {
            case null -> null;
            case Map<?, ?> map -> reread(map);
            case List<?> list -> {
                var other = new ArrayList<@Nullable Object>();
                list.forEach(element -> other.add(reread(element)));
                yield other;
            }
            case Integer i -> i.longValue();
            case Long l -> BigInteger.valueOf(l);
            default -> json;
        };
    }

    @ParameterizedTest
    @MethodSource("types")
    <E extends Entity> void nobodySeesWhatTheControllerKeepsToItself(Schema<E> schema) {
        forEach(schema, entity -> {
            var shown = schema.show(entity);
            for (var attribute : schema.attributes()) {
                assertThat(shown.containsKey(attribute.name())).isNotEqualTo(attribute.isHidden());
                for (var alias : attribute.aliases()) {
                    assertThat(shown.get(alias)).isEqualTo(shown.get(attribute.name()));
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("types")
    <E extends Entity> void whatIsStoredCouldHaveBeenAskedFor(Schema<E> schema) {
        forEach(schema, entity -> {
            var onlyOurs = schema.attributes().stream()
                    .filter(attribute -> attribute.writer() == Access.Writer.SERVER)
                    .map(Attribute::name)
                    .toList();
            var later = schema.attributes().stream()
                    .filter(attribute -> attribute.writer() == Access.Writer.CLIENT_ON_UPDATE)
                    .map(Attribute::name)
                    .toList();
            var body = new LinkedHashMap<>(schema.encode(entity));
            var change = new LinkedHashMap<>(body);
            body.keySet().removeAll(onlyOurs);
            body.keySet().removeAll(later);
            change.keySet().retainAll(later);
            var typed = new LinkedHashMap<>(schema.create(body).orThrow());
            typed.putAll(schema.update(change).orThrow());
            typed.keySet().removeAll(onlyOurs);
            assertThat(schema.with(entity, whole(schema, typed))).isEqualTo(entity);
        });
    }

    private static Map<String, Object> whole(Schema<?> schema, Map<String, Object> typed) {
        var whole = new LinkedHashMap<String, Object>();
        schema.attributes()
                .forEach(attribute -> Optional.ofNullable(typed.get(attribute.name()))
                        .ifPresent(value -> whole.put(attribute.name(), whole(value))));
        return whole;
    }

    /** The value with records in place of partial ones, at any depth. */
    private static Object whole(Object value) {
        return switch (value) {
            case List<?> list -> list.stream().map(SchemaPropertyTest::whole).toList();
            case Optional<?> maybe -> maybe.map(SchemaPropertyTest::whole);
            case Partial partial -> {
                var parts = partial;
                for (var part : partial.values().entrySet()) {
                    parts = parts.with(part.getKey(), whole(part.getValue()));
                }
                yield parts.whole(Record.class);
            }
            default -> value;
        };
    }

    @ParameterizedTest
    @MethodSource("types")
    <E extends Entity> void noBodyIsTooBadToBeAnswered(Schema<E> schema) {
        var structure = new Declaration().entity(schema.type().asSubclass(Record.class));
        for (int seed = 0; seed < BODIES; seed++) {
            var body = new Instances(seed).body(structure);
            var mixed = new LinkedHashMap<String, @Nullable Object>(schema.encode(new Instances(seed).next(schema)));
            mixed.putAll(body);
            assertThatCode(() -> {
                        check(schema.create(body));
                        check(schema.update(body));
                        check(schema.create(mixed));
                        check(schema.decode(body));
                        check(schema.decode(mixed));
                    })
                    .as("seed " + seed)
                    .doesNotThrowAnyException();
        }
    }

    private static void check(Decoded<?> decoded) {
        if (decoded instanceof Decoded.Bad<?>(var problems)) {
            assertThat(problems)
                    .hasSizeLessThanOrEqualTo(100)
                    .allMatch(p -> p.text().length() < 2_000);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    <E extends Entity> void aTypedFilterFindsWhatItWasMadeFrom(Schema<E> schema) {
        forEach(schema, entity -> {
            for (var attribute : schema.attributes()) {
                var shown = schema.encode(entity).get(attribute.name());
                if (!attribute.isHidden()
                        && attribute.nested().isEmpty()
                        && shown instanceof String text
                        && !text.isEmpty()) {
                    var wanted =
                            schema.parseFilter(attribute.name(), List.of(text)).orThrow();
                    assertThat(schema.matches(entity, attribute.name(), wanted)).isTrue();
                }
            }
        });
    }
}

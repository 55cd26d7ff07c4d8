package org.dragonflow.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of an entity type, read off its record: its attributes, how it is stored, what clients may say and see of it, what it
 * refers to, and what it claims for itself.
 *
 * <p>JSON is plain Java here: ordered maps, {@code List}, {@code String}, whole numbers, {@code BigDecimal}, {@code Boolean} and null. A
 * <em>typed</em> value is what the record component holds, an {@code Optional} for a nullable one, except that a client's value for a
 * record with {@link Filled} attributes is a {@link Partial}.
 */
public final class Schema<E extends Entity> {
    private static final ClassValue<Schema<?>> ALL = new ClassValue<>() {
        @Override
        protected Schema<?> computeValue(Class<?> type) {
            return new Schema<>(type.asSubclass(Entity.class));
        }
    };

    private final Class<E> type;
    private final Structure structure;
    private final List<Path> references = new ArrayList<>();
    private final List<Constraint> constraints = new ArrayList<>();

    private Schema(Class<E> type) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException(type + " is not a record");
        }
        this.type = type;
        var declaration = new Declaration();
        this.structure = declaration.entity(type.asSubclass(Record.class));
        for (var unique : type.getAnnotationsByType(Unique.class)) {
            var paths = new ArrayList<Path>();
            for (var name : unique.value()) {
                path(name)
                        .ifPresentOrElse(
                                paths::add,
                                () -> declaration.fault(
                                        type.getSimpleName(), "has no attribute %s to be unique".formatted(name)));
            }
            constraints.add(new Constraint(Arrays.asList(unique.value()), paths));
        }
        Declaration.check(declaration);
        collectReferences("", structure, List.of());
    }

    /** The schema of a type; an {@link IllegalArgumentException} names every fault of its declaration. */
    @SuppressWarnings("unchecked") // the schema of a class is one of its entities
    public static <E extends Entity> Schema<E> of(Class<E> type) {
        return (Schema<E>) ALL.get(type);
    }

    /** The schema of an entity's type. */
    @SuppressWarnings("unchecked") // an entity is an instance of its own class
    public static <E extends Entity> Schema<E> of(E entity) {
        return of((Class<E>) entity.getClass());
    }

    private Optional<Path> path(String name) {
        int dot = name.indexOf('.');
        var outer = structure.attribute(dot < 0 ? name : name.substring(0, dot));
        if (outer.isEmpty()) {
            return Optional.empty();
        }
        var getter = structure.getter(outer.get().name());
        if (dot < 0) {
            return Optional.of(new Path(name, outer.get(), List.of(getter)));
        }
        return outer.get()
                .nestedStructure()
                .flatMap(inner -> inner.attribute(name.substring(dot + 1))
                        .map(a -> new Path(name, a, List.of(getter, inner.getter(a.name())))));
    }

    private void collectReferences(String prefix, Structure from, List<Getter> path) {
        for (var attribute : from.attributes()) {
            var getters = new ArrayList<>(path);
            getters.add(from.getter(attribute.name()));
            if (attribute.promise().isPresent()) {
                references.add(new Path(prefix + attribute.name(), attribute, List.copyOf(getters)));
            }
            attribute.nestedStructure().ifPresent(n -> collectReferences(prefix + attribute.name() + ".", n, getters));
        }
    }

    public Class<E> type() {
        return type;
    }

    /** What clients call it; empty for what is the controller's own. */
    public Optional<Resource> resource() {
        return Optional.ofNullable(type.getAnnotation(Resource.class));
    }

    /** Where clients find it, such as {@code /v2.0/security-groups} or {@code /v2.0/qos/policies/{parent}/dscp_marking_rules}. */
    public String path() {
        var resource =
                resource().orElseThrow(() -> new IllegalStateException(type.getSimpleName() + " is not for clients"));
        return parent().map(above -> above.path() + "/{parent}/" + resource.plural())
                .orElseGet(() -> "/v2.0/"
                        + (resource.path().isEmpty() ? resource.plural().replace('_', '-') : resource.path()));
    }

    /** What it belongs to, if clients find it below something. */
    public Optional<Schema<?>> parent() {
        return resource()
                .<Class<? extends Entity>>map(Resource::parent)
                .filter(above -> above != Entity.class)
                .map(Schema::of);
    }

    public String doc() {
        return type.getAnnotation(Doc.class).value();
    }

    public List<Attribute> attributes() {
        return structure.attributes();
    }

    /** The attribute of this wire name or alias. */
    public Optional<Attribute> attribute(String name) {
        return structure.attribute(name);
    }

    /** The JSON that the store keeps: every attribute, also what nobody may read, and no aliases. */
    public Map<String, Object> encode(E entity) {
        return Writing.store(structure, entity);
    }

    /**
     * The entity that {@link #encode} made the JSON of. A missing attribute takes its {@link Otherwise}, or is absent or empty if it can
     * be, so that a store written by an older version can be read; an unknown one is a problem.
     */
    public Decoded<E> decode(Map<String, ?> json) {
        return decode(json, Recurring.NOTHING);
    }

    /** The same, where values that recur are kept once: for who keeps many entities. */
    public Decoded<E> decode(Map<String, ?> json, Recurring recurring) {
        var reading = new Reading(Reading.From.STORE, recurring);
        var attributes = structure.attributes();
        var values = new @Nullable Object[attributes.size()];
        int known = 0;
        for (int i = 0; i < values.length; i++) {
            var attribute = attributes.get(i);
            if (json.containsKey(attribute.name())) {
                known++;
                values[i] =
                        reading.attribute(attribute, json.get(attribute.name())).orElse(null);
            } else {
                values[i] = attribute.fallback().orElse(null);
                if (values[i] == null) {
                    reading.refuseMissing(attribute);
                }
            }
        }
        if (known < json.size()) {
            json.keySet().stream()
                    .filter(key ->
                            attribute(key).filter(a -> a.name().equals(key)).isEmpty())
                    .forEach(reading::refuseUnknown);
        }
        return reading.result(() -> type.cast(structure.make(values)));
    }

    /** What clients see: attributes under their names and their aliases, times in whole seconds. */
    public Map<String, Object> show(E entity) {
        return Writing.show(structure, entity);
    }

    /**
     * The typed values of a new entity, as far as its creator says and {@link Otherwise} fills in. Not among them is what the server has
     * yet to find: attributes that only it writes, and {@link Filled} ones that were left out.
     */
    public Decoded<Map<String, Object>> create(Map<String, ?> body) {
        return new Request(structure, true).read(body);
    }

    /** The typed values that a client gives to attributes of an entity that exists. */
    public Decoded<Map<String, Object>> update(Map<String, ?> body) {
        return new Request(structure, false).read(body);
    }

    /**
     * The entity of these typed values; what is left out takes its {@link Otherwise}, or is absent or empty if it can be. An
     * {@link IllegalArgumentException} names what is missing or of the wrong type.
     */
    public E make(Map<String, Object> typedValues) {
        return type.cast(structure.make(typedValues));
    }

    /** A copy in which these typed values replace others. */
    public E with(E entity, Map<String, Object> typedValues) {
        return type.cast(structure.with((Record) entity, typedValues));
    }

    /** The typed value of an attribute, by wire name or alias. */
    public Object get(E entity, String attribute) {
        return structure.getter(attribute).get(entity);
    }

    /** Every reference that the entity holds, also inside lists and nested records. */
    public List<Ref> references(E entity) {
        var found = new ArrayList<Ref>();
        for (var path : references) {
            path.values(
                    entity,
                    (attribute, value) -> found.add(new Ref(
                            attribute, (Id<?>) value, path.attribute.promise().orElseThrow())));
        }
        return found;
    }

    /** The attributes, by wire name, of each {@link Unique} of the type. */
    public List<List<String>> constraints() {
        return constraints.stream().map(Constraint::attributes).toList();
    }

    /** What the entity wants for itself alone: one claim for each combination of values of each constraint. */
    public List<Claim> claims(E entity) {
        var claims = new ArrayList<Claim>();
        for (var constraint : constraints) {
            var combinations = List.of(List.of());
            for (var path : constraint.paths) {
                combinations = times(combinations, path.all(entity));
            }
            combinations.forEach(values -> claims.add(new Claim(constraint.attributes, values)));
        }
        return claims;
    }

    private static List<List<Object>> times(List<List<Object>> combinations, List<Object> values) {
        var more = new ArrayList<List<Object>>();
        for (var combination : combinations) {
            for (var value : values) {
                var longer = new ArrayList<>(combination);
                longer.add(value);
                more.add(List.copyOf(longer));
            }
        }
        return more;
    }

    /**
     * The typed values that the texts of a query string ask for, for {@link #matches}: of the elements, where the attribute is a list; an
     * empty text asks for absence, where the attribute may be absent. Attributes that nobody may read cannot be asked for.
     */
    public Decoded<List<Object>> parseFilter(String attribute, List<String> texts) {
        return Filter.parse(structure, attribute, texts);
    }

    /** Whether the attribute, or one of its elements, is one of the wanted values that {@link #parseFilter} gave. */
    public boolean matches(E entity, String attribute, List<Object> wanted) {
        return Filter.matches(get(entity, attribute), wanted);
    }

    /** The part of the reference page about this type. */
    public String toMarkdown() {
        return Markdown.of(this);
    }

    /** The OpenAPI 3.1 component schemas of what clients see, create and update. */
    public Map<String, Object> toOpenApi() {
        return OpenApi.components(this);
    }

    private record Path(String name, Attribute attribute, List<Getter> getters) {
        void values(Object entity, BiConsumer<String, Object> sink) {
            Getter.values(entity, getters, value -> sink.accept(name, value));
        }

        List<Object> all(Object entity) {
            var all = new ArrayList<Object>();
            Getter.values(entity, getters, all::add);
            return all;
        }
    }

    private record Constraint(List<String> attributes, List<Path> paths) {
        Constraint {
            attributes = List.copyOf(attributes);
        }
    }

    @Override
    public String toString() {
        return "schema of " + type.getSimpleName();
    }
}

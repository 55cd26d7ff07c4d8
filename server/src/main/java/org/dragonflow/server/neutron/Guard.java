package org.dragonflow.server.neutron;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.model.Attribute;
import org.dragonflow.model.Decoded;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Partial;
import org.dragonflow.model.Query;
import org.dragonflow.model.Schema;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.access.Condition;
import org.dragonflow.server.access.Target;

/** Holds callers to the policy, for the entities of one type: which they see, which attributes of them, and what they may write. */
final class Guard<E extends Entity> {
    private static final ClassValue<Guard<?>> GUARDS = new ClassValue<>() {
        @Override
        protected Guard<?> computeValue(Class<?> type) {
            return new Guard<>(Schema.of(type.asSubclass(Entity.class)));
        }
    };

    private final Schema<E> schema;
    private final String noun;

    private Guard(Schema<E> schema) {
        this.schema = schema;
        this.noun = schema.parent().map(parent -> singular(parent) + "_").orElse("") + singular(schema);
    }

    private static String singular(Schema<?> schema) {
        return schema.resource().orElseThrow().singular();
    }

    @SuppressWarnings("unchecked") // computeValue makes the guard of this very type
    static <E extends Entity> Guard<E> of(Class<E> type) {
        return (Guard<E>) GUARDS.get(type);
    }

    /** The policy's name for an operation on these entities. */
    String rule(String verb) {
        return verb + "_" + noun;
    }

    boolean sees(Caller caller, E entity, View view) {
        return caller.may(rule("get"), target(entity, caller, view));
    }

    /** The entity of this id, if there is one and the caller may know of it. */
    Optional<E> find(View view, Id<E> id, Caller caller) {
        return view.get(id).filter(entity -> sees(caller, entity, view));
    }

    /** All that the caller sees, found by the policy's own equalities where there are indexes for them. */
    Stream<E> all(Caller caller, View view) {
        var condition = caller.condition(rule("get"));
        return condition
                .alternatives()
                .flatMap(terms -> candidates(terms, caller, view))
                .orElseGet(() -> view.find(Query.all(schema.type())))
                .filter(entity -> condition.holds(target(entity, caller, view)));
    }

    private Optional<Stream<E>> candidates(List<Condition.Is> terms, Caller caller, View view) {
        var queries = terms.stream().map(term -> queries(term, caller, view)).toList();
        return queries.stream().allMatch(Optional::isPresent)
                ? Optional.of(queries.stream()
                        .flatMap(Optional::stream)
                        .flatMap(List::stream)
                        .distinct()
                        .flatMap(view::find)
                        .distinct())
                : Optional.empty();
    }

    /** What finds all entities of which the equality holds; empty if only looking at each does. */
    private Optional<List<Query<E>>> queries(Condition.Is term, Caller caller, View view) {
        if (isOwn(term.resource())) {
            return own(schema, term, caller, view);
        }
        var reference = reference(term.resource());
        return reference
                .flatMap(attribute -> schema.attribute(attribute).orElseThrow().target())
                .flatMap(type -> ids(type, term, caller, view))
                .map(ids -> ids.stream()
                        .map(id -> Query.maybeBy(schema.type(), reference.orElseThrow(), id))
                        .toList())
                .filter(found -> found.stream().allMatch(Optional::isPresent))
                .map(found -> found.stream().map(Optional::orElseThrow).toList());
    }

    private static <T extends Entity> Optional<List<Id<?>>> ids(
            Class<T> type, Condition.Is term, Caller caller, View view) {
        return own(Schema.of(type), term, caller, view)
                .map(queries -> queries.stream()
                        .flatMap(view::find)
                        .<Id<?>>map(Entity::id)
                        .toList());
    }

    private static <T extends Entity> Optional<List<Query<T>>> own(
            Schema<T> schema, Condition.Is term, Caller caller, View view) {
        var action = Sharing.action(term.attribute()).filter(_ -> term.value().equals("true"));
        return action.isPresent()
                ? Optional.of(Sharing.letTo(view, schema.type(), caller.project(), action.get())
                        .map(Query::byId)
                        .toList())
                : query(schema, term).map(List::of);
    }

    private static <T extends Entity> Optional<Query<T>> query(Schema<T> schema, Condition.Is term) {
        return switch (schema.parseFilter(term.attribute(), List.of(term.value()))) {
            case Decoded.Ok<List<Object>>(var values)
            when values.size() == 1 -> Query.maybeBy(schema.type(), term.attribute(), values.getFirst());
            case Decoded.Ok<List<Object>> _, Decoded.Bad<List<Object>> _ -> Optional.empty();
        };
    }

    /** Refuses those who may make no entity at all, whatever it is and belongs to. */
    void requireEverCreate(Caller caller) {
        var rule = rule("create");
        if (caller.condition(rule).equals(Condition.never())) {
            caller.require(rule, Target.NONE);
        }
    }

    /** Refuses to make an entity of these values. */
    void requireCreate(Caller caller, Values values, Set<String> given, View view) {
        // Who asks for what is so anyway asks for nothing; but not who wants it to become so again.
        var meant = given.stream()
                .filter(name -> !schema.attribute(name)
                        .map(Attribute::fallback)
                        .equals(Optional.of(values.find(name, Object.class))))
                .collect(Collectors.toSet());
        require(caller, "create", values, meant, target(name -> values.find(name, Object.class), caller, view));
    }

    /** Refuses to change the entity to have these values. */
    void requireUpdate(Caller caller, E entity, Values values, View view) {
        var target = target(
                name -> values.find(name, Object.class).or(() -> attribute(entity, name, caller, view)), caller, view);
        require(caller, "update", values, values.map().keySet(), target);
    }

    private void require(Caller caller, String verb, Values values, Set<String> given, Target target) {
        var rule = rule(verb);
        caller.require(rule, target);
        for (var path : caller.attributesOf(rule)) {
            if (isSaid(path, values, given)) {
                caller.require(rule + ":" + path, target);
            }
        }
    }

    /** Whether the client says anything of the attribute, or of the part of one. */
    private boolean isSaid(String path, Values values, Set<String> given) {
        if (schema.attribute(path).isPresent()) {
            return given.contains(path);
        }
        int colon = path.lastIndexOf(':');
        return colon > 0
                && given.contains(path.substring(0, colon))
                && values.find(path.substring(0, colon), Object.class)
                        .filter(value -> has(value, path.substring(colon + 1)))
                        .isPresent();
    }

    private static boolean has(Object value, String part) {
        return switch (value) {
            case Optional<?> maybe -> maybe.filter(some -> has(some, part)).isPresent();
            case Collection<?> many -> many.stream().anyMatch(one -> has(one, part));
            case Partial partial -> partial.get(part).isPresent();
            case Record _ -> true;
            default -> false;
        };
    }

    void requireDelete(Caller caller, E entity, View view) {
        caller.require(rule("delete"), target(entity, caller, view));
    }

    /** Takes out what the caller must not see of an entity. */
    void hide(Map<String, Object> shown, Caller caller, E entity, View view) {
        var rule = rule("get");
        var paths = caller.attributesOf(rule);
        if (!paths.isEmpty()) {
            var target = target(entity, caller, view);
            for (var path : paths) {
                if (shown.containsKey(path) && !caller.may(rule + ":" + path, target)) {
                    shown.remove(path);
                }
            }
        }
    }

    /** The entity as the policy sees it. */
    Target target(E entity, Caller caller, View view) {
        return target(name -> attribute(entity, name, caller, view), caller, view);
    }

    /** The value of an attribute for this caller: what is shared is so with somebody. */
    Optional<Object> attribute(E entity, String name, Caller caller, View view) {
        return Sharing.action(name)
                .filter(_ -> Sharing.isShareable(schema))
                .<Object>map(action -> Sharing.isLet(view, entity.id(), caller.project(), action))
                .or(() -> schema.attribute(name).map(attribute -> schema.get(entity, attribute.name())));
    }

    private Target target(Function<String, Optional<Object>> attributes, Caller caller, View view) {
        return (resource, name) -> isOwn(resource)
                ? texts(attributes.apply(name))
                : reference(resource)
                        .flatMap(attributes)
                        .flatMap(value -> value instanceof Optional<?> maybe ? maybe : Optional.of(value))
                        .map(id -> ofReferred((Id<?>) id, name, caller, view))
                        .orElse(List.of());
    }

    private static <T extends Entity> List<String> ofReferred(Id<T> id, String name, Caller caller, View view) {
        return view.get(id)
                .map(entity -> Guard.of(id.type()).target(entity, caller, view).values("", name))
                .orElse(List.of());
    }

    private boolean isOwn(String resource) {
        return resource.isEmpty() || resource.equals(singular(schema));
    }

    /** The attribute that refers to what the policy calls by this name. */
    private Optional<String> reference(String resource) {
        var name = resource.equals("ext_parent")
                ? schema.parent().map(Guard::singular).orElse("")
                : resource;
        return schema.attribute(name + "_id")
                .filter(attribute -> attribute.target().isPresent())
                .map(a -> a.name());
    }

    private static List<String> texts(Optional<Object> value) {
        var texts = new LinkedHashSet<String>();
        value.ifPresent(some -> collect(some, texts));
        return List.copyOf(texts);
    }

    private static void collect(Object value, Set<String> texts) {
        switch (value) {
            case Optional<?> maybe -> maybe.ifPresent(some -> collect(some, texts));
            case Collection<?> many -> many.forEach(one -> collect(one, texts));
            case Id<?> id -> texts.add(id.value());
            default -> texts.add(value.toString());
        }
    }
}

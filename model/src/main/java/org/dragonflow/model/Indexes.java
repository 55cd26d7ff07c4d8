package org.dragonflow.model;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The indexes of an entity type, read off its record: one for each reference, also for those inside lists and nested records, and one for
 * each attribute that is {@link Indexed}.
 */
final class Indexes {
    private static final ClassValue<Indexes> ALL = new ClassValue<>() {
        @Override
        protected Indexes computeValue(Class<?> type) {
            return new Indexes(type);
        }
    };

    private final Map<String, List<Getter>> getters = new LinkedHashMap<>();

    private Indexes(Class<?> type) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException(type + " is not a record");
        }
        for (var component : type.getRecordComponents()) {
            if (!component.getName().equals("id")) {
                collect(component, Names.wire(component), List.of());
            }
        }
        for (var method : type.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Indexed.class) && !isAccessor(type, method)) {
                add(Names.snake(method.getName()), List.of(Getter.of(method)));
            }
        }
    }

    private static boolean isAccessor(Class<?> type, Method method) {
        for (var component : type.getRecordComponents()) {
            if (component.getAccessor().equals(method)) {
                return true;
            }
        }
        return false;
    }

    private void collect(RecordComponent component, String name, List<Getter> path) {
        var getter = new ArrayList<>(path);
        getter.add(Getter.of(component.getAccessor()));
        var element = element(component.getGenericType());
        if (isId(element) || component.isAnnotationPresent(Indexed.class)) {
            add(name, getter);
        } else if (element instanceof Class<?> nested && nested.isRecord() && nested.isMemberClass()) {
            for (var inner : nested.getRecordComponents()) {
                collect(inner, name + "." + Names.wire(inner), getter);
            }
        }
    }

    private void add(String name, List<Getter> path) {
        getters.put(name, List.copyOf(path));
    }

    private static boolean isId(Type type) {
        return type instanceof ParameterizedType p && p.getRawType() == Id.class;
    }

    /** What a collection or an optional holds; another type is its own element. */
    private static Type element(Type type) {
        if (type instanceof ParameterizedType p
                && p.getRawType() instanceof Class<?> raw
                && (raw == Optional.class || Collection.class.isAssignableFrom(raw))) {
            return element(p.getActualTypeArguments()[0]);
        }
        return type;
    }

    static Indexes of(Class<?> type) {
        return ALL.get(type);
    }

    Set<String> names() {
        return getters.keySet();
    }

    /** Every question that the entity is an answer to. */
    static List<Query<?>> queries(Entity entity) {
        var queries = answered(entity);
        queries.add(Query.byId(entity.id()));
        return queries;
    }

    /** Every question that the entity is an answer to, but the one for itself. */
    @SuppressWarnings("unchecked") // an entity is an instance of its own class
    static List<Query<?>> answered(Entity entity) {
        var type = (Class<Entity>) entity.getClass();
        var queries = new ArrayList<Query<?>>();
        queries.add(Query.all(type));
        of(type).getters.forEach((name, path) -> {
            int first = queries.size();
            Getter.values(entity, path, value -> {
                var query = new Query<>(type, name, value);
                // The values of one attribute are few, so looking through them beats a set.
                if (!queries.subList(first, queries.size()).contains(query)) {
                    queries.add(query);
                }
            });
        });
        return queries;
    }
}

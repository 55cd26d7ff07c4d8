package org.dragonflow.model;

import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;

/** Reads what a record type declares, and collects everything that is wrong with it. */
final class Declaration {
    private final List<String> faults = new ArrayList<>();
    private final Set<Class<?>> open = new HashSet<>();

    /** What was read; an {@link IllegalArgumentException} names every fault found until now. */
    static Declaration check(Declaration declaration) {
        if (!declaration.faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", declaration.faults));
        }
        return declaration;
    }

    void fault(Object culprit, String fault) {
        faults.add(culprit + " " + fault);
    }

    /** The structure of an entity type. */
    Structure entity(Class<? extends Record> type) {
        var first = Arrays.stream(type.getRecordComponents()).findFirst();
        if (first.filter(c -> c.getName().equals("id") && isIdOf(c.getGenericType(), type))
                .isEmpty()) {
            fault(type.getSimpleName(), "does not begin with its Id");
        }
        return structure(type, true);
    }

    private static boolean isIdOf(Type declared, Class<?> target) {
        return declared instanceof ParameterizedType p
                && p.getRawType() == Id.class
                && p.getActualTypeArguments()[0] == target;
    }

    private Structure structure(Class<? extends Record> type, boolean isEntity) {
        open.add(type);
        if (!type.isAnnotationPresent(Doc.class)) {
            fault(type.getSimpleName(), "has no @Doc");
        }
        var names = new HashSet<String>();
        var attributes = new ArrayList<Attribute>();
        var getters = new ArrayList<Getter>();
        for (var component : type.getRecordComponents()) {
            var attribute = attribute(component, isEntity);
            attributes.add(attribute);
            getters.add(Getter.of(component.getAccessor()));
            if (!names.add(attribute.name())) {
                fault(type.getSimpleName(), "has two attributes " + attribute.name());
            }
            for (var alias : attribute.aliases()) {
                if (!names.add(alias)) {
                    fault(type.getSimpleName(), "has two attributes " + alias);
                }
            }
        }
        open.remove(type);
        return new Structure(type, attributes, getters, constructor(type));
    }

    private static MethodHandle constructor(Class<? extends Record> type) {
        var components = type.getRecordComponents();
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return Getter.lookup(type)
                    .findConstructor(type, MethodType.methodType(void.class, types))
                    .asFixedArity()
                    .asType(MethodType.genericMethodType(types.length))
                    .asSpreader(Object[].class, types.length)
                    .asType(MethodType.methodType(Record.class, Object[].class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record without its constructor: " + type, e);
        }
    }

    private Attribute attribute(RecordComponent component, boolean isEntity) {
        var at = new Place(component);
        var doc = at.find(Doc.class);
        if (doc.isEmpty()) {
            fault(at, "has no @Doc");
        }
        var access = at.find(Access.class);
        if (!isEntity && access.isPresent()) {
            fault(at, "has @Access, which is for attributes of entities");
        }
        var shape = distinct(at, limited(at, shape(at, component.getGenericType())));
        var wire = at.find(Wire.class);
        boolean filled = at.find(Filled.class).isPresent();
        if (filled && at.find(Otherwise.class).isPresent()) {
            fault(at, "has both @Filled and @Otherwise");
        }
        return new Attribute(
                Names.wire(component),
                wire.map(w -> List.of(w.aliases())).orElse(List.of()),
                shape,
                access.map(Access::value).orElse(Access.Writer.CLIENT),
                access.map(Access::hidden).orElse(false),
                otherwise(at, shape),
                filled,
                absent(at, wire, shape),
                promise(at, shape),
                doc.map(Doc::value).orElse(""));
    }

    private Shape shape(Place at, Type type) {
        return switch (type) {
            case Class<?> c -> shape(at, c);
            case ParameterizedType p -> shape(at, (Class<?>) p.getRawType(), p.getActualTypeArguments());
            default -> unknown(at, type);
        };
    }

    private Shape shape(Place at, Class<?> type) {
        if (type == String.class) {
            return new Shape.Text(at.range(Shape.Bounds.TEXT));
        } else if (type == int.class || type == Integer.class) {
            return new Shape.Whole(false, at.range(new Shape.Bounds(Integer.MIN_VALUE, Integer.MAX_VALUE)));
        } else if (type == long.class || type == Long.class) {
            return new Shape.Whole(true, at.range(new Shape.Bounds(Long.MIN_VALUE, Long.MAX_VALUE)));
        } else if (type == boolean.class || type == Boolean.class) {
            return new Shape.Truth();
        } else if (type == IpAddress.class) {
            return new Shape.Address();
        } else if (type == IpPrefix.class) {
            var block = at.find(Block.class);
            return new Shape.Prefix(
                    block.map(Block::alone).orElse(false),
                    block.map(Block::inside).orElse(false));
        } else if (type == Mac.class) {
            return new Shape.HardwareAddress();
        } else if (type == Instant.class) {
            return new Shape.Time();
        } else if (type.isEnum()) {
            return Shape.Choice.of(constants(type));
        } else if (type.isRecord() && !Entity.class.isAssignableFrom(type) && !open.contains(type) && !isRaw(type)) {
            return new Shape.Nested(structure(type.asSubclass(Record.class), false));
        }
        return unknown(at, type);
    }

    private static boolean isRaw(Class<?> type) {
        return type.getTypeParameters().length > 0;
    }

    @SuppressWarnings("unchecked") // the caller knows that it is an enum
    private static Class<? extends Enum<?>> constants(Class<?> type) {
        return (Class<? extends Enum<?>>) type;
    }

    private Shape shape(Place at, Class<?> raw, Type... arguments) {
        if (raw == Optional.class) {
            return new Shape.Maybe(shape(at, arguments[0]));
        } else if (raw == List.class) {
            return new Shape.Many(shape(at.element(), arguments[0]), at.range(Shape.Bounds.LIST), Optional.empty());
        } else if (raw == Map.class && arguments[0] == String.class && arguments[1] == Object.class) {
            return new Shape.Json();
        } else if (raw == Id.class
                && arguments[0] instanceof Class<?> target
                && Entity.class.isAssignableFrom(target)) {
            return new Shape.Name(target.asSubclass(Entity.class));
        }
        return unknown(at, raw);
    }

    private Shape unknown(Place at, Type type) {
        fault(at, "has a type that no attribute may have: " + type.getTypeName());
        return new Shape.Json();
    }

    private Shape limited(Place at, Shape shape) {
        var limit = at.find(OneOf.class);
        if (limit.isEmpty()) {
            return shape;
        }
        return switch (shape) {
            case Shape.Maybe(var of) -> new Shape.Maybe(limited(at, of));
            case Shape.Text _, Shape.Whole _ -> {
                var values = new ArrayList<Object>();
                for (var text : limit.get().value()) {
                    var value = new Reading(Reading.From.FILTER).value(shape, text);
                    if (value == null) {
                        fault(at, "cannot be one of " + text);
                    } else {
                        values.add(value);
                    }
                }
                yield new Shape.Limited(shape, List.copyOf(values));
            }
            case Shape.Truth _,
                    Shape.Choice _,
                    Shape.Name _,
                    Shape.Address _,
                    Shape.Prefix _,
                    Shape.HardwareAddress _ -> misplaced(at, "@OneOf", shape);
            case Shape.Time _, Shape.Json _, Shape.Limited _, Shape.Many _, Shape.Nested _ ->
                misplaced(at, "@OneOf", shape);
        };
    }

    private Shape misplaced(Place at, String annotation, Shape shape) {
        fault(at, "cannot have " + annotation);
        return shape;
    }

    private Shape distinct(Place at, Shape shape) {
        var distinct = at.find(Distinct.class);
        if (distinct.isEmpty()) {
            return shape;
        }
        if (!(shape instanceof Shape.Many many)) {
            return misplaced(at, "@Distinct", shape);
        }
        var attribute = distinct.get().value();
        boolean known = attribute.isEmpty()
                || many.of() instanceof Shape.Nested(var structure)
                        && structure.attribute(attribute).isPresent();
        if (!known) {
            fault(at, "cannot be distinct by " + attribute);
            return shape;
        }
        return new Shape.Many(many.of(), many.length(), Optional.of(attribute));
    }

    private Optional<Object> otherwise(Place at, Shape shape) {
        var otherwise = at.find(Otherwise.class);
        return otherwise.flatMap(o -> literal(at, "@Otherwise", o.value())).flatMap(json -> {
            var reading = new Reading(Reading.From.STORE);
            var value = reading.value(shape, json.json());
            if (value == null) {
                fault(
                        at,
                        "cannot be %s, as @Otherwise says"
                                .formatted(otherwise.get().value()));
            }
            return Optional.ofNullable(value);
        });
    }

    private Attribute.Absent absent(Place at, Optional<Wire> wire, Shape shape) {
        var text = wire.map(Wire::absent).orElse("null");
        if (!text.equals("null") && !(shape instanceof Shape.Maybe)) {
            fault(at, "is never absent");
        }
        return literal(at, "@Wire", text).orElse(new Attribute.Absent(null));
    }

    private Optional<Attribute.Absent> literal(Place at, String annotation, String text) {
        try {
            return Optional.of(new Attribute.Absent(Json.literal(text)));
        } catch (IllegalArgumentException e) {
            fault(at, "has a bad %s: %s".formatted(annotation, e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<Reference.Promise> promise(Place at, Shape shape) {
        var promise = at.find(Reference.class).map(Reference::value);
        if (!isReference(shape)) {
            if (promise.isPresent()) {
                fault(at, "is no reference");
            }
            return Optional.empty();
        }
        boolean isOwnName = at.component.getName().equals("id");
        return isOwnName ? Optional.empty() : Optional.of(promise.orElse(Reference.Promise.HELD));
    }

    private static boolean isReference(Shape shape) {
        return switch (shape) {
            case Shape.Name _ -> true;
            case Shape.Maybe(var of) -> isReference(of);
            case Shape.Many many -> isReference(many.of());
            case Shape.Text _, Shape.Whole _, Shape.Truth _, Shape.Choice _, Shape.Address _, Shape.Prefix _ -> false;
            case Shape.HardwareAddress _, Shape.Time _, Shape.Json _, Shape.Limited _, Shape.Nested _ -> false;
        };
    }

    /** A component whose annotations are looked at; inside a list, its range is the list's and not the element's. */
    private record Place(RecordComponent component, boolean isElement) {
        Place(RecordComponent component) {
            this(component, false);
        }

        Place element() {
            return new Place(component, true);
        }

        <A extends Annotation> Optional<A> find(Class<A> annotation) {
            return Optional.ofNullable(component.getAnnotation(annotation));
        }

        Shape.Bounds range(Shape.Bounds usual) {
            return isElement
                    ? usual
                    : find(Range.class)
                            .map(r -> new Shape.Bounds(r.min(), r.max()))
                            .orElse(usual);
        }

        @Override
        public String toString() {
            return component.getDeclaringRecord().getSimpleName() + "." + component.getName();
        }
    }
}

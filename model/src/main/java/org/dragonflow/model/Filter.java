package org.dragonflow.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds entities by what a query string says of one attribute. */
final class Filter {
    private static final String PIECE = "_substr";
    private static final String IN = "in:";
    private static final String PREFIX = "prefix:";

    private Filter() {}

    static Decoded<List<Object>> parse(Structure structure, String name, List<String> texts) {
        var reading = new Reading(Reading.From.FILTER);
        var attribute = structure.attribute(name).filter(a -> !a.isHidden());
        if (attribute.isEmpty()) {
            reading.refuse(
                    Problem.Kind.UNKNOWN,
                    Json.show(name),
                    "['%s'] is invalid attribute for filtering".formatted(Json.show(name)));
            return reading.result(List::of);
        }
        var element = element(attribute.get());
        var wanted = new ArrayList<Object>();
        for (var text : texts) {
            if (text.isEmpty() && attribute.get().shape() instanceof Shape.Maybe) {
                wanted.add(Optional.empty());
            } else if (element.shape() instanceof Shape.Nested(var nested)) {
                part(nested, element, text, reading).ifPresent(wanted::add);
            } else {
                operator(element, text, reading, wanted);
            }
        }
        return reading.result(() -> List.copyOf(wanted));
    }

    /**
     * One value, or with an operator before it several: {@code in:a,b} or {@code prefix:a}. What is free text may well begin so itself, and is
     * found by the whole of it too: clients that know Neutron only ask for names as they are.
     */
    private static void operator(Attribute element, String text, Reading reading, List<Object> wanted) {
        boolean isSeveral = text.startsWith(IN);
        boolean isBeginning = text.startsWith(PREFIX);
        if (element.shape() instanceof Shape.Text || !isSeveral && !isBeginning) {
            reading.attribute(element, text).ifPresent(wanted::add);
        }
        if (isSeveral) {
            for (var one : text.substring(IN.length()).split(",", -1)) {
                reading.attribute(element, one).ifPresent(wanted::add);
            }
        } else if (isBeginning) {
            wanted.add(new StartingWith(text.substring(PREFIX.length())));
        }
    }

    /** The attribute as if it held one value only. */
    private static Attribute element(Attribute attribute) {
        return switch (attribute.shape()) {
            case Shape.Maybe(var of) -> element(attribute.withShape(of));
            case Shape.Many many -> element(attribute.withShape(many.of()));
            case Shape.Text _, Shape.Whole _, Shape.Truth _, Shape.Choice _, Shape.Name _, Shape.Address _ -> attribute;
            case Shape.Prefix _, Shape.HardwareAddress _, Shape.Time _, Shape.Json _, Shape.Limited _, Shape.Nested _ ->
                attribute;
        };
    }

    /** That an address has this piece in its text. */
    private record Containing(Structure structure, String attribute, String piece) {
        boolean isTrueOf(Object whole) {
            return structure.type().isInstance(whole)
                    && structure
                            .getter(attribute)
                            .get(whole)
                            .toString()
                            .toLowerCase(Locale.ROOT)
                            .contains(piece);
        }
    }

    /** Neutron's {@code fixed_ips=ip_address=10.0.0.5}, or {@code fixed_ips=ip_address_substr=10.0}. */
    private static Optional<Object> part(Structure nested, Attribute attribute, String text, Reading reading) {
        int equals = text.indexOf('=');
        var piece = piece(nested, text.substring(0, Math.max(0, equals)), text.substring(equals + 1));
        if (piece.isPresent()) {
            return Optional.of(piece.get());
        }
        var inner = equals < 0 ? Optional.<Attribute>empty() : nested.attribute(text.substring(0, equals));
        if (inner.isEmpty()) {
            reading.refuse(
                    Problem.Kind.INVALID,
                    attribute.name(),
                    "Invalid input for operation: '%s' is not of the form <key>=[value].".formatted(Json.show(text)));
            return Optional.empty();
        }
        var given = new LinkedHashMap<String, Object>();
        reading.attribute(element(inner.get()), text.substring(equals + 1))
                .ifPresent(value -> given.put(inner.get().name(), value));
        return given.isEmpty() ? Optional.empty() : Optional.of(new Partial(nested, given));
    }

    private static Optional<Containing> piece(Structure nested, String name, String text) {
        return Optional.of(name)
                .filter(some -> some.endsWith(PIECE))
                .flatMap(some -> nested.attribute(some.substring(0, some.length() - PIECE.length())))
                .filter(attribute -> attribute.shape() instanceof Shape.Address)
                .map(attribute -> new Containing(nested, attribute.name(), text.toLowerCase(Locale.ROOT)));
    }

    static boolean matches(Object value, List<Object> wanted) {
        return switch (value) {
            case Optional<?> maybe when maybe.isPresent() -> matches(maybe.get(), wanted);
            case List<?> list when isAboutParts(wanted) -> haveParts(list, wanted);
            case List<?> list -> list.stream().anyMatch(element -> matches(element, wanted));
            case Record whole when isAboutParts(wanted) -> haveParts(List.of(whole), wanted);
            default -> wanted.contains(value) || wanted.stream().anyMatch(w -> startsAs(w, value));
        };
    }

    private static boolean startsAs(Object wanted, Object value) {
        return wanted instanceof StartingWith(var text) && String.valueOf(value).startsWith(text);
    }

    private static boolean isAboutParts(List<Object> wanted) {
        return wanted.stream().anyMatch(one -> one instanceof Partial || one instanceof Containing);
    }

    /**
     * Whether one of the records has, of every part that is spoken of, one of the values wanted of that part; and one of them, which may be
     * another one, has one of the pieces.
     */
    private static boolean haveParts(List<?> records, List<Object> wanted) {
        var parts = some(wanted, Partial.class);
        var pieces = some(wanted, Containing.class);
        return (parts.isEmpty() || records.stream().anyMatch(whole -> hasParts(whole, parts)))
                && (pieces.isEmpty()
                        || records.stream()
                                .anyMatch(whole -> pieces.stream().anyMatch(piece -> piece.isTrueOf(whole))));
    }

    private static <T> List<T> some(List<Object> wanted, Class<T> type) {
        return wanted.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static boolean hasParts(Object whole, List<Partial> parts) {
        return parts.stream()
                .allMatch(part -> parts.stream()
                        .anyMatch(other ->
                                other.values().keySet().equals(part.values().keySet()) && isPartOf(other, whole)));
    }

    private static boolean isPartOf(Partial part, Object whole) {
        return part.structure().type().isInstance(whole)
                && part.values().entrySet().stream()
                        .allMatch(
                                e -> matches(part.structure().getter(e.getKey()).get(whole), List.of(e.getValue())));
    }
}

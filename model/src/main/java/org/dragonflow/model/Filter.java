package org.dragonflow.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Finds entities by what a query string says of one attribute. */
final class Filter {
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
                reading.attribute(element, text).ifPresent(wanted::add);
            }
        }
        return reading.result(() -> List.copyOf(wanted));
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

    /** Neutron's {@code fixed_ips=ip_address=10.0.0.5}. */
    private static Optional<Object> part(Structure nested, Attribute attribute, String text, Reading reading) {
        int equals = text.indexOf('=');
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

    static boolean matches(Object value, List<Object> wanted) {
        return switch (value) {
            case Optional<?> maybe when maybe.isPresent() -> matches(maybe.get(), wanted);
            case List<?> list -> list.stream().anyMatch(element -> matches(element, wanted));
            case Record whole -> wanted.contains(whole) || wanted.stream().anyMatch(w -> isPartOf(w, whole));
            default -> wanted.contains(value);
        };
    }

    private static boolean isPartOf(Object wanted, Record whole) {
        return wanted instanceof Partial partial
                && partial.structure().type().isInstance(whole)
                && partial.values().entrySet().stream()
                        .allMatch(e ->
                                matches(partial.structure().getter(e.getKey()).get(whole), List.of(e.getValue())));
    }
}

package org.dragonflow.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Turns the JSON of one body into typed values, and collects everything that is wrong with it.
 *
 * <p>A client is read leniently as to form ({@code "1"} is a number) and strictly as to bounds; the store holds what was once accepted, so
 * that its form must be exact and its bounds are not looked at again.
 */
final class Reading {
    /** Who wrote what is read. */
    enum From {
        STORE,
        CLIENT,
        FILTER
    }

    private static final int MAX_PROBLEMS = 100;
    private static final int MAX_NUMBER = 20;
    private static final Set<String> YES = Set.of("1", "t", "true", "on", "y", "yes");
    private static final Set<String> NO = Set.of("0", "f", "false", "off", "n", "no");

    private final From from;
    private final Recurring recurring;
    private final List<Problem> problems = new ArrayList<>();

    Reading(From from) {
        this(from, Recurring.NOTHING);
    }

    Reading(From from, Recurring recurring) {
        this.from = from;
        this.recurring = recurring;
    }

    <T> Decoded<T> result(Supplier<T> value) {
        if (problems.isEmpty()) {
            try {
                return new Decoded.Ok<>(value.get());
            } catch (IllegalArgumentException e) {
                refuse(Problem.Kind.INVALID, "", Objects.requireNonNullElse(e.getMessage(), "Invalid input"));
            }
        }
        return new Decoded.Bad<>(problems);
    }

    void refuse(Problem.Kind kind, String attribute, String text) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new Problem(kind, attribute, text));
        }
    }

    void refuseMissing(Attribute attribute) {
        refuse(
                Problem.Kind.MISSING,
                attribute.name(),
                "Failed to parse request. Required attribute '%s' not specified".formatted(attribute.name()));
    }

    void refuseUnknown(@Nullable Object key) {
        refuse(Problem.Kind.UNKNOWN, Json.show(key), "Unrecognized attribute(s) '%s'".formatted(Json.show(key)));
    }

    /** The value of an attribute; empty after a problem. */
    Optional<Object> attribute(Attribute attribute, @Nullable Object json) {
        int before = problems.size();
        Object value = isAbsent(attribute, json) ? Optional.empty() : value(attribute.shape(), json);
        for (int i = before; i < problems.size(); i++) {
            var path = attribute.name() + problems.get(i).attribute();
            var reason = problems.get(i).text();
            problems.set(
                    i,
                    new Problem(
                            problems.get(i).kind(), path, "Invalid input for %s. Reason: %s.".formatted(path, reason)));
        }
        return problems.size() == before ? Optional.ofNullable(value) : Optional.empty();
    }

    private boolean isAbsent(Attribute attribute, @Nullable Object json) {
        return from == From.CLIENT
                && attribute.shape() instanceof Shape.Maybe
                && Objects.equals(json, attribute.absent().json());
    }

    private @Nullable Object refuse(String reason, @Nullable Object value) {
        refuse(Problem.Kind.INVALID, "", reason.formatted(Json.show(value)));
        return null;
    }

    /** The value of a shape, or null after a problem, whose attribute is relative to the value. */
    @Nullable
    Object value(Shape shape, @Nullable Object json) {
        return switch (shape) {
            case Shape.Text(var length) -> text(length, json);
            case Shape.Whole whole -> whole(whole, json);
            case Shape.Truth _ -> truth(json);
            case Shape.Choice choice -> choice(choice, json);
            case Shape.Name name -> name(name, json);
            case Shape.Address _ -> address(json);
            case Shape.Prefix prefix -> prefix(prefix, json);
            case Shape.HardwareAddress _ -> hardwareAddress(json);
            case Shape.Time _ -> time(json);
            case Shape.Json _ -> json(json);
            case Shape.Limited limited -> limited(limited, json);
            case Shape.Maybe(var of) -> json == null ? Optional.empty() : Optional.ofNullable(value(of, json));
            case Shape.Many many -> many(many, json);
            case Shape.Nested(var structure) -> nested(structure, json);
        };
    }

    private @Nullable Object text(Shape.Bounds length, @Nullable Object json) {
        if (!(json instanceof String text)) {
            return refuse("'%s' is not a valid string", json);
        }
        if (from == From.CLIENT && text.length() > length.max()) {
            return refuse("'%s' exceeds maximum length of " + length.max(), json);
        }
        if (from == From.CLIENT && text.length() < length.min()) {
            return refuse("'%s' is shorter than minimum length of " + length.min(), json);
        }
        return recurring.once(text);
    }

    private @Nullable Object whole(Shape.Whole shape, @Nullable Object json) {
        var number = whole(json);
        if (number.isEmpty()) {
            return refuse("'%s' is not an integer", json);
        }
        long value = number.get();
        var bounds = shape.wide() || from == From.CLIENT
                ? shape.bounds()
                : new Shape.Bounds(Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (from != From.STORE || !shape.wide()) {
            if (value < bounds.min()) {
                return refuse("'%s' is too small - must be at least '" + bounds.min() + "'", json);
            }
            if (value > bounds.max()) {
                return refuse("'%s' is too large - must be no larger than '" + bounds.max() + "'", json);
            }
        }
        return shape.wide() ? (Object) value : (Object) (int) value;
    }

    private Optional<Long> whole(@Nullable Object json) {
        try {
            return switch (json) {
                case Integer i -> Optional.of(i.longValue());
                case Long l -> Optional.of(l);
                case Short s -> Optional.of(s.longValue());
                case Byte b -> Optional.of(b.longValue());
                case BigInteger big -> Optional.of(big.longValueExact());
                case BigDecimal decimal -> Optional.of(decimal.longValueExact());
                case Double d
                when Double.isFinite(d) -> Optional.of(BigDecimal.valueOf(d).longValueExact());
                case String s when from != From.STORE && s.length() <= MAX_NUMBER -> Optional.of(Long.valueOf(s));
                case null, default -> Optional.empty();
            };
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private @Nullable Object truth(@Nullable Object json) {
        if (json instanceof Boolean) {
            return json;
        }
        if (from != From.STORE && (json instanceof String || json instanceof Integer || json instanceof Long)) {
            var text = json.toString().toLowerCase(Locale.ROOT);
            if (YES.contains(text)) {
                return true;
            }
            if (NO.contains(text)) {
                return false;
            }
        }
        return refuse("'%s' cannot be converted to boolean", json);
    }

    private @Nullable Object choice(Shape.Choice choice, @Nullable Object json) {
        if (json instanceof String text) {
            var constant = choice.constants().get(text);
            if (constant != null) {
                return constant;
            }
            if (from != From.STORE) {
                for (var entry : choice.constants().entrySet()) {
                    if (entry.getKey().equalsIgnoreCase(text)) {
                        return entry.getValue();
                    }
                }
            }
        }
        return refuse(
                "'%s' is not in " + Json.show(List.copyOf(choice.constants().keySet())), json);
    }

    private @Nullable Object name(Shape.Name name, @Nullable Object json) {
        if (name.isUuid()) {
            if (!(json instanceof String text) || from == From.CLIENT && !isUuid(text)) {
                return refuse("'%s' is not a valid UUID", json);
            }
            return recurring.once(Id.of(name.target(), recurring.once(text)));
        }
        return text(Shape.Bounds.NAME, json) instanceof String text ? recurring.once(Id.of(name.target(), text)) : null;
    }

    private static boolean isUuid(String text) {
        if (text.length() != 36) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            boolean isHyphen = i == 8 || i == 13 || i == 18 || i == 23;
            char c = text.charAt(i);
            boolean isHex = c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
            if (isHyphen ? c != '-' : !isHex) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Object address(@Nullable Object json) {
        try {
            if (json instanceof String text) {
                return IpAddress.parse(text);
            }
        } catch (IllegalArgumentException e) {
            // told below in Neutron's words
        }
        return refuse("'%s' is not a valid IP address", json);
    }

    private @Nullable Object prefix(Shape.Prefix shape, @Nullable Object json) {
        if (!(json instanceof String text) || text.indexOf('/') < 0 && !shape.alone() && from == From.CLIENT) {
            return refuse("'%s' is not a valid CIDR", json);
        }
        try {
            var block = IpPrefix.parseLoosely(text);
            int slash = text.indexOf('/');
            boolean isFirst =
                    slash < 0 || IpAddress.parse(text.substring(0, slash)).equals(block.address());
            return isFirst || shape.inside() && from != From.STORE
                    ? block
                    : refuse("'%s' isn't a recognized IP subnet cidr, '" + block + "' is recommended", json);
        } catch (IllegalArgumentException e) {
            return refuse("'%s' is not a valid CIDR", json);
        }
    }

    private @Nullable Object hardwareAddress(@Nullable Object json) {
        try {
            if (json instanceof String text) {
                var mac = Mac.parse(text);
                if (from != From.CLIENT || !mac.equals(Mac.ZERO) && !mac.equals(Mac.BROADCAST)) {
                    return mac;
                }
            }
        } catch (IllegalArgumentException e) {
            // told below in Neutron's words
        }
        return refuse("'%s' is not a valid MAC address", json);
    }

    private @Nullable Object time(@Nullable Object json) {
        try {
            if (json instanceof String text) {
                return recurring.once(Instant.parse(text));
            }
        } catch (DateTimeException e) {
            // told below
        }
        return refuse("'%s' is not a valid time", json);
    }

    private @Nullable Object json(@Nullable Object json) {
        if (json == null && from == From.CLIENT) {
            return Map.of();
        }
        if (!(json instanceof Map<?, ?> map)) {
            return refuse("'%s' is not a dictionary", json);
        }
        try {
            return Json.frozen(map);
        } catch (IllegalArgumentException e) {
            refuse(Problem.Kind.INVALID, "", Objects.requireNonNullElse(e.getMessage(), "Not JSON"));
            return null;
        }
    }

    private @Nullable Object limited(Shape.Limited limited, @Nullable Object json) {
        var value = value(limited.of(), json);
        return value == null || from != From.CLIENT || limited.values().contains(value)
                ? value
                : refuse("'%s' is not in " + Json.show(limited.values()), json);
    }

    private @Nullable Object many(Shape.Many many, @Nullable Object json) {
        if (json == null && from == From.CLIENT) {
            return List.of();
        }
        if (!(json instanceof List<?> list)) {
            return refuse("'%s' is not a list", json);
        }
        if (from == From.CLIENT && !many.length().contain(list.size())) {
            refuse(
                    Problem.Kind.INVALID,
                    "",
                    "A list of %d is not of %d to %d items"
                            .formatted(
                                    list.size(),
                                    many.length().min(),
                                    many.length().max()));
            return null;
        }
        var values = new ArrayList<Object>(list.size());
        for (int i = 0; i < list.size(); i++) {
            int before = problems.size();
            var value = value(many.of(), list.get(i));
            for (int j = before; j < problems.size(); j++) {
                problems.set(j, under("[" + i + "]", problems.get(j)));
            }
            if (value != null) {
                values.add(value);
            }
        }
        if (from == From.CLIENT) {
            many.distinct().ifPresent(attribute -> refuseRepeated(many.of(), attribute, values));
        }
        return values;
    }

    private static Problem under(String path, Problem problem) {
        return new Problem(problem.kind(), path + problem.attribute(), problem.text());
    }

    private void refuseRepeated(Shape of, String attribute, List<Object> values) {
        var seen = new HashSet<Object>();
        for (var value : values) {
            Optional<Object> key = switch (value) {
                case Partial partial when !attribute.isEmpty() -> partial.get(attribute);
                case Record whole
                when !attribute.isEmpty() && of instanceof Shape.Nested(var structure) ->
                    Optional.of(structure.getter(attribute).get(whole));
                default -> Optional.of(value);
            };
            if (key.isPresent() && !seen.add(key.get())) {
                refuse("Duplicate items in the list: '%s'", key.get());
            }
        }
    }

    private @Nullable Object nested(Structure structure, @Nullable Object json) {
        if (!(json instanceof Map<?, ?> map)) {
            return refuse("'%s' is not a dictionary", json);
        }
        int before = problems.size();
        boolean partial = from != From.STORE && structure.isFilled();
        var attributes = structure.attributes();
        var values = new @Nullable Object[attributes.size()];
        int known = 0;
        for (int i = 0; i < values.length; i++) {
            var attribute = attributes.get(i);
            if (map.containsKey(attribute.name())) {
                known++;
                values[i] = part(attribute, map.get(attribute.name()));
            } else if (!(partial && attribute.filled())) {
                values[i] = attribute.fallback().orElse(null);
                if (values[i] == null) {
                    refuse(Problem.Kind.INVALID, "." + attribute.name(), "Required attribute is not specified");
                }
            }
        }
        if (known < map.size()) {
            refuseUnknown(structure, map);
        }
        if (problems.size() > before) {
            return null;
        }
        return partial ? partial(structure, values) : whole(structure, values);
    }

    private @Nullable Object part(Attribute attribute, @Nullable Object json) {
        int before = problems.size();
        var value = value(attribute.shape(), json);
        for (int i = before; i < problems.size(); i++) {
            problems.set(i, under("." + attribute.name(), problems.get(i)));
        }
        return value;
    }

    private void refuseUnknown(Structure structure, Map<?, ?> map) {
        for (var key : map.keySet()) {
            if (!(key instanceof String name)
                    || structure
                            .attribute(name)
                            .filter(a -> a.name().equals(name))
                            .isEmpty()) {
                refuse("Unrecognized attribute(s) '%s'", key);
            }
        }
    }

    private static Partial partial(Structure structure, @Nullable Object[] values) {
        var given = new LinkedHashMap<String, Object>();
        for (int i = 0; i < values.length; i++) {
            var value = values[i];
            if (value != null) {
                given.put(structure.attributes().get(i).name(), value);
            }
        }
        return new Partial(structure, given);
    }

    private @Nullable Object whole(Structure structure, @Nullable Object[] values) {
        try {
            return structure.make(values);
        } catch (IllegalArgumentException e) {
            refuse(Problem.Kind.INVALID, "", Objects.requireNonNullElse(e.getMessage(), "Invalid input"));
            return null;
        }
    }
}

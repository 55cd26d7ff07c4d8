package org.dragonflow.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as plain Java: ordered maps, lists, texts, numbers, truths and null. */
final class Json {
    static final int MAX_DEPTH = 8;
    private static final int MAX_VALUES = 1_000;
    private static final int MAX_TEXT = 65_536;
    private static final int MAX_SHOWN = 200;

    private int values;
    private int text;

    private Json() {}

    /**
     * An immutable copy in which equal numbers are equal: whole ones are {@code Long} where they fit, others {@code BigDecimal}. What is no
     * JSON, or too deep or too large to keep, is an {@link IllegalArgumentException}.
     */
    static Map<String, Object> frozen(Map<?, ?> map) {
        return map.isEmpty() ? Collections.emptyMap() : new Json().freeze(map, 1);
    }

    // Not Map.copyOf: it allows no null, and its order differs between runs of the program.
    private Map<String, Object> freeze(Map<?, ?> map, int depth) {
        var copy = new LinkedHashMap<String, Object>();
        for (var entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw new IllegalArgumentException("'%s' is not a valid key".formatted(show(entry.getKey())));
            }
            count(key.length());
            copy.put(key, freeze(entry.getValue(), depth + 1));
        }
        return Collections.unmodifiableMap(copy);
    }

    private @Nullable Object freeze(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH + 1) {
            throw new IllegalArgumentException("Nested deeper than %d levels".formatted(MAX_DEPTH));
        }
        count(value instanceof String s ? s.length() : 0);
        return switch (value) {
            case null -> null;
            case String s -> s;
            case Boolean b -> b;
            case Integer i -> i.longValue();
            case Long l -> l;
            case Short s -> s.longValue();
            case Byte b -> b.longValue();
            case BigInteger big -> big.bitLength() < 64 ? (Object) big.longValue() : new BigDecimal(big);
            case BigDecimal decimal -> decimal;
            case Float f when Float.isFinite(f) -> new BigDecimal(f.toString());
            case Double d when Double.isFinite(d) -> BigDecimal.valueOf(d);
            case List<?> list -> {
                var copy = new ArrayList<@Nullable Object>();
                for (var element : list) {
                    copy.add(freeze(element, depth + 1));
                }
                yield Collections.unmodifiableList(copy);
            }
            case Map<?, ?> map -> freeze(map, depth);
            default -> throw new IllegalArgumentException("'%s' is not JSON".formatted(show(value)));
        };
    }

    private void count(int length) {
        text += length;
        if (++values > MAX_VALUES || text > MAX_TEXT) {
            throw new IllegalArgumentException(
                    "Larger than %d values or %d characters".formatted(MAX_VALUES, MAX_TEXT));
        }
    }

    /** The value for people, in Neutron's manner and of limited length. */
    static String show(@Nullable Object value) {
        var shown = new StringBuilder();
        show(value, shown, 0);
        return shown.length() > MAX_SHOWN ? shown.substring(0, MAX_SHOWN) + "..." : shown.toString();
    }

    private static void show(@Nullable Object value, StringBuilder to, int depth) {
        if (to.length() > MAX_SHOWN) {
            return;
        }
        switch (value) {
            case null -> to.append("None");
            case Boolean b -> to.append(b ? "True" : "False");
            case String s -> {
                var text = s.length() > MAX_SHOWN ? s.substring(0, MAX_SHOWN + 1) : s;
                to.append(depth == 0 ? text : "'" + text + "'");
            }
            case List<?> _, Map<?, ?> _ when depth > MAX_DEPTH -> to.append("...");
            case List<?> list -> showAll(list, to, depth);
            case Map<?, ?> map -> showAll(map, to, depth);
            default -> to.append(value);
        }
    }

    private static void showAll(List<?> list, StringBuilder to, int depth) {
        to.append('[');
        var separator = "";
        for (var element : list) {
            if (to.length() > MAX_SHOWN) {
                return;
            }
            show(element, to.append(separator), depth + 1);
            separator = ", ";
        }
        to.append(']');
    }

    private static void showAll(Map<?, ?> map, StringBuilder to, int depth) {
        to.append('{');
        var separator = "";
        for (var entry : map.entrySet()) {
            if (to.length() > MAX_SHOWN) {
                return;
            }
            show(entry.getKey(), to.append(separator), depth + 1);
            show(entry.getValue(), to.append(": "), depth + 1);
            separator = ", ";
        }
        to.append('}');
    }

    /** Reads the JSON that annotations hold: null, a truth, a whole number, a text without escapes, an empty list or object. */
    static @Nullable Object literal(String text) {
        return switch (text) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            case "[]" -> List.of();
            case "{}" -> Map.of();
            default -> {
                if (text.length() >= 2
                        && text.startsWith("\"")
                        && text.indexOf('"', 1) == text.length() - 1
                        && text.indexOf('\\') < 0) {
                    yield text.substring(1, text.length() - 1);
                }
                try {
                    yield Long.parseLong(text);
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException("%s is not JSON that an annotation may hold".formatted(text), e);
                }
            }
        };
    }
}

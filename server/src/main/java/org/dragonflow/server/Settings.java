package org.dragonflow.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dragonflow.model.Doc;
import org.dragonflow.model.Otherwise;
import org.dragonflow.model.Range;

/** Reads a tree of records from texts by key: the names of the components on the way, joined by dots. */
final class Settings {
    private Settings() {}

    static <R extends Record> R read(Class<R> type, Map<String, String> given) {
        var known = keys(type);
        for (var key : given.keySet()) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException("there is no setting '%s'; there are %s".formatted(key, known));
            }
        }
        return record(type, "", given);
    }

    static List<String> keys(Class<?> type) {
        return leaves(type, "").stream().map(Leaf::key).toList();
    }

    static String toMarkdown(Class<?> type) {
        var page = new StringBuilder("# Configuration\n\n| setting | otherwise | what it says |\n|---|---|---|\n");
        for (var leaf : leaves(type, "")) {
            page.append("| `%s` | %s | %s |\n"
                    .formatted(
                            leaf.key(),
                            otherwise(leaf.component()).isEmpty() ? "" : "`" + otherwise(leaf.component()) + "`",
                            leaf.component().getAnnotation(Doc.class).value()));
        }
        return page.toString();
    }

    private record Leaf(String key, RecordComponent component) {}

    private static List<Leaf> leaves(Class<?> type, String prefix) {
        var leaves = new ArrayList<Leaf>();
        for (var component : type.getRecordComponents()) {
            var key = prefix + kebab(component.getName());
            if (component.getType().isRecord()) {
                leaves.addAll(leaves(component.getType(), key + "."));
            } else {
                leaves.add(new Leaf(key, component));
            }
        }
        return leaves;
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static String otherwise(RecordComponent component) {
        return component.getAnnotation(Otherwise.class).value();
    }

    private static <R> R record(Class<R> type, String prefix, Map<String, String> given) {
        var components = type.getRecordComponents();
        var values = Arrays.stream(components)
                .map(component -> value(component, prefix + kebab(component.getName()), given))
                .toArray();
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(String.valueOf(e.getCause()), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private static Object value(RecordComponent component, String key, Map<String, String> given) {
        if (component.getType().isRecord()) {
            return record(component.getType(), key + ".", given);
        }
        var text = given.getOrDefault(key, otherwise(component)).strip();
        if (component.getType() == int.class) {
            return number(component, key, text);
        }
        if (component.getType() == boolean.class) {
            return truth(key, text);
        }
        if (component.getType().isEnum()) {
            return constant(component.getType(), key, text);
        }
        return text;
    }

    private static Object constant(Class<?> type, String key, String text) {
        var constants = List.of(type.getEnumConstants());
        return constants.stream()
                .filter(constant -> name(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s is one of %s, and not '%s'"
                        .formatted(key, constants.stream().map(Settings::name).toList(), text)));
    }

    private static String name(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT);
    }

    private static int number(RecordComponent component, String key, String text) {
        var range = component.getAnnotation(Range.class);
        if (!text.matches("-?[0-9]{1,10}")
                || Long.parseLong(text) < range.min()
                || Long.parseLong(text) > range.max()) {
            throw new IllegalArgumentException(
                    "%s is a number from %d to %d, and not '%s'".formatted(key, range.min(), range.max(), text));
        }
        return Integer.parseInt(text);
    }

    private static boolean truth(String key, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("%s is true or false, and not '%s'".formatted(key, text));
        };
    }
}

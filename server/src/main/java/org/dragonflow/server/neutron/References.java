package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dragonflow.server.http.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What operations of a bundle say of the answers of earlier ones: <code>${net.id}</code>, or <code>${port.fixed_ips.0.ip_address}</code>. A text
 * that is nothing else stands for the value, of whatever type; <code>$${</code> stands for <code>${</code>.
 */
final class References {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([^{}]*)\\}");

    /** In characters, of all that stands in for references: a text of ten characters may stand for a list of a thousand ports. */
    private static final long MOST = 4 << 20;

    private final Map<String, Map<String, Object>> answers = new HashMap<>();
    private long size;

    /** Something in an answer; also nothing is something there. */
    private record Found(@Nullable Object value) {}

    /** Lets later operations refer to the answer of this one. */
    void add(String name, Map<String, Object> answer) {
        answers.put(name, answer);
    }

    /** The value with all references in its texts replaced. */
    @Nullable
    Object resolved(@Nullable Object value) {
        return switch (value) {
            case String text -> resolved(text);
            case Map<?, ?> map -> {
                var copy = new LinkedHashMap<String, @Nullable Object>();
                map.forEach((name, member) -> copy.put(String.valueOf(name), resolved(member)));
                yield copy;
            }
            case List<?> list -> {
                var copy = new ArrayList<@Nullable Object>();
                list.forEach(element -> copy.add(resolved(element)));
                yield copy;
            }
            case null, default -> value;
        };
    }

    private @Nullable Object resolved(String text) {
        var matcher = REFERENCE.matcher(text);
        boolean isAlone = matcher.matches() && matcher.group(1) != null;
        return isAlone ? value(matcher) : text(text);
    }

    /** The text with all references in it replaced by texts. */
    String text(String template) {
        return REFERENCE.matcher(template).replaceAll(match -> {
            var reference = match.group(1);
            return Matcher.quoteReplacement(reference == null ? "${" : scalar(match.group(), value(reference)));
        });
    }

    /** The path with all references in it replaced, none of which reaches beyond its segment. */
    String path(String template) {
        return REFERENCE.matcher(template).replaceAll(match -> {
            var reference = match.group(1);
            var text = reference == null ? "${" : scalar(match.group(), value(reference));
            if (text.isEmpty() || text.contains("/")) {
                throw Refusal.badRequest(
                        "%s stands for '%s', which cannot be part of a path".formatted(match.group(), text));
            }
            return Matcher.quoteReplacement(text);
        });
    }

    private @Nullable Object value(Matcher matcher) {
        return value(String.valueOf(matcher.group(1)));
    }

    private @Nullable Object value(String reference) {
        var steps = List.of(reference.split("\\.", -1));
        var answer = answers.get(steps.getFirst());
        var rest = steps.subList(1, steps.size());
        var found = answer == null || rest.isEmpty() ? Optional.<Found>empty() : found(answer, rest);
        var value = found.or(() -> answer != null && answer.size() == 1 && !rest.isEmpty()
                        ? found(answer.values().iterator().next(), rest)
                        : Optional.empty())
                .orElseThrow(() -> Refusal.badRequest(
                        "${%s} refers to nothing that an operation before this one was answered".formatted(reference)))
                .value();
        size += size(value);
        if (size > MOST) {
            throw Refusal.badRequest("What is referred to is too much, all in all");
        }
        return value;
    }

    private static Optional<Found> found(@Nullable Object from, List<String> steps) {
        if (steps.isEmpty()) {
            return Optional.of(new Found(from));
        }
        var step = steps.getFirst();
        var rest = steps.subList(1, steps.size());
        return switch (from) {
            case Map<?, ?> map when map.containsKey(step) -> found(map.get(step), rest);
            case List<?> list
            when step.matches("[0-9]{1,6}") && Integer.parseInt(step) < list.size() ->
                found(list.get(Integer.parseInt(step)), rest);
            case null, default -> Optional.empty();
        };
    }

    private static String scalar(String reference, @Nullable Object value) {
        if (value == null || value instanceof Map<?, ?> || value instanceof List<?>) {
            throw Refusal.badRequest("%s stands for what is no text".formatted(reference));
        }
        return value.toString();
    }

    private static long size(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                1
                        + map.entrySet().stream()
                                .mapToLong(member -> size(member.getKey()) + size(member.getValue()))
                                .sum();
            case List<?> list -> 1 + list.stream().mapToLong(References::size).sum();
            case null -> 1;
            default -> 1L + value.toString().length();
        };
    }
}

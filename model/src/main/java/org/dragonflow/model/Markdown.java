package org.dragonflow.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/** Writes the reference page of northbound types. */
final class Markdown {
    private final StringBuilder page = new StringBuilder();

    private Markdown() {}

    static String of(Schema<?> schema) {
        var markdown = new Markdown();
        markdown.write(schema);
        return markdown.page.toString();
    }

    private void write(Schema<?> schema) {
        line("## " + schema.type().getSimpleName());
        line("");
        line(schema.doc());
        line("");
        schema.resource().ifPresent(resource -> {
            line("`%s`, as `%s` in a body.".formatted(schema.path(), resource.singular()));
            line("");
        });
        boolean isForClients = schema.resource().isPresent();
        line(
                isForClients
                        ? "| attribute | type | written by | left out | meaning |"
                        : "| attribute | type | meaning |");
        line(isForClients ? "|---|---|---|---|---|" : "|---|---|---|");
        for (var attribute : schema.attributes()) {
            line(isForClients ? clientRow(attribute) : row(names(attribute), type(attribute.shape()), attribute.doc()));
        }
        line("");
        for (var constraint : schema.constraints()) {
            line("No two may have the same "
                    + constraint.stream().map(Markdown::code).collect(Collectors.joining(", ")) + ".");
            line("");
        }
        for (var nested : nested(schema.attributes())) {
            write(nested);
        }
    }

    private static SequencedSet<Structure> nested(List<Attribute> attributes) {
        var nested = new LinkedHashSet<Structure>();
        for (var attribute : attributes) {
            attribute.nestedStructure().ifPresent(structure -> {
                nested.add(structure);
                nested.addAll(nested(structure.attributes()));
            });
        }
        return nested;
    }

    private void write(Structure structure) {
        line("### " + structure.type().getSimpleName());
        line("");
        line(structure.type().getAnnotation(Doc.class).value());
        line("");
        line("| attribute | type | left out | meaning |");
        line("|---|---|---|---|");
        for (var attribute : structure.attributes()) {
            line(row(names(attribute), type(attribute.shape()), leftOut(attribute), attribute.doc()));
        }
        line("");
    }

    private static String clientRow(Attribute attribute) {
        return row(
                names(attribute),
                type(attribute.shape()),
                attribute.isHidden() ? "hidden" : words(attribute.writer()),
                attribute.writer() == Access.Writer.SERVER ? "" : leftOut(attribute),
                attribute.doc());
    }

    private static String names(Attribute attribute) {
        return code(attribute.name())
                + attribute.aliases().stream().map(a -> ", " + code(a)).collect(Collectors.joining());
    }

    private static String leftOut(Attribute attribute) {
        if (attribute.filled()) {
            return "the server finds it";
        }
        return attribute.fallback().map(Markdown::value).orElse("not allowed");
    }

    private static String value(Object value) {
        return switch (value) {
            case Optional<?> _ -> code("null");
            case String text -> code("\"" + text + "\"");
            default -> code(value.toString());
        };
    }

    private static String type(Shape shape) {
        return switch (shape) {
            case Shape.Text(var length) -> "text of %s characters".formatted(range(length));
            case Shape.Whole whole ->
                whole.bounds().max() >= Integer.MAX_VALUE ? "number" : "number, %s".formatted(range(whole.bounds()));
            case Shape.Truth _ -> "true or false";
            case Shape.Choice choice -> oneOf(choice.constants().keySet());
            case Shape.Name name ->
                (name.isUuid() ? "UUID of " : "name of ") + name.target().getSimpleName();
            case Shape.Address _ -> "IP address";
            case Shape.Prefix _ -> "block of IP addresses";
            case Shape.HardwareAddress _ -> "MAC address";
            case Shape.Time _ -> "time";
            case Shape.Json _ -> "object";
            case Shape.Limited limited ->
                oneOf(limited.values().stream().map(Object::toString).toList());
            case Shape.Maybe(var of) -> type(of) + ", or null";
            case Shape.Many many -> "list of %s: %s".formatted(range(many.length()), type(many.of()));
            case Shape.Nested(var structure) -> structure.type().getSimpleName();
        };
    }

    private static String oneOf(Iterable<String> texts) {
        var codes = new LinkedHashSet<String>();
        texts.forEach(text -> codes.add(code(text)));
        return String.join(", ", codes);
    }

    private static String range(Shape.Bounds bounds) {
        return bounds.min() + " to " + bounds.max();
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private void line(String line) {
        page.append(line).append('\n');
    }
}

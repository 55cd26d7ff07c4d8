package org.dragonflow.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Describes the API of northbound types in OpenAPI 3.1, as JSON. */
final class OpenApi {
    private static final String ERROR = "NeutronError";
    private static final Map<String, Object> TEXT = Map.of("type", "string");

    private OpenApi() {}

    /** The whole document. */
    static Map<String, Object> document(List<Schema<?>> schemas) {
        var paths = new LinkedHashMap<String, Object>();
        var components = new LinkedHashMap<String, Object>();
        for (var schema : schemas) {
            schema.resource().ifPresent(resource -> {
                components.putAll(components(schema));
                paths.put(schema.path(), collection(schema, resource));
                paths.put(schema.path() + "/{id}", member(schema, resource));
            });
        }
        components.put(ERROR, error());
        return map(
                "openapi",
                "3.1.0",
                "info",
                map("title", "Dragonflow", "version", "v2.0"),
                "paths",
                paths,
                "components",
                map("schemas", components));
    }

    /** What clients see, what they give to create, and what they give to update. */
    static Map<String, Object> components(Schema<?> schema) {
        var name = schema.type().getSimpleName();
        var shown = new LinkedHashMap<String, Object>();
        var created = new LinkedHashMap<String, Object>();
        var updated = new LinkedHashMap<String, Object>();
        var required = new ArrayList<String>();
        for (var attribute : schema.attributes()) {
            if (!attribute.isHidden()) {
                shown.put(attribute.name(), described(attribute, shown(attribute)));
                attribute.aliases().forEach(alias -> shown.put(alias, described(attribute, shown(attribute))));
            }
            if (attribute.writer() != Access.Writer.SERVER && attribute.writer() != Access.Writer.CLIENT_ON_UPDATE) {
                created.put(attribute.name(), described(attribute, shape(attribute.shape())));
                attribute
                        .aliases()
                        .forEach(alias -> created.put(alias, described(attribute, shape(attribute.shape()))));
                if (attribute.isRequired()) {
                    required.add(attribute.name());
                }
            }
            if (attribute.writer() == Access.Writer.CLIENT || attribute.writer() == Access.Writer.CLIENT_ON_UPDATE) {
                updated.put(attribute.name(), described(attribute, shape(attribute.shape())));
            }
        }
        return map(
                name,
                object(shown, List.copyOf(shown.keySet()), schema.doc()),
                name + "Create",
                object(created, required, schema.doc()),
                name + "Update",
                object(updated, List.of(), schema.doc()));
    }

    private static Map<String, Object> object(Map<String, Object> properties, List<String> required, String doc) {
        var object = map("type", "object", "description", doc, "properties", properties);
        if (!required.isEmpty()) {
            object.put("required", List.copyOf(required));
        }
        object.put("additionalProperties", false);
        return object;
    }

    private static Map<String, Object> described(Attribute attribute, Map<String, Object> shape) {
        var described = new LinkedHashMap<>(shape);
        described.put("description", attribute.doc());
        return described;
    }

    /** A client sees the value that stands for absence, and so no null where that is another. */
    private static Map<String, Object> shown(Attribute attribute) {
        return attribute.shape() instanceof Shape.Maybe(var of)
                        && attribute.absent().json() != null
                ? shape(of)
                : shape(attribute.shape());
    }

    private static Map<String, Object> shape(Shape shape) {
        return switch (shape) {
            case Shape.Text(var length) -> text(length);
            case Shape.Whole whole -> whole(whole);
            case Shape.Truth _ -> map("type", "boolean");
            case Shape.Choice choice ->
                map("type", "string", "enum", List.copyOf(choice.constants().keySet()));
            case Shape.Name name ->
                name.isUuid() ? map("type", "string", "format", "uuid") : map("type", "string", "maxLength", 255L);
            case Shape.Address _ ->
                map("type", "string", "anyOf", List.of(map("format", "ipv4"), map("format", "ipv6")));
            case Shape.Prefix _ -> map("type", "string", "format", "cidr");
            case Shape.HardwareAddress _ -> map("type", "string", "format", "mac");
            case Shape.Time _ -> map("type", "string", "format", "date-time");
            case Shape.Json _ -> map("type", "object");
            case Shape.Limited limited -> {
                var of = shape(limited.of());
                of.put("enum", limited.values());
                yield of;
            }
            case Shape.Maybe(var of) -> map("anyOf", List.of(shape(of), map("type", "null")));
            case Shape.Many many -> many(many);
            case Shape.Nested(var structure) -> nested(structure);
        };
    }

    private static Map<String, Object> text(Shape.Bounds length) {
        var text = map("type", "string", "maxLength", length.max());
        if (length.min() > 0) {
            text.put("minLength", length.min());
        }
        return text;
    }

    private static Map<String, Object> whole(Shape.Whole whole) {
        var number = map("type", "integer");
        if (whole.bounds().min() > Integer.MIN_VALUE) {
            number.put("minimum", whole.bounds().min());
        }
        if (whole.bounds().max() < Integer.MAX_VALUE) {
            number.put("maximum", whole.bounds().max());
        }
        return number;
    }

    private static Map<String, Object> many(Shape.Many many) {
        var list = map(
                "type",
                "array",
                "items",
                shape(many.of()),
                "maxItems",
                many.length().max());
        if (many.distinct().isPresent()) {
            list.put("uniqueItems", true);
        }
        return list;
    }

    private static Map<String, Object> nested(Structure structure) {
        var properties = new LinkedHashMap<String, Object>();
        for (var attribute : structure.attributes()) {
            properties.put(attribute.name(), described(attribute, shape(attribute.shape())));
        }
        var required = structure.attributes().stream()
                .filter(Attribute::isRequired)
                .map(Attribute::name)
                .toList();
        return object(
                properties, required, structure.type().getAnnotation(Doc.class).value());
    }

    private static Map<String, Object> collection(Schema<?> schema, Resource resource) {
        var name = schema.type().getSimpleName();
        var one = map(resource.singular(), ref(name + "Create"));
        var many = map(resource.plural(), map("type", "array", "items", ref(name + "Create")));
        var made = List.of(
                envelope(map(resource.singular(), ref(name))),
                envelope(map(resource.plural(), map("type", "array", "items", ref(name)))));
        return map(
                "get",
                map(
                        "operationId",
                        "list_" + resource.plural(),
                        "summary",
                        "Lists those that match every filter.",
                        "parameters",
                        listParameters(schema),
                        "responses",
                        answers(
                                "200",
                                envelope(map(
                                        resource.plural(),
                                        map("type", "array", "items", ref(name)),
                                        resource.plural() + "_links",
                                        map("type", "array", "items", map("type", "object")))))),
                "post",
                map(
                        "operationId",
                        "create_" + resource.singular(),
                        "summary",
                        "Creates one, or several: all or none.",
                        "requestBody",
                        body(map("oneOf", List.of(envelope(one), envelope(many)))),
                        "responses",
                        answers("201", map("oneOf", made))));
    }

    private static Map<String, Object> member(Schema<?> schema, Resource resource) {
        var name = schema.type().getSimpleName();
        var shown = envelope(map(resource.singular(), ref(name)));
        return map(
                "parameters",
                List.of(parameter("id", "path", TEXT, "Which one.")),
                "get",
                map(
                        "operationId",
                        "show_" + resource.singular(),
                        "summary",
                        "Shows one.",
                        "parameters",
                        List.of(fields()),
                        "responses",
                        answers("200", shown)),
                "put",
                map(
                        "operationId", "update_" + resource.singular(),
                        "summary", "Changes the attributes that are given.",
                        "parameters",
                                List.of(parameter(
                                        "If-Match",
                                        "header",
                                        TEXT,
                                        "Only if it is at this revision: revision_number=N.")),
                        "requestBody", body(envelope(map(resource.singular(), ref(name + "Update")))),
                        "responses", answers("200", shown)),
                "delete",
                map(
                        "operationId",
                        "delete_" + resource.singular(),
                        "summary",
                        "Deletes one.",
                        "responses",
                        map("204", map("description", "It is gone."), "default", answer("A fault.", ref(ERROR)))));
    }

    private static List<Object> listParameters(Schema<?> schema) {
        var filters = schema.attributes().stream()
                .filter(a -> !a.isHidden() && !(a.shape() instanceof Shape.Json))
                .flatMap(a -> Stream.concat(Stream.of(a.name()), a.aliases().stream()))
                .map(name -> parameter(
                        name,
                        "query",
                        map("type", "array", "items", TEXT),
                        "Only those where this is one of the values."));
        var general = Stream.of(
                fields(),
                parameter("limit", "query", map("type", "integer", "minimum", 0L), "At most so many."),
                parameter("marker", "query", TEXT, "Only those after the one of this id."),
                parameter("page_reverse", "query", map("type", "boolean"), "Those before the marker instead."),
                parameter("sort_key", "query", map("type", "array", "items", TEXT), "The attributes to order by."),
                parameter(
                        "sort_dir",
                        "query",
                        map("type", "array", "items", map("type", "string", "enum", List.of("asc", "desc"))),
                        "The direction of each sort_key."));
        return Stream.<Object>concat(filters, general).toList();
    }

    private static Map<String, Object> fields() {
        return parameter("fields", "query", map("type", "array", "items", TEXT), "Only these attributes.");
    }

    private static Map<String, Object> parameter(String name, String in, Map<String, Object> schema, String doc) {
        var parameter = map("name", name, "in", in, "description", doc, "schema", schema);
        if (in.equals("path")) {
            parameter.put("required", true);
        }
        return parameter;
    }

    private static Map<String, Object> envelope(Map<String, Object> properties) {
        return map("type", "object", "properties", properties);
    }

    private static Map<String, Object> body(Map<String, Object> schema) {
        return map("required", true, "content", map("application/json", map("schema", schema)));
    }

    private static Map<String, Object> answers(String status, Map<String, Object> schema) {
        return map(status, answer("Done.", schema), "default", answer("A fault.", ref(ERROR)));
    }

    private static Map<String, Object> answer(String doc, Map<String, Object> schema) {
        return map("description", doc, "content", map("application/json", map("schema", schema)));
    }

    private static Map<String, Object> ref(String component) {
        return map("$ref", "#/components/schemas/" + component);
    }

    private static Map<String, Object> error() {
        return envelope(map("NeutronError", envelope(map("type", TEXT, "message", TEXT, "detail", TEXT))));
    }

    /** A mutable map in the order of the pairs. */
    private static Map<String, Object> map(Object... pairs) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}

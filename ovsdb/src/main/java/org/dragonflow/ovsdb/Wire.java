package org.dragonflow.ovsdb;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values and rows as RFC 7047 section 5.1 writes them. */
final class Wire {
    static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int UUID_LENGTH = 36;

    private Wire() {}

    static JsonNode encode(Value value) {
        return switch (value) {
            case Value.Text(var text) -> NODES.stringNode(text);
            case Value.Whole(var number) -> NODES.numberNode(number);
            case Value.Real(var number) -> NODES.numberNode(number);
            case Value.Truth(var truth) -> NODES.booleanNode(truth);
            case Value.Ref(var uuid) -> tagged("uuid", NODES.stringNode(uuid.toString()));
            case Value.NamedRef(var name) -> tagged("named-uuid", NODES.stringNode(name));
            case Value.SetOf(var atoms) -> tagged("set", encode(atoms));
            case Value.MapOf(var entries) -> tagged("map", encodePairs(entries));
        };
    }

    private static ArrayNode tagged(String tag, JsonNode content) {
        return NODES.arrayNode().add(tag).add(content);
    }

    private static ArrayNode encode(Collection<? extends Value> values) {
        var array = NODES.arrayNode();
        values.forEach(value -> array.add(encode(value)));
        return array;
    }

    private static ArrayNode encodePairs(Map<Value.Atom, Value.Atom> entries) {
        var array = NODES.arrayNode();
        entries.forEach(
                (key, value) -> array.add(NODES.arrayNode().add(encode(key)).add(encode(value))));
        return array;
    }

    static ObjectNode encode(Map<String, Value> columns) {
        var object = NODES.objectNode();
        columns.forEach((column, value) -> object.set(column, encode(value)));
        return object;
    }

    static ArrayNode strings(Collection<String> texts) {
        var array = NODES.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    static Value value(JsonNode node) throws OvsdbException {
        if (!node.isArray()) {
            return atom(node);
        }
        return switch (node.path(0).asString("")) {
            case "set" -> set(node.path(1));
            case "map" -> map(node.path(1));
            case String _ -> atom(node);
        };
    }

    private static Value.Atom atom(JsonNode node) throws OvsdbException {
        if (node.isString()) {
            return new Value.Text(node.asString());
        }
        if (node.isBoolean()) {
            return new Value.Truth(node.asBoolean());
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return new Value.Whole(node.asLong());
        }
        if (node.isFloatingPointNumber() && Double.isFinite(node.doubleValue())) {
            return new Value.Real(node.doubleValue());
        }
        if (node.size() == 2 && node.path(0).asString("").equals("uuid")) {
            return new Value.Ref(uuid(node.path(1).asString("")));
        }
        throw OvsdbException.malformed("no value of a column: %s".formatted(clipped(node)));
    }

    private static Value set(JsonNode elements) throws OvsdbException {
        var atoms = new HashSet<Value.Atom>();
        for (var element : array(elements)) {
            atoms.add(atom(element));
        }
        return Value.set(atoms);
    }

    private static Value map(JsonNode pairs) throws OvsdbException {
        var entries = new HashMap<Value.Atom, Value.Atom>();
        for (var pair : array(pairs)) {
            entries.put(atom(pair.path(0)), atom(pair.path(1)));
        }
        return new Value.MapOf(entries);
    }

    static UUID uuid(String text) throws OvsdbException {
        try {
            if (text.length() == UUID_LENGTH) {
                return UUID.fromString(text);
            }
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw OvsdbException.malformed("'%s' is no UUID".formatted(clipped(text)));
    }

    static Map<String, Value> columns(JsonNode row) throws OvsdbException {
        var columns = new HashMap<String, Value>();
        for (var entry : object(row).properties()) {
            columns.put(entry.getKey(), value(entry.getValue()));
        }
        return columns;
    }

    static JsonNode object(JsonNode node) throws OvsdbException {
        if (!node.isObject()) {
            throw OvsdbException.malformed("an object was due, not %s".formatted(clipped(node)));
        }
        return node;
    }

    static JsonNode array(JsonNode node) throws OvsdbException {
        if (!node.isArray()) {
            throw OvsdbException.malformed("an array was due, not %s".formatted(clipped(node)));
        }
        return node;
    }

    static String clipped(Object content) {
        var text = content.toString();
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }
}

package org.dragonflow.ovsdb;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** The types of a database's columns, as far as reading an update needs them (RFC 7047 section 3.2). */
record Schema(Map<String, Map<String, Column>> tables) {

    /**
     * The type of a column.
     *
     * @param initial what a row holds here that does not say
     * @param composite whether it may hold more than one element, so that an update tells the difference and not the
     *     new value
     */
    record Column(Value initial, boolean composite) {

        static Column of(JsonNode type) throws OvsdbException {
            if (!type.isObject()) {
                return new Column(zero(type), false);
            }
            var max = type.path("max");
            return new Column(initial(type), max.isString() || max.asInt(1) > 1);
        }

        private static Value initial(JsonNode type) throws OvsdbException {
            boolean optional = type.path("min").asInt(1) == 0;
            var key = zero(type.path("key"));
            if (type.has("value")) {
                return new Value.MapOf(optional ? Map.of() : Map.of(key, zero(type.path("value"))));
            }
            return optional ? Value.SetOf.EMPTY : key;
        }

        private static Value.Atom zero(JsonNode base) throws OvsdbException {
            var type = base.isObject() ? base.path("type") : base;
            return switch (type.asString("")) {
                case "integer", "real" -> new Value.Whole(0);
                case "boolean" -> new Value.Truth(false);
                case "string" -> new Value.Text("");
                case "uuid" -> new Value.Ref(new UUID(0, 0));
                case String other ->
                    throw OvsdbException.malformed("no type of an atom: '%s'".formatted(Wire.clipped(other)));
            };
        }
    }

    static Schema of(JsonNode reply) throws OvsdbException {
        var tables = new HashMap<String, Map<String, Column>>();
        for (var table : Wire.object(reply.path("tables")).properties()) {
            var columns = new HashMap<String, Column>();
            for (var column : Wire.object(table.getValue().path("columns")).properties()) {
                columns.put(column.getKey(), Column.of(column.getValue().path("type")));
            }
            tables.put(table.getKey(), Map.copyOf(columns));
        }
        return new Schema(Map.copyOf(tables));
    }

    /** The part that is monitored; a column that the database lacks is an error that names it. */
    Schema only(Monitored monitored) throws OvsdbException {
        var kept = new HashMap<String, Map<String, Column>>();
        for (var table : monitored.tables().entrySet()) {
            var columns = new HashMap<String, Column>();
            for (var name : table.getValue()) {
                columns.put(name, column(table.getKey(), name));
            }
            kept.put(table.getKey(), Map.copyOf(columns));
        }
        return new Schema(Map.copyOf(kept));
    }

    /** A new row's columns before any is set. An update leaves out the columns that hold just this. */
    Map<String, Value> initialRow(String table) {
        var columns = new HashMap<String, Value>();
        tables.getOrDefault(table, Map.of()).forEach((name, type) -> columns.put(name, type.initial()));
        return columns;
    }

    Column column(String table, String column) throws OvsdbException {
        var type = tables.getOrDefault(table, Map.of()).get(column);
        if (type == null) {
            throw OvsdbException.malformed(
                    "no column '%s' in table '%s'".formatted(Wire.clipped(column), Wire.clipped(table)));
        }
        return type;
    }
}

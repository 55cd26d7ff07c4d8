package org.dragonflow.ovsdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The parameters and the result of {@code transact} (RFC 7047 sections 4.1.3 and 5.2). */
final class TransactWire {
    private TransactWire() {}

    static ArrayNode params(String database, List<Operation> operations) {
        var params = Wire.NODES.arrayNode().add(database);
        operations.forEach(operation -> params.add(encode(operation)));
        return params;
    }

    private static ObjectNode encode(Operation operation) {
        return switch (operation) {
            case Operation.Insert(var table, var row, var name) -> {
                var insert = on("insert", table).set("row", Wire.encode(row));
                yield name.map(given -> insert.put("uuid-name", given)).orElse(insert);
            }
            case Operation.Update(var table, var where, var row) ->
                where("update", table, where).set("row", Wire.encode(row));
            case Operation.Mutate(var table, var where, var mutations) ->
                where("mutate", table, where).set("mutations", mutations(mutations));
            case Operation.Delete(var table, var where) -> where("delete", table, where);
            case Operation.Select(var table, var where, var columns) -> {
                var select = where("select", table, where);
                yield columns.isEmpty() ? select : select.set("columns", columnsWithId(columns));
            }
            case Operation.Wait wait -> encode(wait);
            case Operation.Comment(var text) ->
                Wire.NODES.objectNode().put("op", "comment").put("comment", text);
        };
    }

    private static ObjectNode encode(Operation.Wait wait) {
        var node = where("wait", wait.table(), wait.where());
        node.put("timeout", wait.timeout().toMillis());
        node.set("columns", Wire.strings(new TreeSet<>(wait.columns())));
        node.put(
                "until",
                switch (wait.until()) {
                    case EQUAL -> "==";
                    case NOT_EQUAL -> "!=";
                });
        var rows = node.putArray("rows");
        wait.rows().forEach(row -> rows.add(Wire.encode(row)));
        return node;
    }

    private static ObjectNode on(String op, String table) {
        return Wire.NODES.objectNode().put("op", op).put("table", table);
    }

    private static ObjectNode where(String op, String table, List<Condition> conditions) {
        var clauses = Wire.NODES.arrayNode();
        conditions.forEach(condition ->
                clauses.add(triple(condition.column(), condition.comparison().symbol(), condition.value())));
        return on(op, table).set("where", clauses);
    }

    private static ArrayNode mutations(List<Mutation> mutations) {
        var changes = Wire.NODES.arrayNode();
        mutations.forEach(mutation ->
                changes.add(triple(mutation.column(), mutation.mutator().symbol(), mutation.value())));
        return changes;
    }

    private static ArrayNode triple(String column, String symbol, Value value) {
        return Wire.NODES.arrayNode().add(column).add(symbol).add(Wire.encode(value));
    }

    private static ArrayNode columnsWithId(Set<String> columns) {
        var names = new TreeSet<>(columns);
        names.add(Edit.ROW_ID);
        return Wire.strings(names);
    }

    static Outcome outcome(List<Operation> operations, JsonNode reply) throws OvsdbException {
        Wire.array(reply);
        // A commit that fails adds one element; an operation that fails is followed by nulls or by nothing.
        for (int i = 0; i < reply.size(); i++) {
            if (reply.path(i).has("error")) {
                return refused(operations, i, reply.path(i));
            }
        }
        if (reply.size() != operations.size()) {
            throw OvsdbException.malformed("%d results for %d operations".formatted(reply.size(), operations.size()));
        }
        var results = new ArrayList<Outcome.Result>();
        for (int i = 0; i < operations.size(); i++) {
            results.add(result(operations.get(i), reply.path(i)));
        }
        return new Outcome.Committed(results);
    }

    private static Outcome.Refused refused(List<Operation> operations, int index, JsonNode error) {
        return new Outcome.Refused(
                index,
                index < operations.size() ? Optional.of(operations.get(index)) : Optional.empty(),
                error.path("error").asString(""),
                error.path("details").asString(""));
    }

    private static Outcome.Result result(Operation operation, JsonNode result) throws OvsdbException {
        return switch (operation) {
            case Operation.Insert _ -> inserted(result);
            case Operation.Update _, Operation.Mutate _, Operation.Delete _ -> counted(result);
            case Operation.Select _ -> selected(result);
            case Operation.Wait _, Operation.Comment _ -> new Outcome.Result.Done();
        };
    }

    private static Outcome.Result inserted(JsonNode result) throws OvsdbException {
        return new Outcome.Result.Inserted(Wire.uuid(result.path("uuid").path(1).asString("")));
    }

    private static Outcome.Result counted(JsonNode result) throws OvsdbException {
        var count = result.path("count");
        if (!count.canConvertToLong()) {
            throw OvsdbException.malformed("no count in %s".formatted(Wire.clipped(result)));
        }
        return new Outcome.Result.Counted(count.asLong());
    }

    private static Outcome.Result selected(JsonNode result) throws OvsdbException {
        var rows = new ArrayList<Row>();
        for (var row : Wire.array(result.path("rows"))) {
            rows.add(row(new HashMap<>(Wire.columns(row))));
        }
        return new Outcome.Result.Selected(rows);
    }

    private static Row row(Map<String, Value> columns) throws OvsdbException {
        if (columns.remove(Edit.ROW_ID) instanceof Value.Ref(var uuid)) {
            return new Row(uuid, columns);
        }
        throw OvsdbException.malformed("a row without its UUID");
    }
}

package org.dragonflow.ovsdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * The monitored rows as this side knows them, brought forward by {@code table-updates2} (ovsdb-server(7), 4.1.14).
 *
 * <p>An update is read as a whole before anything is changed, so that one that cannot be read changes nothing.
 */
final class Contents {
    private final Map<String, Map<UUID, Row>> tables = new HashMap<>();

    /** Applies an update to what is known, and tells what that changed. */
    List<Change> update(JsonNode updates, Schema schema) throws OvsdbException {
        var changes = read(updates, schema);
        commit(changes);
        return changes;
    }

    /** Takes an update for the whole contents, and tells in what they differ from what was known. */
    List<Change> reload(JsonNode updates, Schema schema) throws OvsdbException {
        var fresh = new Contents();
        fresh.update(updates, schema);
        var changes = differences(fresh);
        commit(changes);
        return changes;
    }

    private Map<UUID, Row> rows(String table) {
        return tables.getOrDefault(table, Map.of());
    }

    private List<Change> differences(Contents fresh) {
        var names = new HashSet<>(tables.keySet());
        names.addAll(fresh.tables.keySet());
        var changes = new ArrayList<Change>();
        for (var table : names) {
            var uuids = new HashSet<>(rows(table).keySet());
            uuids.addAll(fresh.rows(table).keySet());
            for (var uuid : uuids) {
                note(table, uuid, Optional.ofNullable(fresh.rows(table).get(uuid)), changes);
            }
        }
        return changes;
    }

    private List<Change> read(JsonNode updates, Schema schema) throws OvsdbException {
        var changes = new ArrayList<Change>();
        for (var table : Wire.object(updates).properties()) {
            for (var row : Wire.object(table.getValue()).properties()) {
                var uuid = Wire.uuid(row.getKey());
                note(table.getKey(), uuid, after(table.getKey(), uuid, row.getValue(), schema), changes);
            }
        }
        return changes;
    }

    private void note(String table, UUID uuid, Optional<Row> after, List<Change> changes) {
        var before = Optional.ofNullable(rows(table).get(uuid));
        if (!before.equals(after)) {
            changes.add(new Change(table, uuid, before, after));
        }
    }

    private Optional<Row> after(String table, UUID uuid, JsonNode update, Schema schema) throws OvsdbException {
        if (update.has("delete")) {
            return Optional.empty();
        }
        if (update.has("modify")) {
            var before = rows(table).get(uuid);
            if (before == null) {
                throw OvsdbException.malformed(
                        "a modification of row %s in %s, which is not known".formatted(uuid, table));
            }
            return Optional.of(modified(table, before, update.path("modify"), schema));
        }
        if (update.has("insert") || update.has("initial")) {
            var row = update.path(update.has("insert") ? "insert" : "initial");
            var columns = schema.initialRow(table);
            columns.putAll(Wire.columns(row));
            return Optional.of(new Row(uuid, columns));
        }
        throw OvsdbException.malformed(
                "an update of a row that is none of the four: %s".formatted(Wire.clipped(update)));
    }

    private static Row modified(String table, Row before, JsonNode changes, Schema schema) throws OvsdbException {
        var columns = new HashMap<>(before.columns());
        for (var change : Wire.columns(changes).entrySet()) {
            var type = schema.column(table, change.getKey());
            columns.merge(change.getKey(), change.getValue(), type.composite() ? Contents::toggled : (_, now) -> now);
        }
        return new Row(before.uuid(), columns);
    }

    /** The value that differs from {@code old} by {@code difference}: an element or pair in both is one that went. */
    static Value toggled(Value old, Value difference) {
        if (difference instanceof Value.MapOf(var pairs)) {
            var entries =
                    new HashMap<>(old instanceof Value.MapOf(var known) ? known : Map.<Value.Atom, Value.Atom>of());
            pairs.forEach(
                    (key, value) -> entries.compute(key, (_, known) -> Objects.equals(known, value) ? null : value));
            return new Value.MapOf(entries);
        }
        var atoms = new HashSet<>(old.atoms());
        for (var atom : difference.atoms()) {
            if (!atoms.remove(atom)) {
                atoms.add(atom);
            }
        }
        return Value.set(atoms);
    }

    private void commit(List<Change> changes) {
        for (var change : changes) {
            var rows = tables.computeIfAbsent(change.table(), _ -> new HashMap<>());
            change.after().ifPresentOrElse(row -> rows.put(change.uuid(), row), () -> rows.remove(change.uuid()));
        }
    }
}

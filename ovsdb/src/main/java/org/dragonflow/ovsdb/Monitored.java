package org.dragonflow.ovsdb;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What to replicate: some columns of some tables of a database. */
public record Monitored(String database, Map<String, Set<String>> tables) {

    public Monitored {
        tables = tables.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Set.copyOf(entry.getValue())));
    }

    /** What the typed rows of a switch's own database read. */
    public static Monitored vswitch() {
        return new Monitored(
                Vswitch.DATABASE,
                Map.of(
                        OpenVSwitchRow.TABLE, OpenVSwitchRow.COLUMNS,
                        BridgeRow.TABLE, BridgeRow.COLUMNS,
                        PortRow.TABLE, PortRow.COLUMNS,
                        InterfaceRow.TABLE, InterfaceRow.COLUMNS));
    }

    JsonNode requests() {
        var requests = Wire.NODES.objectNode();
        new TreeMap<>(tables)
                .forEach((table, columns) ->
                        requests.putArray(table).addObject().set("columns", Wire.strings(new TreeSet<>(columns))));
        return requests;
    }
}

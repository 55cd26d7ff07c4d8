package org.dragonflow.ovsdb;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A row of table Port (ovs-vswitchd.conf.db(5)): what a bridge forwards through, usually one interface. */
public record PortRow(
        UUID uuid, String name, Set<UUID> interfaces, Optional<Integer> tag, Map<String, String> externalIds) {
    public static final String TABLE = "Port";
    static final Set<String> COLUMNS = Set.of("name", "interfaces", "tag", "external_ids");

    public static PortRow of(Row row) {
        return new PortRow(
                row.uuid(),
                row.text("name").orElse(""),
                row.refs("interfaces"),
                row.whole("tag").map(Long::intValue),
                row.map("external_ids"));
    }
}

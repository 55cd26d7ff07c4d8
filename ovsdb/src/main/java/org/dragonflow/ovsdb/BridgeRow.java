package org.dragonflow.ovsdb;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A row of table Bridge (ovs-vswitchd.conf.db(5)): one virtual switch. */
public record BridgeRow(
        UUID uuid,
        String name,
        Set<UUID> ports,
        Optional<String> failMode,
        String datapathType,
        Set<UUID> controllers,
        Map<String, String> externalIds,
        Set<String> protocols) {
    public static final String TABLE = "Bridge";
    static final Set<String> COLUMNS =
            Set.of("name", "ports", "fail_mode", "datapath_type", "controller", "external_ids", "protocols");

    public static BridgeRow of(Row row) {
        return new BridgeRow(
                row.uuid(),
                row.text("name").orElse(""),
                row.refs("ports"),
                row.text("fail_mode"),
                row.text("datapath_type").orElse(""),
                row.refs("controller"),
                row.map("external_ids"),
                row.textSet("protocols"));
    }
}

package org.dragonflow.ovsdb;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The one row of table Open_vSwitch (ovs-vswitchd.conf.db(5)): the switch software on this machine. */
public record OpenVSwitchRow(UUID uuid, Map<String, String> externalIds, Optional<String> ovsVersion) {
    public static final String TABLE = "Open_vSwitch";
    static final Set<String> COLUMNS = Set.of("external_ids", "ovs_version");

    public static OpenVSwitchRow of(Row row) {
        return new OpenVSwitchRow(row.uuid(), row.map("external_ids"), row.text("ovs_version"));
    }
}

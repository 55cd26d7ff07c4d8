package org.dragonflow.agent;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/**
 * How a chassis gets onto a physical network: by a cable to another bridge of the same switch, or by a device on the integration bridge itself.
 *
 * @param target the bridge or device
 */
record Way(String chassis, String physicalNetwork, String target) {
    /** What the ports of a way bear among their external ids: the physical network. */
    static final String NETWORK = "dragonflow-physical-network";

    /** The end of the cable that is on the integration bridge. */
    String near() {
        var unique = UUID.nameUUIDFromBytes((chassis + " " + physicalNetwork).getBytes(StandardCharsets.UTF_8));
        return "df-" + unique.toString().substring(0, 8);
    }

    /** The end of the cable that is on the bridge that leads further. */
    String far() {
        return near() + "-int";
    }

    Map<String, String> externalIds() {
        return Map.of(NETWORK, physicalNetwork);
    }
}

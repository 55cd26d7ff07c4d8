package org.dragonflow.ovsdb;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A port of a bridge, and its one interface, as they should be.
 *
 * @param type what the switch makes of the interface; empty for a device of the system
 * @param options all that the interface has; empty leaves those of others alone
 * @param externalIds what the port and its interface bear beside our mark
 */
public record PortSpec(
        String name, String type, Optional<Map<String, String>> options, Map<String, String> externalIds) {
    public PortSpec {
        options = options.map(Map::copyOf);
        externalIds = Map.copyOf(externalIds);
    }

    /** How packets of a tunnel are wrapped. */
    public enum Wrapping {
        GENEVE("geneve"),
        VXLAN("vxlan");

        private final String word;

        Wrapping(String word) {
            this.word = word;
        }
    }

    /** A tunnel whose remote end and key each packet's flow sets; the options are added to those two. */
    public static PortSpec tunnel(String name, Wrapping wrapping, Map<String, String> options) {
        var all = new HashMap<>(options);
        all.put("remote_ip", "flow");
        all.put("key", "flow");
        return new PortSpec(name, wrapping.word, Optional.of(all), Map.of());
    }

    /** One end of a cable between two bridges of the same switch. */
    public static PortSpec patch(String name, String peer, Map<String, String> externalIds) {
        return new PortSpec(name, "patch", Optional.of(Map.of("peer", peer)), externalIds);
    }

    /** A device that the switch makes, where it runs itself. */
    public static PortSpec internal(String name, Map<String, String> externalIds) {
        return new PortSpec(name, "internal", Optional.empty(), externalIds);
    }

    /** A device that the system has already. */
    public static PortSpec device(String name, Map<String, String> externalIds) {
        return new PortSpec(name, "", Optional.empty(), externalIds);
    }
}

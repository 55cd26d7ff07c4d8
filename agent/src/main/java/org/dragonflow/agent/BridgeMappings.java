package org.dragonflow.agent;

import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * By what a chassis gets onto physical networks: for each the name of a bridge, or of a device.
 *
 * @param targets by the name of the physical network
 */
public record BridgeMappings(Map<String, String> targets) {
    public static final BridgeMappings NONE = new BridgeMappings(Map.of());

    private static final int LONGEST_NETWORK = 64;

    /** What the kernel takes as the name of a device, and Open vSwitch of a bridge. */
    private static final int LONGEST_TARGET = 15;

    public BridgeMappings {
        targets = Map.copyOf(targets);
    }

    /**
     * Reads {@code physnet1:br-ex,physnet2:eth1}.
     *
     * @throws IllegalArgumentException if it is not of this form, or a name is there twice
     */
    public static BridgeMappings parse(String text) {
        var targets = new TreeMap<String, String>();
        for (var pair : text.split(",", -1)) {
            if (!pair.isBlank()) {
                int colon = pair.lastIndexOf(':');
                var network = pair.substring(0, Math.max(0, colon)).strip();
                var target = pair.substring(colon + 1).strip();
                require(network, target, pair.strip());
                if (targets.put(network, target) != null) {
                    throw new IllegalArgumentException("physical network %s is mapped twice".formatted(network));
                }
            }
        }
        if (new HashSet<>(targets.values()).size() < targets.size()) {
            throw new IllegalArgumentException("two physical networks by the same bridge: " + text);
        }
        return new BridgeMappings(targets);
    }

    private static void require(String network, String target, String pair) {
        if (network.isEmpty() || target.isEmpty()) {
            throw new IllegalArgumentException("'%s' is not of the form PHYSICAL-NETWORK:BRIDGE".formatted(pair));
        }
        if (network.length() > LONGEST_NETWORK) {
            throw new IllegalArgumentException("'%s' is too long for a physical network: %d characters at most"
                    .formatted(network, LONGEST_NETWORK));
        }
        if (target.length() > LONGEST_TARGET || target.contains("/")) {
            throw new IllegalArgumentException("'%s' is no name of a bridge or device".formatted(target));
        }
    }

    @Override
    public String toString() {
        return new TreeMap<>(targets).toString();
    }
}

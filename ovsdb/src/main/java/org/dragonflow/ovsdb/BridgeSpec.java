package org.dragonflow.ovsdb;

import java.util.Set;

/**
 * A bridge as it should be: fail mode secure, with these protocols at least.
 *
 * @param datapathType {@code system} for the kernel's datapath, {@code netdev} for the one in user space
 */
public record BridgeSpec(String name, String datapathType, Set<String> protocols) {
    public BridgeSpec {
        protocols = Set.copyOf(protocols);
    }

    /** Open to the controller, and to tools that speak the older versions. */
    public static BridgeSpec integration(String name, String datapathType) {
        return new BridgeSpec(name, datapathType, Set.of("OpenFlow10", "OpenFlow13", "OpenFlow15"));
    }
}

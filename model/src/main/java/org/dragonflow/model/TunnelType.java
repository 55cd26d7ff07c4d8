package org.dragonflow.model;

import java.util.Locale;

/** How packets of one chassis are wrapped on their way to another. */
public enum TunnelType {
    GENEVE,
    VXLAN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

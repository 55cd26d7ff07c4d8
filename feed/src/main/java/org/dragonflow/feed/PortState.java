package org.dragonflow.feed;

import java.util.Locale;

/** What a chassis has to say of a port that is bound to it, or that it is to be ready for. */
public enum PortState {
    /** It is plugged in, and the switch holds its flows. */
    UP,
    /** It is not plugged in. */
    DOWN,
    /** It is plugged in, but the switch refused some of its flows. */
    DEGRADED;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}

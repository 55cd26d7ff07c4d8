package org.dragonflow.explain;

import java.util.Map;
import org.dragonflow.model.Port;
import org.dragonflow.model.Schema;

/** Ports as a client changes them. */
final class Ports {
    private Ports() {}

    static Port down(Port port) {
        return Schema.of(Port.class).with(port, Map.of("admin_state_up", false));
    }
}

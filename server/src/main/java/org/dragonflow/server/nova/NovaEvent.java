package org.dragonflow.server.nova;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;

/**
 * Something that Nova is to know of a port of one of its servers, in the words of its {@code os-server-external-events}.
 *
 * @param server the UUID of Nova's server
 */
record NovaEvent(Name name, String server, Id<Port> port) {
    /** What has happened. */
    enum Name {
        PLUGGED("network-vif-plugged", Optional.of("completed")),
        NOT_PLUGGED("network-vif-plugged", Optional.of("failed")),
        UNPLUGGED("network-vif-unplugged", Optional.of("completed")),
        DELETED("network-vif-deleted", Optional.empty()),
        CHANGED("network-changed", Optional.empty());

        private final String wire;
        private final Optional<String> status;

        Name(String wire, Optional<String> status) {
            this.wire = wire;
            this.status = status;
        }
    }

    /** Of two events of the same matter, the later says all. */
    record Matter(Id<Port> port, boolean isOfAddresses) {}

    Matter matter() {
        return new Matter(port, name == Name.CHANGED);
    }

    Map<String, String> json() {
        var json = new LinkedHashMap<String, String>();
        json.put("name", name.wire);
        json.put("server_uuid", server);
        json.put("tag", port.value());
        name.status.ifPresent(status -> json.put("status", status));
        return json;
    }

    @Override
    public String toString() {
        return "%s of port %s to server %s".formatted(name.wire, port, server);
    }
}

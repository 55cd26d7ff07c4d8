package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.Port;
import org.dragonflow.model.View;

/** Shows which of the addresses that it shares with others a port has now. */
final class ActiveAddresses {
    /** An attribute of ports that Neutron does not have. */
    static final String ATTRIBUTE = "dragonflow:active_addresses";

    private ActiveAddresses() {}

    static List<Map<String, String>> shown(View view, Port port) {
        return of(view, port)
                .map(active -> Map.of(
                        "ip_address", active.ipAddress().toString(),
                        "mac_address", active.macAddress().toString()))
                .toList();
    }

    /** Whether a port has one of the addresses. */
    static Predicate<Port> had(View view, List<String> addresses) {
        return port -> of(view, port)
                .anyMatch(active -> addresses.contains(active.ipAddress().toString()));
    }

    private static Stream<ActivePort> of(View view, Port port) {
        return view.find(ActivePort.of(port.id()))
                .filter(active -> active.isAllowedTo(port) && active.isToBeHad(view))
                .sorted((one, other) -> one.ipAddress().compareTo(other.ipAddress()));
    }
}

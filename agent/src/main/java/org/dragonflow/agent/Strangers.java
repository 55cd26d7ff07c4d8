package org.dragonflow.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Port;
import org.dragonflow.model.View;

/** Interfaces that are for a port that is none of this chassis, or that another is for as well. */
final class Strangers {
    private final Id<Chassis> chassis;
    private final Duration patience;
    private final Map<Id<Interface>, Instant> since = new HashMap<>();

    /** Strangers are mentioned once they have been so for this long: a port may be plugged in before it is bound. */
    Strangers(Id<Chassis> chassis, Duration patience) {
        this.chassis = chassis;
        this.patience = patience;
    }

    /** A text for each interface whose port is not bound here. */
    Map<String, String> unknown(Collection<Interface> plugged, View northbound, Instant now) {
        var strange = plugged.stream()
                .filter(device -> device.ifaceId().isPresent())
                .filter(device -> device.ifaceId()
                        .flatMap(northbound::get)
                        .filter(port -> port.isExpectedAt(chassis))
                        .isEmpty())
                .collect(Collectors.toMap(Interface::id, device -> device));
        since.keySet().retainAll(strange.keySet());
        strange.keySet().forEach(id -> since.putIfAbsent(id, now));
        return strange.values().stream()
                .filter(device ->
                        !now.isBefore(since.getOrDefault(device.id(), now).plus(patience)))
                .collect(Collectors.toMap(
                        device -> device.id().value(),
                        device -> "interface %s has iface-id %s, and no such port is bound to %s"
                                .formatted(
                                        device.id(),
                                        device.ifaceId().map(Id::value).orElse(""),
                                        chassis)));
    }

    /** A text for each port that several interfaces are for. */
    Map<String, String> twice(Collection<Interface> plugged) {
        var byPort = plugged.stream()
                .filter(device -> device.ifaceId().isPresent())
                .collect(Collectors.groupingBy(device -> device.ifaceId().orElseThrow()));
        return byPort.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .collect(Collectors.toMap(
                        entry -> entry.getKey().value(), entry -> twice(entry.getKey(), entry.getValue())));
    }

    private static String twice(Id<Port> port, Collection<Interface> devices) {
        var names = devices.stream().map(device -> device.id().value()).sorted().collect(Collectors.joining(" and "));
        return "interfaces %s all have iface-id %s; the one with the lowest OpenFlow port number is used"
                .formatted(names, port);
    }
}

package org.dragonflow.server.neutron;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Segment;
import org.dragonflow.model.View;

/**
 * Which chassis stands for a port that is nobody's card: a floating IP is where its server is, and a router is met on a wire at one of the
 * chassis that reach it.
 */
final class EdgeBindings {
    private EdgeBindings() {}

    /** Whether where the port is follows from where others are. */
    static boolean isBoundByOthers(View view, Port port) {
        return switch (port.deviceOwner()) {
            case Port.FLOATING_IP, Port.ROUTER_GATEWAY -> true;
            case Port.ROUTER_INTERFACE -> wires(view, port).findAny().isPresent();
            default -> false;
        };
    }

    /** Where such a port is to be; nowhere, if nobody can stand for it. */
    static Optional<Id<Chassis>> host(View view, Port port) {
        return port.deviceOwner().equals(Port.FLOATING_IP)
                ? view.find(FloatingIp.at(port.id())).findFirst().flatMap(floating -> host(view, floating))
                : elected(view, port);
    }

    private static Optional<Id<Chassis>> host(View view, FloatingIp floating) {
        var of = floating.portId().or(floating::gatewayPortId);
        return of.flatMap(view::get).flatMap(port -> port.hostId().or(() -> holder(view, floating, port)));
    }

    /** Where the port is that has announced the address, if the one that stands for it is nowhere. */
    private static Optional<Id<Chassis>> holder(View view, FloatingIp floating, Port port) {
        return floating.fixedIpAddress()
                .flatMap(address -> view.get(ActivePort.at(port.networkId(), address)))
                .flatMap(active -> view.get(active.portId()).filter(active::isAllowedTo))
                .flatMap(Port::hostId);
    }

    private static Stream<String> wires(View view, Port port) {
        return view.find(Segment.of(port.networkId())).flatMap(segment -> segment.physicalNetwork().stream());
    }

    /** Who stands for it goes on to do so as long as it can; else the lot decides, the same way on every server. */
    private static Optional<Id<Chassis>> elected(View view, Port port) {
        var able = wires(view, port)
                .distinct()
                .flatMap(
                        wire -> view.find(Chassis.on(wire)).filter(chassis -> chassis.alive() && chassis.reaches(wire)))
                .map(Chassis::id)
                .distinct()
                .toList();
        return port.hostId()
                .filter(able::contains)
                .or(() -> able.stream().max(Comparator.comparingLong(chassis -> lot(chassis, port))));
    }

    private static long lot(Id<Chassis> chassis, Port port) {
        var lot = new CRC32C();
        lot.update("%s %s".formatted(chassis, port.id()).getBytes(StandardCharsets.UTF_8));
        return lot.getValue();
    }
}

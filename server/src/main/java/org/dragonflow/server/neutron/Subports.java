package org.dragonflow.server.neutron;

import java.util.Map;
import java.util.Optional;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Trunk;
import org.dragonflow.store.Edit;

/** Has the ports that trunks carry be where their trunk's own port is, and trunks say how it stands with their ports. */
public final class Subports {
    private final Ports ports;

    Subports(Ports ports) {
        this.ports = ports;
    }

    /** The port is carried from now on. */
    void take(Edit edit, Trunk trunk, Id<Port> id) {
        var host = edit.get(trunk.portId()).flatMap(Port::hostId);
        edit.get(id).ifPresent(port -> ports.move(edit, port, Port.SUB_PORT, host));
    }

    /** The port is carried no more. */
    void release(Edit edit, Id<Port> id) {
        edit.get(id).ifPresent(port -> ports.move(edit, port, "", Optional.empty()));
    }

    /** Does what follows for others from where a port is, and whether it is switched on. */
    void follow(Edit edit, Port port) {
        edit.find(Trunk.carriedBy(port.id()))
                .flatMap(trunk -> trunk.subPorts().stream())
                .flatMap(subPort -> edit.get(subPort.portId()).stream())
                .filter(subPort -> !subPort.hostId().equals(port.hostId()))
                .toList()
                .forEach(subPort -> ports.move(edit, subPort, subPort.deviceOwner(), port.hostId()));
        review(edit, port.id());
    }

    /** Refuses to put a port that is carried elsewhere than the port that carries it. */
    static void requireNotCarried(Edit edit, Port port, Optional<Id<Chassis>> host) {
        if (!host.equals(port.hostId())) {
            edit.find(Trunk.carrying(port.id())).findFirst().ifPresent(trunk -> {
                throw Refusals.portInUseAsSubPort(port.id(), trunk.id());
            });
        }
    }

    /** Has the trunk that a port is part of say how it stands. */
    // Not a new revision_number: that counts what users change.
    public static void review(Edit edit, Id<Port> port) {
        edit.find(Trunk.carriedBy(port))
                .findFirst()
                .or(() -> edit.find(Trunk.carrying(port)).findFirst())
                .filter(trunk -> trunk.status() != trunk.standing(edit))
                .ifPresent(trunk -> edit.replace(Schema.of(trunk).with(trunk, Map.of("status", trunk.standing(edit)))));
    }
}

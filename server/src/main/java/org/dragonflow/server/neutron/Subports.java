package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Port.Binding;
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
        var parent = edit.get(trunk.portId()).orElseThrow();
        edit.get(id).ifPresent(port -> ports.move(edit, port, Port.SUB_PORT, parent.hostId(), awaited(parent, port)));
    }

    /** The port is carried no more. */
    void release(Edit edit, Id<Port> id) {
        edit.get(id).ifPresent(port -> ports.move(edit, port, "", Optional.empty(), List.of()));
    }

    /** Does what follows for others from where a port is and may come to be, and whether it is switched on. */
    void follow(Edit edit, Port port) {
        edit.find(Trunk.carriedBy(port.id()))
                .flatMap(trunk -> trunk.subPorts().stream())
                .flatMap(subPort -> edit.get(subPort.portId()).stream())
                .filter(subPort -> !subPort.hostId().equals(port.hostId())
                        || !subPort.inactiveBindings().equals(awaited(port, subPort)))
                .toList()
                .forEach(subPort ->
                        ports.move(edit, subPort, subPort.deviceOwner(), port.hostId(), awaited(port, subPort)));
        review(edit, port.id());
    }

    /** Where a subport may come to be: with the port that carries it. */
    private static List<Binding> awaited(Port parent, Port subPort) {
        return parent.inactiveBindings().stream()
                .map(Binding::host)
                .map(host -> subPort.inactiveBindings().stream()
                        .filter(binding -> binding.host().equals(host))
                        .findFirst()
                        .orElseGet(() -> new Binding(host, subPort.vnicType(), Map.of())))
                .toList();
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

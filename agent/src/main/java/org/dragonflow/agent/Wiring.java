package org.dragonflow.agent;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.dragonflow.agent.metadata.MetadataSpace;
import org.dragonflow.model.TunnelType;
import org.dragonflow.ovsdb.BridgeSpec;
import org.dragonflow.ovsdb.Database;
import org.dragonflow.ovsdb.Effect;
import org.dragonflow.ovsdb.OvsdbException;
import org.dragonflow.ovsdb.PortSpec;
import org.dragonflow.ovsdb.Queues;
import org.dragonflow.ovsdb.Vswitch;

/**
 * Has the switch's database hold the integration bridge with all that is ours on it: tunnels, ways onto physical networks, and how those are
 * shared.
 */
final class Wiring {
    /**
     * What depends on what the agent has heard.
     *
     * @param isNameless whether Open vSwitch has no system id, and is to be given one
     * @param mappings how to get onto physical networks; empty leaves that as it is
     * @param shares of the ports that lead there; empty leaves them as they are
     */
    record Wanted(boolean isNameless, Optional<BridgeMappings> mappings, Optional<WireShares> shares) {}

    private final Config config;
    private final Vswitch database;
    private final Queues queues;
    private final List<String> faults = new ArrayList<>();

    private Wiring(Config config, Database database) {
        this.config = config;
        this.database = new Vswitch(database, config.chassis().value());
        this.queues = new Queues(database, config.chassis().value());
    }

    /** Makes what is missing, puts right what is not as it should be, takes away what is ours and not wanted any more; what it could not do, in words. */
    static List<String> seeTo(Config config, Database database, Wanted wanted) {
        var wiring = new Wiring(config, database);
        try {
            wiring.seeToBridge();
            if (wanted.mappings().isPresent()) {
                wiring.seeToWays(wanted.mappings().get());
            }
            // Where it cannot be read what leads where, all stays.
            if (wanted.shares().isPresent() && wanted.mappings().isPresent()) {
                wiring.seeToQueues(wanted.shares().get());
            }
            if (wanted.isNameless()) {
                wiring.note(wiring.database.ensureSystemId(UUID.randomUUID().toString()));
            }
        } catch (OvsdbException e) {
            wiring.faults.add("cannot see to bridge %s: %s".formatted(config.bridge(), e.fault()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return wiring.faults;
    }

    private void seeToBridge() throws OvsdbException, InterruptedException {
        note(database.ensureBridge(BridgeSpec.integration(config.bridge(), config.datapathType())));
        for (var type : config.tunnelTypes()) {
            note(database.ensurePort(config.bridge(), tunnel(type)));
        }
        if (config.metadata().isPresent()) {
            var purpose = Map.of(Plugged.PURPOSE, Plugged.METADATA);
            note(database.ensurePort(config.bridge(), PortSpec.internal(MetadataSpace.DEVICE, purpose)));
        }
    }

    private static PortSpec tunnel(TunnelType type) {
        return switch (type) {
            case GENEVE -> PortSpec.tunnel("df-geneve", PortSpec.Wrapping.GENEVE, Map.of());
            case VXLAN -> PortSpec.tunnel("df-vxlan", PortSpec.Wrapping.VXLAN, Map.of());
        };
    }

    private void seeToWays(BridgeMappings mappings) throws OvsdbException, InterruptedException {
        var kept = new HashSet<String>();
        for (var mapping : mappings.targets().entrySet()) {
            kept.addAll(seeTo(new Way(config.chassis().value(), mapping.getKey(), mapping.getValue())));
        }
        note(database.retainPorts(Way.NETWORK, kept));
    }

    private void seeToQueues(WireShares shares) throws OvsdbException, InterruptedException {
        for (var spec : shares.specs()) {
            note(queues.ensure(spec));
        }
        note(queues.retain(shares.ports()));
    }

    /** Gives the names of the ports that it may go by. */
    private Set<String> seeTo(Way way) throws OvsdbException, InterruptedException {
        if (way.target().equals(config.bridge())) {
            faults.add("physical network %s cannot go by %s itself: map it to a bridge that leads onto it"
                    .formatted(way.physicalNetwork(), way.target()));
            return Set.of();
        }
        var far = database.ensurePort(way.target(), PortSpec.patch(way.far(), way.near(), way.externalIds()));
        if (!(far instanceof Effect.Absent)) {
            note(far);
            note(database.ensurePort(config.bridge(), PortSpec.patch(way.near(), way.far(), way.externalIds())));
            return Set.of(way.near(), way.far());
        }
        if (isDevice(way.target())) {
            var effect = database.ensurePort(config.bridge(), PortSpec.device(way.target(), way.externalIds()));
            if (effect instanceof Effect.Foreign) {
                faults.add("physical network %s cannot go by %s, which is a port of Open vSwitch that is not ours:"
                                .formatted(way.physicalNetwork(), way.target())
                        + " map it to the bridge of that port, or: ovs-vsctl del-port " + way.target());
            } else {
                note(effect);
            }
            return Set.of(way.target());
        }
        faults.add("physical network %s is to go by %s, and there is no bridge %s: ovs-vsctl add-br %s"
                .formatted(way.physicalNetwork(), way.target(), way.target(), way.target()));
        // What was made when there was one stays, and works again with it.
        return Set.of(way.near(), way.far(), way.target());
    }

    private static boolean isDevice(String name) {
        try {
            return NetworkInterface.getByName(name) != null;
        } catch (SocketException _) {
            return false;
        }
    }

    private void note(Effect effect) {
        switch (effect) {
            case Effect.Unchanged _, Effect.Changed _ -> {}
            case Effect.Foreign(var table, var name) ->
                faults.add("%s %s is not ours, and is left as it is".formatted(table, name));
            case Effect.Absent(var table, var name) -> faults.add("there is no %s %s".formatted(table, name));
            case Effect.Failed(var refusal) -> faults.add("the database refused: " + refusal);
        }
    }
}

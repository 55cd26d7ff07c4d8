package org.dragonflow.server.neutron;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Detour;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Query;
import org.dragonflow.model.Segment;
import org.dragonflow.model.TunnelType;
import org.dragonflow.model.View;
import org.dragonflow.store.Edit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** By way of which other chassis those whose link is down, or that have none, reach an external network. */
final class Detours {
    private static final Logger LOG = LoggerFactory.getLogger(Detours.class);

    private Detours() {}

    /** The external networks: it matters for all of them how the links of a chassis are, and that it has none. */
    static Stream<Id<Network>> touched(View view) {
        return view.find(Query.all(Network.class))
                .filter(Network::routerExternal)
                .map(Network::id);
    }

    /** Gives those to the network that should be, and takes those that should not. */
    static void settle(Edit edit, Id<Network> network) {
        var due = due(edit, network);
        for (var there : edit.find(Detour.to(network)).toList()) {
            var wanted = Optional.ofNullable(due.remove(there.id()));
            if (wanted.isEmpty()) {
                LOG.info("{} reaches network {} by itself again", there.chassis(), network);
                edit.delete(there);
            } else if (!wanted.get().equals(there)) {
                tell(edit, wanted.get());
                edit.replace(wanted.get());
            }
        }
        due.values().forEach(detour -> {
            tell(edit, detour);
            edit.create(detour);
        });
    }

    private static void tell(View view, Detour detour) {
        boolean isConnected = view.find(Segment.of(detour.networkId()))
                .flatMap(segment -> segment.physicalNetwork().stream())
                .anyMatch(wire -> view.get(detour.chassis())
                        .filter(chassis -> chassis.isConnectedTo(wire))
                        .isPresent());
        if (isConnected) {
            LOG.warn(
                    "the link of {} to network {} is down: it goes by way of {}",
                    detour.chassis(),
                    detour.networkId(),
                    detour.via());
        } else {
            LOG.info(
                    "{} has no link to network {}: it goes by way of {}",
                    detour.chassis(),
                    detour.networkId(),
                    detour.via());
        }
    }

    private static Map<Id<Detour>, Detour> due(View view, Id<Network> id) {
        var due = new HashMap<Id<Detour>, Detour>();
        view.get(id).filter(Network::routerExternal).stream()
                .flatMap(network -> view.find(Segment.of(network.id())))
                .flatMap(segment -> segment.physicalNetwork().stream())
                .flatMap(wire -> view.find(Query.all(Chassis.class))
                        .filter(chassis -> !chassis.reaches(wire))
                        .flatMap(chassis -> via(view, id, chassis, wire).stream()))
                .forEach(detour -> due.put(detour.id(), detour));
        return due;
    }

    /** Who lends the wire goes on to do so as long as it can; else the lot decides. */
    private static Optional<Detour> via(View view, Id<Network> network, Chassis chassis, String wire) {
        var able = view.find(Chassis.on(wire))
                .filter(other -> other.alive() && other.reaches(wire) && isJoinedTo(chassis, other))
                .map(Chassis::id)
                .toList();
        return view.get(Detour.of(network, chassis.id()))
                .map(Detour::via)
                .filter(able::contains)
                .or(() -> able.stream().max(Comparator.comparingLong(other -> lot(chassis, other))))
                .map(other -> Detour.of(network, chassis.id(), other));
    }

    /** Whether a tunnel leads from one to the other that says for which port a packet is. */
    private static boolean isJoinedTo(Chassis one, Chassis other) {
        return one.address().version() == other.address().version()
                && one.tunnelTypes().contains(TunnelType.GENEVE)
                && other.tunnelTypes().contains(TunnelType.GENEVE);
    }

    private static long lot(Chassis chassis, Id<Chassis> other) {
        var lot = new CRC32C();
        lot.update("%s %s".formatted(chassis.id(), other).getBytes(StandardCharsets.UTF_8));
        return lot.getValue();
    }
}

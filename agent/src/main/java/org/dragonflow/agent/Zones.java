package org.dragonflow.agent;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Topology;

/**
 * Whose connections each conntrack zone holds.
 *
 * <p>The zone of a port is the number of its OpenFlow port, which the next port may get. So that nobody inherits connections, an
 * interface counts as plugged in only once its zone holds no other port's: the flows of the one that was there go, the zone is flushed,
 * then come the new one's flows.
 */
final class Zones {
    private final Map<Integer, Zone> owned = new HashMap<>();

    Zones(Topology remembered) {
        remembered.all().forEach(entity -> {
            if (entity instanceof Zone zone) {
                owned.put(zone.number(), zone);
            }
        });
    }

    /** The interfaces that may have flows now. */
    List<Interface> admitted(Collection<Interface> plugged) {
        return plugged.stream().filter(this::mayEnter).toList();
    }

    private boolean mayEnter(Interface device) {
        var zone = owned.get(device.ofport());
        return zone == null || device.ifaceId().filter(zone.portId()::equals).isPresent();
    }

    /** Gives those that are about to get flows their zones; what is to be remembered of that. */
    List<Delta> claim(Collection<Interface> admitted) {
        return admitted.stream().flatMap(this::claim).toList();
    }

    private Stream<Delta> claim(Interface device) {
        return device.ifaceId().stream().flatMap(port -> {
            var zone = Zone.of(device.ofport(), port);
            var before = Optional.ofNullable(owned.put(device.ofport(), zone));
            return before.isPresent() ? Stream.of() : Stream.of(Delta.create(zone));
        });
    }

    /** The zones whose port is no longer plugged in there. */
    List<Zone> abandoned(Collection<Interface> plugged) {
        var byNumber = plugged.stream().collect(Collectors.toMap(Interface::ofport, i -> i, (a, _) -> a));
        return owned.values().stream()
                .filter(zone -> Optional.ofNullable(byNumber.get(zone.number()))
                        .flatMap(Interface::ifaceId)
                        .filter(zone.portId()::equals)
                        .isEmpty())
                .toList();
    }

    /** The zone holds nobody's connections now. */
    Delta flushed(Zone zone) {
        owned.remove(zone.number());
        return Delta.delete(zone);
    }
}

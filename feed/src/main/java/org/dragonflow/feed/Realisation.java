package org.dragonflow.feed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Status;
import org.dragonflow.model.Topology;

/**
 * What a chassis says of the ports that are bound to it, or that it is to be ready for, and what is to be made of that.
 *
 * <p>That a port is up counts only once the chassis has confirmed the flows of the revision that had the port be there as it is, or of a later
 * one: what was said of an awaited port is said anew when it is bound.
 */
final class Realisation {
    private final Id<Chassis> chassis;
    private final Map<Id<Port>, Long> since = new HashMap<>();
    private final Map<Id<Port>, PortState> reported = new HashMap<>();
    private final Map<Id<Port>, PortState> waiting = new LinkedHashMap<>();

    Realisation(Id<Chassis> chassis) {
        this.chassis = chassis;
    }

    /** The chassis is told everything anew. */
    void startAnew(long revision, Topology topology) {
        since.clear();
        Stream.of(Port.at(chassis), Port.awaitedAt(chassis))
                .flatMap(topology::find)
                .forEach(port -> since.put(port.id(), revision));
        reported.keySet().retainAll(since.keySet());
        waiting.putAll(reported);
    }

    /** The chassis begins to report from nothing. */
    void forgetReports() {
        reported.clear();
        waiting.clear();
    }

    /** The chassis is told of a change. */
    void note(long revision, Delta delta) {
        if (delta.id().type() != Port.class) {
            return;
        }
        var port = Id.of(Port.class, delta.id().value());
        var place = place(delta.after());
        if (place == Place.ELSEWHERE) {
            since.remove(port);
            reported.remove(port);
        } else if (place != place(delta.before())) {
            since.put(port, revision);
            Optional.ofNullable(reported.get(port)).ifPresent(state -> waiting.putIfAbsent(port, state));
        }
    }

    private enum Place {
        BOUND,
        AWAITED,
        ELSEWHERE
    }

    private Place place(Optional<? extends Entity> entity) {
        return entity.map(Port.class::cast)
                .filter(port -> port.isExpectedAt(chassis))
                .map(port -> port.isBoundTo(chassis) ? Place.BOUND : Place.AWAITED)
                .orElse(Place.ELSEWHERE);
    }

    /** The chassis has the flows of a revision; returns what is therefore to be said of its ports. */
    List<PortStatus> acknowledge(long revision, Map<Id<Port>, PortState> states) {
        waiting.putAll(states);
        var due = new ArrayList<PortStatus>();
        waiting.entrySet().removeIf(entry -> {
            var port = entry.getKey();
            var from = since.get(port);
            if (from == null) {
                return true;
            }
            reported.put(port, entry.getValue());
            if (revision < from) {
                return false;
            }
            due.add(new PortStatus(port, chassis, status(entry.getValue())));
            return true;
        });
        return due;
    }

    private static Status status(PortState state) {
        return switch (state) {
            case UP -> Status.ACTIVE;
            case DOWN -> Status.DOWN;
            case DEGRADED -> Status.ERROR;
        };
    }
}

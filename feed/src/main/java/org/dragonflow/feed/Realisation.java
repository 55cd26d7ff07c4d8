package org.dragonflow.feed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Status;
import org.dragonflow.model.Topology;

/**
 * What a chassis says of the ports that are bound to it, and what is to be made of that.
 *
 * <p>That a port is up counts only once the chassis has confirmed the flows of the revision that bound the port to it, or of a later one.
 */
final class Realisation {
    private final Id<Chassis> chassis;
    private final Map<Id<Port>, Long> boundSince = new HashMap<>();
    private final Map<Id<Port>, PortState> reported = new HashMap<>();
    private final Map<Id<Port>, PortState> waiting = new LinkedHashMap<>();

    Realisation(Id<Chassis> chassis) {
        this.chassis = chassis;
    }

    /** The chassis is told everything anew. */
    void startAnew(long revision, Topology topology) {
        boundSince.clear();
        topology.find(Port.at(chassis)).forEach(port -> boundSince.put(port.id(), revision));
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
        if (delta.after().filter(this::isBoundHere).isEmpty()) {
            boundSince.remove(port);
            reported.remove(port);
        } else if (delta.before().filter(this::isBoundHere).isEmpty()) {
            boundSince.put(port, revision);
            Optional.ofNullable(reported.get(port)).ifPresent(state -> waiting.put(port, state));
        }
    }

    private boolean isBoundHere(Entity entity) {
        return entity instanceof Port port && port.isBoundTo(chassis);
    }

    /** The chassis has the flows of a revision; returns what is therefore to be said of its ports. */
    List<PortStatus> acknowledge(long revision, Map<Id<Port>, PortState> states) {
        waiting.putAll(states);
        var due = new ArrayList<PortStatus>();
        waiting.entrySet().removeIf(entry -> {
            var port = entry.getKey();
            var since = boundSince.get(port);
            if (since == null) {
                return true;
            }
            reported.put(port, entry.getValue());
            if (revision < since) {
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

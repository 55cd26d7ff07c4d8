package org.dragonflow.server.nova;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dragonflow.model.Delta;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Status;
import org.dragonflow.model.View;
import org.dragonflow.server.nova.NovaEvent.Name;

/** Which changes Nova is told of, and how: those that Neutron tells it of. */
final class NovaEvents {
    private static final String COMPUTE = "compute:";
    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}");

    private NovaEvents() {}

    /** What follows from changes, after which this is how all is. */
    static List<NovaEvent> of(List<Delta> deltas, View after) {
        var events = new ArrayList<NovaEvent>();
        for (var delta : deltas) {
            if (delta.id().type() == Port.class) {
                addOfPort(delta.before().map(Port.class::cast), delta.after().map(Port.class::cast), events);
            } else if (delta.id().type() == FloatingIp.class) {
                addOfFloatingIp(
                        delta.before().map(FloatingIp.class::cast),
                        delta.after().map(FloatingIp.class::cast),
                        after,
                        events);
            }
        }
        return events;
    }

    private static void addOfPort(Optional<Port> before, Optional<Port> after, List<NovaEvent> events) {
        if (after.isEmpty()) {
            before.flatMap(port -> event(Name.DELETED, port)).ifPresent(events::add);
        } else {
            var port = after.get();
            name(before.map(Port::status).orElse(Status.DOWN), port.status())
                    .flatMap(name -> event(name, port))
                    .ifPresent(events::add);
            before.filter(old -> isReadyElsewhere(old, port))
                    .flatMap(_ -> event(Name.PLUGGED, port))
                    .ifPresent(events::add);
            before.filter(old -> old.revisionNumber() != port.revisionNumber())
                    .flatMap(_ -> event(Name.CHANGED, port))
                    .ifPresent(events::add);
        }
    }

    /** Whether a chassis that the port may move to has become ready: Nova may wait for that before it moves the server. */
    private static boolean isReadyElsewhere(Port before, Port after) {
        return before.inactiveBindings().stream()
                .filter(binding -> !binding.ready())
                .anyMatch(binding -> after.inactiveBindings().contains(binding.withReady(true)));
    }

    private static Optional<Name> name(Status before, Status after) {
        return switch (before) {
            case ACTIVE -> after == Status.DOWN ? Optional.of(Name.UNPLUGGED) : Optional.empty();
            case DOWN, BUILD -> name(after);
            case ERROR -> Optional.empty();
        };
    }

    /** What a port's being so comes to, whatever it was before. */
    private static Optional<Name> name(Status status) {
        return switch (status) {
            case ACTIVE -> Optional.of(Name.PLUGGED);
            case ERROR -> Optional.of(Name.NOT_PLUGGED);
            case DOWN, BUILD -> Optional.empty();
        };
    }

    private static void addOfFloatingIp(
            Optional<FloatingIp> before, Optional<FloatingIp> after, View view, List<NovaEvent> events) {
        boolean isStatusOnly = before.isPresent()
                && after.isPresent()
                && before.get().revisionNumber() == after.get().revisionNumber();
        if (!isStatusOnly) {
            Stream.of(before, after)
                    .flatMap(Optional::stream)
                    .flatMap(address -> address.portId().stream())
                    .distinct()
                    .flatMap(port -> view.get(port).stream())
                    .flatMap(port -> event(Name.CHANGED, port).stream())
                    .forEach(events::add);
        }
    }

    /** What may be untold of what changed while nobody told it: how ports are now, and that Nova should look at them again. */
    static List<NovaEvent> ofAll(View view, Predicate<Port> isChanged, Predicate<FloatingIp> isMoved) {
        var events = new ArrayList<NovaEvent>();
        view.find(Query.all(Port.class)).filter(isChanged).forEach(port -> {
            name(port.status()).flatMap(name -> event(name, port)).ifPresent(events::add);
            event(Name.CHANGED, port).ifPresent(events::add);
        });
        view.find(Query.all(FloatingIp.class))
                .filter(isMoved)
                .flatMap(address -> address.portId().flatMap(view::get).stream())
                .flatMap(port -> event(Name.CHANGED, port).stream())
                .forEach(events::add);
        return events;
    }

    /** Nothing, if the port is none of a server of Nova's. */
    private static Optional<NovaEvent> event(Name name, Port port) {
        boolean isNovas = port.deviceOwner().startsWith(COMPUTE)
                && UUID.matcher(port.deviceId()).matches();
        return isNovas ? Optional.of(new NovaEvent(name, port.deviceId(), port.id())) : Optional.empty();
    }
}

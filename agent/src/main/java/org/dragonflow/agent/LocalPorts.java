package org.dragonflow.agent;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.compile.Bridge;
import org.dragonflow.feed.PortState;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.Trunk;
import org.dragonflow.model.View;

/**
 * Which ports of this chassis are up, and why the others are not; those that may come to it among them. Looked at only when the switch has
 * confirmed all there is.
 */
final class LocalPorts {
    private final Id<Chassis> chassis;
    private final Map<Id<Port>, Standing> standings = new HashMap<>();
    private final Set<Id<Port>> awaited = new HashSet<>();
    private final Set<Id<Port>> touched = new HashSet<>();
    private final Set<Id<Port>> plugged = new HashSet<>();
    private final Set<Id<Port>> unreported = new HashSet<>();
    private Set<Id<?>> degraded = Set.of();

    LocalPorts(Id<Chassis> chassis) {
        this.chassis = chassis;
    }

    /** How it stands with a port, with the reason in words if it is not up. */
    enum Standing {
        UP(PortState.UP, ""),
        SWITCHED_OFF(PortState.DOWN, "it is administratively down"),
        UNPLUGGED(PortState.DOWN, "no interface of the bridge bears its id, or that of the port that carries it"),
        DEGRADED(PortState.DEGRADED, "a part of its flows could not be made or installed");

        private final PortState state;
        private final String why;

        Standing(PortState state, String why) {
            this.state = state;
            this.why = why;
        }

        String why() {
            return why;
        }
    }

    /** Ports that the change concerns are to be looked at. */
    void touch(Delta delta) {
        delta.before().ifPresent(this::touch);
        delta.after().ifPresent(this::touch);
    }

    private void touch(Entity entity) {
        switch (entity) {
            case Port port -> touched.add(port.id());
            case Interface device -> device.ifaceId().ifPresent(plugged::add);
            case Trunk trunk -> trunk.subPorts().forEach(subPort -> touched.add(subPort.portId()));
            case Entity _ -> {}
        }
    }

    /** These are all the entities that lack a part of their flows; ports that need them lack it too. */
    void degrade(Set<Id<?>> subjects, View view) {
        var needed = subjects.stream()
                .flatMap(subject -> neededBy(subject, view))
                .collect(Collectors.<Id<?>>toUnmodifiableSet());
        if (needed.equals(degraded)) {
            return;
        }
        var both = Stream.concat(needed.stream(), degraded.stream()).toList();
        both.stream()
                .filter(id -> id.type() == Port.class)
                .map(id -> Id.of(Port.class, id.value()))
                .forEach(touched::add);
        if (both.stream().anyMatch(id -> id.type() != Port.class)) {
            touched.addAll(standings.keySet());
        }
        degraded = needed;
    }

    /** Where ports look for the entity: itself, or what it is a part of. */
    private static Stream<Id<?>> neededBy(Id<?> subject, View view) {
        Optional<? extends Entity> entity = view.get(subject);
        return entity.map(e -> switch (e) {
                    case SecurityGroupRule rule -> Stream.<Id<?>>of(rule.securityGroupId());
                    case RouterInterface side -> Stream.<Id<?>>of(side.networkId());
                    case Router router ->
                        view.find(RouterInterface.of(router.id())).<Id<?>>map(RouterInterface::networkId);
                    case Entity _ -> Stream.<Id<?>>of(subject);
                })
                .orElseGet(() -> Stream.of(subject));
    }

    private boolean isDegraded(Port port) {
        return !degraded.isEmpty()
                && (degraded.contains(port.id())
                        || degraded.contains(port.networkId())
                        || degraded.contains(Bridge.INTEGRATION.id())
                        || port.securityGroups().stream().anyMatch(degraded::contains));
    }

    /** The other side has forgotten what it was told. */
    void reportAll() {
        unreported.addAll(standings.keySet());
    }

    /** Looks at what was touched. */
    void look(View view) {
        plugged.stream()
                .flatMap(card -> view.find(Trunk.carriedBy(card)))
                .flatMap(trunk -> trunk.subPorts().stream())
                .forEach(subPort -> touched.add(subPort.portId()));
        touched.addAll(plugged);
        plugged.clear();
        touched.forEach(id -> view.get(id)
                .filter(port -> port.isExpectedAt(chassis))
                .ifPresentOrElse(port -> stands(port, standing(port, view)), () -> forget(id)));
        touched.clear();
    }

    private void stands(Port port, Standing now) {
        if (port.isBoundTo(chassis)) {
            awaited.remove(port.id());
        } else {
            awaited.add(port.id());
        }
        if (standings.put(port.id(), now) != now) {
            unreported.add(port.id());
        }
    }

    private void forget(Id<Port> id) {
        standings.remove(id);
        awaited.remove(id);
        unreported.remove(id);
    }

    private Standing standing(Port port, View view) {
        if (!port.adminStateUp()) {
            return Standing.SWITCHED_OFF;
        }
        boolean isPluggedIn = !port.isOutside() && !port.isRouterInterface();
        if (isPluggedIn
                && view.find(Interface.of(Trunk.cardOf(port.id(), view)))
                        .findAny()
                        .isEmpty()) {
            return Standing.UNPLUGGED;
        }
        return isDegraded(port) ? Standing.DEGRADED : Standing.UP;
    }

    /** What is new since the last time; it is taken as told. */
    Map<Id<Port>, PortState> news() {
        var news = new HashMap<Id<Port>, PortState>();
        for (var id : unreported) {
            var standing = standings.get(id);
            if (standing != null) {
                news.put(id, standing.state);
            }
        }
        unreported.clear();
        return news;
    }

    /** How many of the ports that are bound here are up. */
    int up() {
        return (int) bound().filter(s -> s == Standing.UP).count();
    }

    /** How many of them are not. */
    int down() {
        return (int) bound().filter(s -> s != Standing.UP).count();
    }

    private Stream<Standing> bound() {
        return standings.entrySet().stream()
                .filter(entry -> !awaited.contains(entry.getKey()))
                .map(Map.Entry::getValue);
    }

    /** Every local port, and those that may come. */
    Map<String, Standing> all() {
        var all = new TreeMap<String, Standing>();
        standings.forEach((id, standing) -> all.put(id.value(), standing));
        return all;
    }
}

package org.dragonflow.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.ovsdb.BridgeRow;
import org.dragonflow.ovsdb.Change;
import org.dragonflow.ovsdb.InterfaceRow;
import org.dragonflow.ovsdb.InterfaceRow.LinkState;
import org.dragonflow.ovsdb.OpenVSwitchRow;
import org.dragonflow.ovsdb.PortRow;

/**
 * Which ways the chassis has onto physical networks, and whether their links are up, as the rows of its database tell.
 *
 * <p>A link that goes down counts as down at once; one that comes up, when it has been so for a moment: one that flaps is down.
 */
final class Uplinks {
    /** What OVN reads its mappings from. */
    private static final String MAPPINGS = "ovn-bridge-mappings";

    /** What an operator may say of an interface: how fast its link is, in thousands of bits a second. */
    static final String SPEED = "dragonflow-link-kbps";

    /** Devices of the system, by any of the words for their type. */
    private static final Set<String> OF_SYSTEM = Set.of("", "system");

    /** Drivers of devices with no link behind them: the speed that they tell is made up. */
    private static final Set<String> PRETENDING = Set.of("tun", "veth");

    private static final Duration SETTLING = Duration.ofSeconds(1);

    /** Interfaces that lead to no wire. */
    private static final Set<String> INSIDE = Set.of("patch", "internal");

    private final Config config;
    private final Map<UUID, BridgeRow> bridges = new HashMap<>();
    private final Map<UUID, PortRow> ports = new HashMap<>();
    private final Map<UUID, InterfaceRow> devices = new HashMap<>();
    private final Map<UUID, Long> speeds = new HashMap<>();
    private final Map<String, UUID> named = new HashMap<>();
    private final Map<String, Boolean> states = new TreeMap<>();
    private final Map<String, Instant> upSince = new HashMap<>();
    private String text = "";
    private Optional<String> version = Optional.empty();
    private Optional<BridgeMappings> mappings;
    private Optional<String> illegible = Optional.empty();
    private Set<String> standing = Set.of();

    Uplinks(Config config) {
        this.config = config;
        this.mappings = Optional.of(config.bridgeMappings().orElse(BridgeMappings.NONE));
    }

    /** Takes in the changes; tells whether something was mapped, made or taken away, so that ports may have to be seen to. */
    boolean hear(List<Change> changes) {
        var mapped = mappings;
        changes.forEach(change -> {
            switch (change.table()) {
                case OpenVSwitchRow.TABLE -> hearSwitch(change);
                case BridgeRow.TABLE ->
                    note(bridges, change.uuid(), change.after().map(BridgeRow::of));
                case PortRow.TABLE -> note(ports, change.uuid(), change.after().map(PortRow::of));
                case InterfaceRow.TABLE -> hearInterface(change);
                case String _ -> {}
            }
        });
        var before = standing;
        standing = ways().flatMap(this::parts).collect(Collectors.toUnmodifiableSet());
        return !mapped.equals(mappings) || !before.equals(standing);
    }

    private static <R> void note(Map<UUID, R> rows, UUID id, Optional<R> after) {
        after.ifPresentOrElse(row -> rows.put(id, row), () -> rows.remove(id));
    }

    private void hearInterface(Change change) {
        change.before().map(InterfaceRow::of).ifPresent(row -> named.remove(row.name(), change.uuid()));
        change.after().map(InterfaceRow::of).ifPresent(row -> named.put(row.name(), change.uuid()));
        note(devices, change.uuid(), change.after().map(InterfaceRow::of));
        change.after().map(InterfaceRow::of).ifPresentOrElse(this::noteSpeed, () -> speeds.remove(change.uuid()));
    }

    private void hearSwitch(Change change) {
        version = change.after().flatMap(row -> OpenVSwitchRow.of(row).ovsVersion());
        var now = change.after()
                .map(row -> OpenVSwitchRow.of(row).externalIds())
                .map(ids -> ids.getOrDefault(MAPPINGS, ""))
                .orElse("");
        if (config.bridgeMappings().isPresent() || now.equals(text)) {
            return;
        }
        text = now;
        try {
            mappings = Optional.of(BridgeMappings.parse(now));
            illegible = Optional.empty();
        } catch (IllegalArgumentException e) {
            mappings = Optional.empty();
            illegible = Optional.of("external_ids:%s of Open vSwitch cannot be read, so all is left as it is: %s"
                    .formatted(MAPPINGS, e.getMessage()));
        }
    }

    /** By what the chassis is to get onto physical networks; empty if that cannot be known. */
    Optional<BridgeMappings> mappings() {
        return mappings;
    }

    /** Of Open vSwitch, if it says so. */
    Optional<String> version() {
        return version;
    }

    private Stream<Way> ways() {
        return mappings.stream()
                .flatMap(mapped -> mapped.targets().entrySet().stream())
                .map(entry -> new Way(config.chassis().value(), entry.getKey(), entry.getValue()));
    }

    /** What there is of a way. */
    private Stream<String> parts(Way way) {
        return Stream.of(
                        bridge(way.target()).map(_ -> "bridge " + way.target()).stream(),
                        Stream.of(way.near(), way.far(), way.target())
                                .filter(name -> device(name).isPresent()),
                        leading(way).map(Wire::toString))
                .flatMap(parts -> parts);
    }

    private Optional<BridgeRow> bridge(String name) {
        return bridges.values().stream().filter(row -> row.name().equals(name)).findFirst();
    }

    private Optional<InterfaceRow> device(String name) {
        return Optional.ofNullable(named.get(name)).map(devices::get);
    }

    /** Whether the integration bridge has a port of ours that leads there. */
    private boolean isMade(Way way) {
        return Stream.of(way.near(), way.target())
                .flatMap(name -> device(name).stream())
                .anyMatch(row -> way.chassis().equals(row.externalIds().get(Plugged.MARK))
                        && way.physicalNetwork().equals(row.externalIds().get(Way.NETWORK)));
    }

    /** The physical networks that the chassis is connected to, by name. */
    List<Uplink> look(Instant now) {
        var made = ways().filter(this::isMade).toList();
        var networks = made.stream().map(Way::physicalNetwork).collect(Collectors.toSet());
        states.keySet().retainAll(networks);
        upSince.keySet().retainAll(networks);
        made.forEach(way -> states.put(way.physicalNetwork(), isUp(way, now)));
        return states.entrySet().stream()
                .map(state -> new Uplink(state.getKey(), state.getValue()))
                .sorted(Comparator.comparing(Uplink::physicalNetwork))
                .toList();
    }

    private boolean isUp(Way way, Instant now) {
        var network = way.physicalNetwork();
        var before = Optional.ofNullable(states.get(network));
        return switch (link(way)) {
            case UNKNOWN -> before.orElse(false);
            case DOWN -> {
                upSince.remove(network);
                yield false;
            }
            case UP -> {
                upSince.putIfAbsent(network, now);
                yield before.orElse(true)
                        || !now.isBefore(upSince.getOrDefault(network, now).plus(SETTLING));
            }
        };
    }

    private enum Link {
        UP,
        DOWN,
        /** The switch has not looked yet, as while it starts. */
        UNKNOWN
    }

    private Link link(Way way) {
        var wires = wires(way);
        if (wires.isEmpty()) {
            // A bridge without a wire is a physical network that ends on this machine.
            return bridge(way.target()).isPresent() ? Link.UP : Link.DOWN;
        }
        var links = wires.stream().map(Uplinks::link).collect(Collectors.toSet());
        return links.contains(Link.UP) ? Link.UP : links.contains(Link.UNKNOWN) ? Link.UNKNOWN : Link.DOWN;
    }

    private List<InterfaceRow> wires(Way way) {
        return bridge(way.target())
                .map(row -> row.ports().stream()
                        .flatMap(port -> Stream.ofNullable(ports.get(port)))
                        .flatMap(this::wires)
                        .toList())
                .orElseGet(() -> device(way.target()).stream().toList());
    }

    private Stream<InterfaceRow> wires(PortRow port) {
        return port.interfaces().stream()
                .flatMap(device -> Stream.ofNullable(devices.get(device)))
                .filter(device -> !INSIDE.contains(device.type()));
    }

    /**
     * A port of the switch that leads onto a wire, by one device of the system or several.
     *
     * @param id of its row: of a port that is made anew, all is to be seen to again
     */
    record Wire(UUID id, String port, List<Card> cards) {
        Wire {
            cards = List.copyOf(cards);
        }

        /** In bits a second: of the fastest of its links. What there is to share must slow down none of them. */
        Optional<Long> speed() {
            return cards.stream().flatMap(card -> card.speed().stream()).max(Comparator.naturalOrder());
        }
    }

    /**
     * A device that a link is at.
     *
     * @param speed in bits a second, as was said last; empty if nobody has said yet who could know
     */
    record Card(String name, Optional<Long> speed) {}

    /** The ports by which packets leave for a physical network. */
    Stream<Wire> wires(String physicalNetwork) {
        return ways().filter(way -> way.physicalNetwork().equals(physicalNetwork))
                .filter(this::isMade)
                .flatMap(this::leading);
    }

    private Stream<Wire> leading(Way way) {
        var leading = bridge(way.target())
                .map(row -> row.ports().stream().flatMap(port -> Stream.ofNullable(ports.get(port))))
                .orElseGet(
                        () -> ports.values().stream().filter(port -> port.name().equals(way.target())));
        return leading.map(port -> new Wire(port.uuid(), port.name(), cards(port)))
                .filter(wire -> !wire.cards().isEmpty());
    }

    private List<Card> cards(PortRow port) {
        return wires(port)
                .filter(wire -> OF_SYSTEM.contains(wire.type()))
                .map(wire -> new Card(wire.name(), speed(wire)))
                .sorted(Comparator.comparing(Card::name))
                .toList();
    }

    /** As its operator says, else as the device has said. */
    private Optional<Long> speed(InterfaceRow wire) {
        return Optional.ofNullable(wire.externalIds().get(SPEED))
                .filter(text -> text.matches("[1-9][0-9]{0,11}"))
                .map(text -> Long.parseLong(text) * 1000)
                .or(() -> Optional.ofNullable(speeds.get(wire.uuid())));
    }

    /** A device without a link says none for a while, and a switch that starts: what it said before holds. */
    private void noteSpeed(InterfaceRow wire) {
        wire.linkSpeed()
                .filter(_ -> wire.driver().filter(PRETENDING::contains).isEmpty())
                .ifPresent(speed -> speeds.put(wire.uuid(), speed));
    }

    private static Link link(InterfaceRow wire) {
        var said = new HashSet<Optional<LinkState>>(List.of(wire.adminState(), wire.linkState()));
        if (said.contains(Optional.of(LinkState.DOWN)) || wire.ofport() instanceof InterfaceRow.Ofport.Failed) {
            return Link.DOWN;
        }
        return said.contains(Optional.<LinkState>empty()) ? Link.UNKNOWN : Link.UP;
    }

    /** What is wrong with the ways, in words, by physical network. */
    Map<String, String> faults() {
        var faults = new TreeMap<String, String>();
        illegible.ifPresent(fault -> faults.put("", fault));
        ways().forEach(way -> fault(way).ifPresent(fault -> faults.put(way.physicalNetwork(), fault)));
        return faults;
    }

    private Optional<String> fault(Way way) {
        var bridge = bridge(way.target());
        var type = bridge.map(BridgeRow::datapathType)
                .map(word -> word.isEmpty() ? "system" : word)
                .orElse(config.datapathType());
        if (!type.equals(config.datapathType())) {
            return Optional.of("no packet gets to %s: bridge %s is of datapath type %s, and %s of %s"
                    .formatted(way.physicalNetwork(), way.target(), type, config.bridge(), config.datapathType()));
        }
        if (states.getOrDefault(way.physicalNetwork(), true) || link(way) == Link.UP) {
            return Optional.empty();
        }
        var wires = wires(way).stream()
                .map(wire -> "%s: %s".formatted(wire.name(), said(wire)))
                .sorted()
                .collect(Collectors.joining(", "));
        return Optional.of("%s is cut off: %s"
                .formatted(
                        way.physicalNetwork(),
                        wires.isEmpty()
                                ? "there is no %s".formatted(way.target())
                                : wires + " (by " + way.target() + ")"));
    }

    private static String said(InterfaceRow wire) {
        if (wire.ofport() instanceof InterfaceRow.Ofport.Failed) {
            return wire.error().orElse("the switch cannot use it");
        }
        return wire.adminState().equals(Optional.of(LinkState.DOWN)) ? "it is switched off" : "it has no link";
    }
}

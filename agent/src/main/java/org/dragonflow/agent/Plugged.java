package org.dragonflow.agent;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Port;
import org.dragonflow.model.TunnelType;
import org.dragonflow.ovsdb.BridgeRow;
import org.dragonflow.ovsdb.Change;
import org.dragonflow.ovsdb.InterfaceRow;
import org.dragonflow.ovsdb.OpenVSwitchRow;
import org.dragonflow.ovsdb.PortRow;
import org.dragonflow.ovsdb.Row;

/** What is plugged into one bridge, as the rows of its database tell; a change costs in proportion to itself. */
final class Plugged {
    private static final int MAX_OFPORT = 0xfeff;
    static final String MARK = "dragonflow";

    /** What an interface of ours is there for, besides tunnels. */
    static final String PURPOSE = "dragonflow-purpose";

    static final String METADATA = "metadata";

    private final String bridge;
    private final String owner;
    private final Set<UUID> portsOfBridge = new HashSet<>();
    private final Map<UUID, UUID> portOf = new HashMap<>();
    private final Map<UUID, InterfaceRow> rows = new HashMap<>();
    private final Map<UUID, Interface> plugged = new HashMap<>();
    private final Map<Id<Interface>, Interface> told = new HashMap<>();
    private Map<String, String> switchIds = Map.of();

    /**
     * Nothing is plugged in as yet.
     *
     * @param owner who made the tunnels, and the ways onto physical networks, that count
     */
    Plugged(String bridge, String owner) {
        this.bridge = bridge;
        this.owner = owner;
    }

    /** Takes in the changes; tells whether anything is plugged differently now. */
    boolean hear(List<Change> changes) {
        var stale = new HashSet<UUID>();
        changes.forEach(change -> {
            switch (change.table()) {
                case BridgeRow.TABLE -> hearBridge(change, stale);
                case PortRow.TABLE -> hearPort(change, stale);
                case InterfaceRow.TABLE -> hearInterface(change, stale);
                case OpenVSwitchRow.TABLE ->
                    switchIds = change.after()
                            .map(row -> OpenVSwitchRow.of(row).externalIds())
                            .orElse(Map.of());
                case String _ -> {}
            }
        });
        return stale.stream().filter(this::look).count() > 0;
    }

    private void hearBridge(Change change, Set<UUID> stale) {
        var before = change.before().filter(this::isOurs).map(Plugged::ports).orElse(Set.of());
        var after = change.after().filter(this::isOurs).map(Plugged::ports).orElse(Set.of());
        var moved = new HashSet<>(before);
        moved.removeAll(after);
        portsOfBridge.removeAll(moved);
        after.stream().filter(portsOfBridge::add).forEach(moved::add);
        portOf.forEach((device, port) -> {
            if (moved.contains(port)) {
                stale.add(device);
            }
        });
    }

    private boolean isOurs(Row row) {
        return row.text("name").filter(bridge::equals).isPresent();
    }

    private static Set<UUID> ports(Row row) {
        return BridgeRow.of(row).ports();
    }

    private void hearPort(Change change, Set<UUID> stale) {
        change.before()
                .map(PortRow::of)
                .ifPresent(port -> port.interfaces().forEach(device -> {
                    portOf.remove(device, port.uuid());
                    stale.add(device);
                }));
        change.after()
                .map(PortRow::of)
                .ifPresent(port -> port.interfaces().forEach(device -> {
                    portOf.put(device, port.uuid());
                    stale.add(device);
                }));
    }

    private void hearInterface(Change change, Set<UUID> stale) {
        change.after()
                .ifPresentOrElse(
                        row -> rows.put(change.uuid(), InterfaceRow.of(row)), () -> rows.remove(change.uuid()));
        stale.add(change.uuid());
    }

    private boolean look(UUID device) {
        var port = portOf.get(device);
        var now = Stream.ofNullable(rows.get(device))
                .filter(_ -> port != null && portsOfBridge.contains(port))
                .flatMap(row -> read(row).stream())
                .findFirst();
        var before = Optional.ofNullable(now.isPresent() ? plugged.put(device, now.get()) : plugged.remove(device));
        return !before.equals(now);
    }

    private Optional<Interface> read(InterfaceRow row) {
        return row.ofport() instanceof InterfaceRow.Ofport.Assigned(long number) && number >= 1 && number <= MAX_OFPORT
                ? read(row, (int) number)
                : Optional.empty();
    }

    private Optional<Interface> read(InterfaceRow row, int ofport) {
        var id = Id.of(Interface.class, row.name());
        if (owner.equals(row.externalIds().get(MARK))) {
            var tunnel = tunnel(row);
            var network = Optional.ofNullable(row.externalIds().get(Way.NETWORK));
            boolean isForMetadata = METADATA.equals(row.externalIds().get(PURPOSE));
            return tunnel.isEmpty() && network.isEmpty() && !isForMetadata
                    ? Optional.empty()
                    : Optional.of(new Interface(id, ofport, Optional.empty(), tunnel, network, isForMetadata));
        }
        return Optional.ofNullable(row.externalIds().get("iface-id"))
                .filter(port -> !port.isEmpty())
                .map(port -> new Interface(id, ofport, Optional.of(Id.of(Port.class, port)), Optional.empty()));
    }

    private static Optional<TunnelType> tunnel(InterfaceRow row) {
        return Stream.of(TunnelType.values())
                .filter(type -> type.toString().equals(row.type()))
                .findFirst();
    }

    /** Every interface that is for a port or metadata, ends a tunnel or leads onto a physical network, and has an OpenFlow port number. */
    Collection<Interface> interfaces() {
        return plugged.values();
    }

    /** How the interfaces differ from what they were when this was asked last. */
    List<Delta> news() {
        var now = plugged.values().stream().collect(Collectors.toMap(Interface::id, own -> own));
        var gone =
                told.values().stream().filter(own -> !now.containsKey(own.id())).map(Delta::delete);
        var others = now.values().stream()
                .map(own -> new Delta(own.id(), Optional.ofNullable(told.get(own.id())), Optional.of(own)))
                .filter(Delta::isChange);
        var news = Stream.concat(gone, others).toList();
        told.clear();
        told.putAll(now);
        return news;
    }

    /** Interfaces that are for a port but that the switch could not make work, with what it says of them. */
    Map<String, String> broken() {
        var broken = new HashMap<String, String>();
        rows.values().stream()
                .filter(row -> row.ofport() instanceof InterfaceRow.Ofport.Failed
                        && row.externalIds().containsKey("iface-id"))
                .forEach(row -> broken.put(row.name(), row.error().orElse("no OpenFlow port number")));
        return broken;
    }

    /** Which installation of Open vSwitch this is, if it knows. */
    Optional<String> systemId() {
        return Optional.ofNullable(switchIds.get("system-id"));
    }
}

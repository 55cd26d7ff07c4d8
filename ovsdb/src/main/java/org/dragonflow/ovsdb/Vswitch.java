package org.dragonflow.ovsdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What the controller writes to a switch's own database.
 *
 * <p>Each command reads first and writes nothing if all is so already. A row that we make carries {@code
 * external_ids:dragonflow=<owner>}; a port without that mark is never touched. Of rows that others made, a command
 * writes what its description lists and nothing else.
 */
public final class Vswitch {
    /** The name of the database that ovs-vswitchd is configured from. */
    public static final String DATABASE = "Open_vSwitch";

    static final String MARK = "dragonflow";
    private static final String EXTERNAL_IDS = "external_ids";
    private static final String SYSTEM_ID = "system-id";

    private final Database database;
    private final String owner;

    public Vswitch(Database database, String owner) {
        this.database = database;
        this.owner = owner;
    }

    /** Makes the bridge, or sets the fail mode and datapath type, and adds the protocols, of one that is there. */
    public Effect ensureBridge(BridgeSpec spec) throws OvsdbException, InterruptedException {
        var reads = List.of(
                named(BridgeRow.TABLE, spec.name(), Set.of("fail_mode", "datapath_type", "protocols")),
                new Operation.Select(OpenVSwitchRow.TABLE, List.of(), Set.of(Edit.ROW_ID)));
        return new Edit(
                        database,
                        reads,
                        rows -> new Edit.Plan.Write(only(rows.get(0))
                                .map(bridge -> corrections(bridge, spec))
                                .orElseGet(() -> newBridge(spec, only(rows.get(1))))))
                .run();
    }

    /** Makes the port on that bridge, or puts right the one that we made. */
    public Effect ensurePort(String bridge, PortSpec spec) throws OvsdbException, InterruptedException {
        var reads = List.of(
                named(BridgeRow.TABLE, bridge, Set.of("ports")),
                named(PortRow.TABLE, spec.name(), Set.of("interfaces", EXTERNAL_IDS)),
                named(InterfaceRow.TABLE, spec.name(), Set.of("type", "options", EXTERNAL_IDS)));
        return new Edit(
                        database,
                        reads,
                        rows -> only(rows.get(0))
                                .map(found -> portPlan(found, only(rows.get(1)), only(rows.get(2)), spec))
                                .orElseGet(() -> settled(new Effect.Absent(BridgeRow.TABLE, bridge))))
                .run();
    }

    /** Removes the port, if we made it. */
    public Effect removePort(String name) throws OvsdbException, InterruptedException {
        var reads = List.of(named(PortRow.TABLE, name, Set.of(EXTERNAL_IDS)));
        return new Edit(
                        database,
                        reads,
                        rows -> only(rows.getFirst())
                                .map(port -> removal(port, name))
                                .orElseGet(() -> settled(new Effect.Unchanged())))
                .run();
    }

    /** Removes those of our ports that bear a key among their external ids, but for these. */
    public Effect retainPorts(String key, Set<String> names) throws OvsdbException, InterruptedException {
        var ours = new Operation.Select(
                PortRow.TABLE, List.of(Condition.includes(EXTERNAL_IDS, mark())), Set.of("name", EXTERNAL_IDS));
        return new Edit(
                        database,
                        List.of(ours),
                        rows -> new Edit.Plan.Write(rows.getFirst().stream()
                                .filter(port -> port.map(EXTERNAL_IDS).containsKey(key))
                                .filter(port -> port.text("name")
                                        .filter(names::contains)
                                        .isEmpty())
                                .map(Vswitch::withdrawal)
                                .toList()))
                .run();
    }

    /** Sets these keys among the external ids of the switch; other keys stay. */
    public Effect mergeExternalIds(Map<String, String> ids) throws OvsdbException, InterruptedException {
        return merge(
                new Operation.Select(OpenVSwitchRow.TABLE, List.of(), Set.of(EXTERNAL_IDS)),
                ids,
                new Effect.Absent(OpenVSwitchRow.TABLE, DATABASE));
    }

    /** Gives the switch a system id among its external ids, unless it has one. */
    public Effect ensureSystemId(String id) throws OvsdbException, InterruptedException {
        var read = new Operation.Select(OpenVSwitchRow.TABLE, List.of(), Set.of(EXTERNAL_IDS));
        return new Edit(
                        database,
                        List.of(read),
                        rows -> only(rows.getFirst())
                                .<Edit.Plan>map(row -> new Edit.Plan.Write(
                                        row.map(EXTERNAL_IDS).containsKey(SYSTEM_ID)
                                                ? List.of()
                                                : merging(OpenVSwitchRow.TABLE, row, Map.of(SYSTEM_ID, id)).stream()
                                                        .toList()))
                                .orElseGet(() -> settled(new Effect.Absent(OpenVSwitchRow.TABLE, DATABASE))))
                .run();
    }

    /** Sets these keys among the external ids of an interface, whoever made it; other keys stay. */
    public Effect mergeInterfaceExternalIds(String name, Map<String, String> ids)
            throws OvsdbException, InterruptedException {
        return merge(
                named(InterfaceRow.TABLE, name, Set.of(EXTERNAL_IDS)),
                ids,
                new Effect.Absent(InterfaceRow.TABLE, name));
    }

    private List<Operation> newBridge(BridgeSpec spec, Optional<Row> openVSwitch) {
        var operations =
                new ArrayList<>(portWithInterface(spec.name(), Map.of("type", Value.text("internal")), mark()));
        operations.add(new Operation.Insert(
                BridgeRow.TABLE,
                "bridge",
                Map.of(
                        "name",
                        Value.text(spec.name()),
                        "ports",
                        new Value.NamedRef("port"),
                        "fail_mode",
                        Value.text("secure"),
                        "datapath_type",
                        Value.text(spec.datapathType()),
                        "protocols",
                        Value.texts(spec.protocols()),
                        EXTERNAL_IDS,
                        mark())));
        var bridges = new Value.NamedRef("bridge");
        operations.add(openVSwitch
                .<Operation>map(row -> mutate(OpenVSwitchRow.TABLE, row.uuid(), Mutation.insert("bridges", bridges)))
                .orElseGet(() -> new Operation.Insert(OpenVSwitchRow.TABLE, Map.of("bridges", bridges))));
        return operations;
    }

    private static List<Operation> corrections(Row bridge, BridgeSpec spec) {
        var columns = new HashMap<String, Value>();
        var found = BridgeRow.of(bridge);
        if (!found.failMode().equals(Optional.of("secure"))) {
            columns.put("fail_mode", Value.text("secure"));
        }
        if (!datapathType(found.datapathType()).equals(datapathType(spec.datapathType()))) {
            columns.put("datapath_type", Value.text(spec.datapathType()));
        }
        var operations = new ArrayList<Operation>();
        if (!columns.isEmpty()) {
            operations.add(new Operation.Update(BridgeRow.TABLE, List.of(isRow(bridge.uuid())), columns));
        }
        var missing = new HashSet<>(spec.protocols());
        missing.removeAll(found.protocols());
        if (!missing.isEmpty()) {
            operations.add(mutate(BridgeRow.TABLE, bridge.uuid(), Mutation.insert("protocols", Value.texts(missing))));
        }
        return operations;
    }

    /** The empty word stands for the kernel's datapath. */
    private static String datapathType(String word) {
        return word.isEmpty() ? "system" : word;
    }

    private Edit.Plan portPlan(Row bridge, Optional<Row> port, Optional<Row> device, PortSpec spec) {
        if (port.isEmpty() && device.isEmpty()) {
            return new Edit.Plan.Write(newPort(bridge, spec));
        }
        if (port.filter(this::isOurs).isEmpty()) {
            return settled(new Effect.Foreign(PortRow.TABLE, spec.name()));
        }
        boolean joined = device.filter(this::isOurs)
                .filter(found -> port.get().refs("interfaces").equals(Set.of(found.uuid())))
                .isPresent();
        return joined
                ? new Edit.Plan.Write(corrections(bridge, port.get(), device.orElseThrow(), spec))
                : settled(new Effect.Foreign(InterfaceRow.TABLE, spec.name()));
    }

    private List<Operation> newPort(Row bridge, PortSpec spec) {
        var ids = new HashMap<>(spec.externalIds());
        ids.put(MARK, owner);
        var operations = new ArrayList<>(portWithInterface(spec.name(), interfaceColumns(spec), Value.map(ids)));
        operations.add(mutate(BridgeRow.TABLE, bridge.uuid(), Mutation.insert("ports", new Value.NamedRef("port"))));
        return operations;
    }

    private static List<Operation> corrections(Row bridge, Row port, Row device, PortSpec spec) {
        var operations = new ArrayList<Operation>();
        var wanted = interfaceColumns(spec);
        if (!wanted.entrySet().stream()
                .allMatch(column -> device.value(column.getKey()).equals(column.getValue()))) {
            operations.add(new Operation.Update(InterfaceRow.TABLE, List.of(isRow(device.uuid())), wanted));
        }
        merging(PortRow.TABLE, port, spec.externalIds()).ifPresent(operations::add);
        merging(InterfaceRow.TABLE, device, spec.externalIds()).ifPresent(operations::add);
        if (!bridge.refs("ports").contains(port.uuid())) {
            operations.add(withdrawal(port));
            operations.add(mutate(BridgeRow.TABLE, bridge.uuid(), Mutation.insert("ports", Value.ref(port.uuid()))));
        }
        return operations;
    }

    private static Map<String, Value> interfaceColumns(PortSpec spec) {
        var columns = new HashMap<String, Value>();
        columns.put("type", Value.text(spec.type()));
        spec.options().ifPresent(options -> columns.put("options", Value.map(options)));
        return columns;
    }

    private Edit.Plan removal(Row port, String name) {
        return isOurs(port)
                ? new Edit.Plan.Write(List.of(withdrawal(port)))
                : settled(new Effect.Foreign(PortRow.TABLE, name));
    }

    /** Takes the port off its bridge; a port that no bridge refers to is removed by the server, with its interface. */
    private static Operation withdrawal(Row port) {
        var reference = Value.ref(port.uuid());
        return new Operation.Mutate(
                BridgeRow.TABLE,
                List.of(Condition.includes("ports", reference)),
                List.of(Mutation.delete("ports", reference)));
    }

    private static List<Operation> portWithInterface(
            String name, Map<String, Value> interfaceColumns, Value externalIds) {
        var device = new HashMap<>(interfaceColumns);
        device.put("name", Value.text(name));
        device.put(EXTERNAL_IDS, externalIds);
        return List.of(
                new Operation.Insert(InterfaceRow.TABLE, "interface", device),
                new Operation.Insert(
                        PortRow.TABLE,
                        "port",
                        Map.of(
                                "name",
                                Value.text(name),
                                "interfaces",
                                new Value.NamedRef("interface"),
                                EXTERNAL_IDS,
                                externalIds)));
    }

    private Effect merge(Operation.Select read, Map<String, String> ids, Effect.Absent ifAbsent)
            throws OvsdbException, InterruptedException {
        return new Edit(
                        database,
                        List.of(read),
                        rows -> only(rows.getFirst())
                                .<Edit.Plan>map(row -> new Edit.Plan.Write(
                                        merging(read.table(), row, ids).stream().toList()))
                                .orElseGet(() -> settled(ifAbsent)))
                .run();
    }

    /** What sets those of the keys that are not so already. */
    private static Optional<Operation> merging(String table, Row row, Map<String, String> ids) {
        var differing = new HashMap<>(ids);
        differing.entrySet().removeAll(row.map(EXTERNAL_IDS).entrySet());
        if (differing.isEmpty()) {
            return Optional.empty();
        }
        // Deleted first: an insert leaves alone a key that is there.
        return Optional.of(mutate(
                table,
                row.uuid(),
                Mutation.delete(EXTERNAL_IDS, Value.texts(differing.keySet())),
                Mutation.insert(EXTERNAL_IDS, Value.map(differing))));
    }

    private boolean isOurs(Row row) {
        return owner.equals(row.map(EXTERNAL_IDS).get(MARK));
    }

    private Value mark() {
        return Value.map(Map.of(MARK, owner));
    }

    private static Operation.Select named(String table, String name, Set<String> columns) {
        return new Operation.Select(table, List.of(Condition.equal("name", Value.text(name))), columns);
    }

    private static Operation mutate(String table, UUID row, Mutation... mutations) {
        return new Operation.Mutate(table, List.of(isRow(row)), List.of(mutations));
    }

    static Condition isRow(UUID uuid) {
        return Condition.equal(Edit.ROW_ID, Value.ref(uuid));
    }

    private static Optional<Row> only(List<Row> rows) {
        return rows.stream().findFirst();
    }

    private static Edit.Plan settled(Effect effect) {
        return new Edit.Plan.Settled(effect);
    }
}

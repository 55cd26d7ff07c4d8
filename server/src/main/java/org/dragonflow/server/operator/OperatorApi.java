package org.dragonflow.server.operator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dragonflow.apps.Apps;
import org.dragonflow.flow.Table;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.access.Policy;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.server.neutron.World;
import org.dragonflow.store.Replica;

/** What Neutron has no words for: the chassis, what becomes of packets, the tables they pass, and who is behind an address outside. */
public final class OperatorApi {
    static final String ROOT = "/dragonflow/v1";

    private final ChassisApi chassis;
    private final TraceApi traces;
    private final PolicyApi policy;
    private final NatApi nat;

    public OperatorApi(Identity identity, Policy policy, Replica replica, World world, ChassisProgress progress) {
        this.policy = new PolicyApi(identity, policy);
        this.chassis = new ChassisApi(identity, replica, progress);
        this.traces = new TraceApi(identity, replica);
        this.nat = new NatApi(identity, world);
    }

    public Routes routeTo(Routes routes) {
        return nat.routeTo(traces.routeTo(chassis.routeTo(policy.routeTo(routes))))
                .on("GET", ROOT + "/pipeline", (_, _) -> pipeline());
    }

    private static Response pipeline() {
        var tables = Apps.pipeline().tables();
        List<Map<String, Object>> shown = tables.stream()
                .map(table -> shown(tables.indexOf(table), table))
                .toList();
        return Response.json(200, Map.of("tables", shown));
    }

    private static Map<String, Object> shown(int number, Table table) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("number", number);
        shown.put("name", table.name());
        shown.put("owner", table.owner());
        shown.put("contributors", List.copyOf(table.contributors()));
        shown.put("matches", table.matches().stream().map(Object::toString).toList());
        shown.put("sets", table.sets().stream().map(Object::toString).toList());
        shown.put("description", table.doc());
        return shown;
    }
}

package org.dragonflow.server.operator;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Detour;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Schema;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.store.Replica;

/** The chassis that have joined, and how far each is. */
final class ChassisApi {
    private final Identity identity;
    private final Replica replica;
    private final ChassisProgress progress;

    ChassisApi(Identity identity, Replica replica, ChassisProgress progress) {
        this.identity = identity;
        this.replica = replica;
        this.progress = progress;
    }

    Routes routeTo(Routes routes) {
        return routes.on("GET", OperatorApi.ROOT + "/chassis", (request, _) -> {
                    identity.of(request).mustBeAdmin();
                    return list();
                })
                .on("GET", OperatorApi.ROOT + "/chassis/{name}", (request, arguments) -> {
                    identity.of(request).mustBeAdmin();
                    return Response.json(200, Map.of("chassis", shown(find(arguments.getFirst()), replica.state())));
                })
                .on("DELETE", OperatorApi.ROOT + "/chassis/{name}", (request, arguments) -> {
                    identity.of(request).mustBeAdmin();
                    return remove(arguments.getFirst());
                });
    }

    private Response list() {
        var state = replica.state();
        List<Map<String, Object>> all = state.topology()
                .find(Query.all(Chassis.class))
                .sorted(Comparator.comparing(Chassis::id))
                .map(chassis -> shown(chassis, state))
                .toList();
        return Response.json(200, Map.of("revision", state.revision(), "chassis", all));
    }

    private Chassis find(String name) {
        return replica.state()
                .topology()
                .get(Id.of(Chassis.class, name))
                .orElseThrow(
                        () -> new Refusal(404, "ChassisNotFound", "Chassis %s could not be found.".formatted(name)));
    }

    private Map<String, Object> shown(Chassis chassis, Replica.State state) {
        var shown = new LinkedHashMap<>(Schema.of(Chassis.class).show(chassis));
        shown.put("ports", state.topology().count(Port.at(chassis.id())));
        shown.put("detours", detours(chassis, state));
        progress.of(chassis.id()).ifPresent(standing -> {
            shown.put("connected", standing.connected());
            standing.confirmed().ifPresent(revision -> shown.put("confirmed_revision", revision));
        });
        return shown;
    }

    /** By whom it reaches the external networks to which its own link is down. */
    private static List<Map<String, Object>> detours(Chassis chassis, Replica.State state) {
        return state.topology()
                .find(Detour.from(chassis.id()))
                .sorted(Comparator.comparing(Detour::id))
                .map(detour -> Map.<String, Object>of(
                        "network_id",
                        detour.networkId().value(),
                        "via",
                        detour.via().value()))
                .toList();
    }

    private Response remove(String name) {
        var chassis = find(name);
        if (progress.of(chassis.id())
                .filter(ChassisProgress.Standing::connected)
                .isPresent()) {
            throw inUse(name, "its agent is connected; stop it first");
        }
        try {
            return replica.edit(edit -> {
                long ports = edit.find(Port.at(chassis.id())).count();
                if (ports > 0) {
                    throw inUse(name, "%d ports are bound to it".formatted(ports));
                }
                edit.get(chassis.id()).ifPresent(edit::delete);
                return Response.empty(204);
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.unavailable("The server is going down.");
        }
    }

    private static Refusal inUse(String name, String why) {
        return new Refusal(409, "ChassisInUse", "Chassis %s cannot be removed: %s.".formatted(name, why));
    }
}

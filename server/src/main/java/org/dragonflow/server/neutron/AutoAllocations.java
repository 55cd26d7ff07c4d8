package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import org.dragonflow.model.AutoAllocation;
import org.dragonflow.model.Decoded;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Query;
import org.dragonflow.model.Router;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.SubnetPool;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.store.Edit;

/** Gives a project that asks for any network one with a way to the outside, of what is default. */
final class AutoAllocations {
    private static final String SINGULAR = "auto_allocated_topology";
    private static final String PATH = "/v2.0/auto-allocated-topology/{project}";
    private static final String DRY_RUN = "dry-run";

    private final Identity identity;
    private final World world;
    private final Networks networks;
    private final Subnets subnets;
    private final Routers routers;
    private final RouterInterfaces interfaces;

    AutoAllocations(
            Identity identity,
            World world,
            Networks networks,
            Subnets subnets,
            Routers routers,
            RouterInterfaces interfaces) {
        this.identity = identity;
        this.world = world;
        this.networks = networks;
        this.subnets = subnets;
        this.routers = routers;
        this.interfaces = interfaces;
    }

    Routes routeTo(Routes routes) {
        return routes.on("GET", PATH, (request, path) -> show(request, path.getFirst()))
                .on("DELETE", PATH, (request, path) -> delete(request, path.getFirst()));
    }

    private static String project(Caller caller, String named, String rule) {
        var project = named.equals("None") ? caller.project() : named;
        caller.require(
                rule,
                (resource, attribute) ->
                        resource.isEmpty() && attribute.equals("project_id") ? List.of(project) : List.of());
        return project;
    }

    private Response show(Request request, String named) {
        var caller = identity.of(request);
        var project = project(caller, named, "get_auto_allocated_topology");
        var fields = request.parameters("fields");
        if (fields.contains(DRY_RUN)) {
            var view = world.view();
            outside(view);
            pools(view);
            return shown("dry-run=pass", project);
        }
        if (!fields.isEmpty()) {
            throw Refusals.badRequest("auto_allocate", "Unrecognized field");
        }
        var id = Id.of(AutoAllocation.class, project);
        var allocation = world.view()
                .get(id)
                .orElseGet(() -> world.edit(SINGULAR, edit -> edit.get(id).orElseGet(() -> make(edit, caller, id))));
        return shown(allocation.networkId().value(), project);
    }

    private static Response shown(String network, String project) {
        return Response.json(200, Map.of(SINGULAR, Map.of("id", network, "tenant_id", project, "project_id", project)));
    }

    private static Network outside(View view) {
        return Outside.find(view)
                .orElseThrow(() -> OutsideRefusals.autoAllocationFailure("No default router:external network"));
    }

    private static List<SubnetPool> pools(View view) {
        var pools = view.find(Query.all(SubnetPool.class))
                .filter(SubnetPool::isDefault)
                .sorted((one, other) -> Integer.compare(one.ipVersion(), other.ipVersion()))
                .toList();
        if (pools.isEmpty()) {
            throw OutsideRefusals.autoAllocationFailure("No default subnetpools defined");
        }
        return pools;
    }

    private AutoAllocation make(Edit edit, Caller caller, Id<AutoAllocation> project) {
        var outside = outside(edit);
        var network =
                networks.create(edit, caller, values(Network.class, project, Map.of("name", "auto_allocated_network")));
        var router = routers.create(
                edit,
                caller,
                values(
                        Router.class,
                        project,
                        Map.of(
                                "name",
                                "auto_allocated_router",
                                "external_gateway_info",
                                Map.of("network_id", outside.id().value()))));
        for (var pool : pools(edit)) {
            var subnet = subnets.create(
                    edit,
                    caller,
                    values(
                            Subnet.class,
                            project,
                            Map.of(
                                    "name", "auto_allocated_subnet_v" + pool.ipVersion(),
                                    "network_id", network.id().value(),
                                    "ip_version", pool.ipVersion(),
                                    "subnetpool_id", pool.id().value())));
            var current = edit.get(router.id()).orElseThrow();
            interfaces.add(
                    edit, caller, current, Map.of("subnet_id", subnet.id().value()));
        }
        return edit.create(new AutoAllocation(project, network.id(), router.id()));
    }

    private static <E extends Entity> Values values(
            Class<E> type, Id<AutoAllocation> project, Map<String, Object> body) {
        return switch (Schema.of(type).create(body)) {
            case Decoded.Ok<Map<String, Object>>(var values) -> new Values(values).put("project_id", project.value());
            case Decoded.Bad<Map<String, Object>>(var problems) -> throw new IllegalStateException(problems.toString());
        };
    }

    private Response delete(Request request, String named) {
        var caller = identity.of(request);
        var project = project(caller, named, "delete_auto_allocated_topology");
        world.edit(SINGULAR, edit -> {
            var found =
                    edit.find(Query.byId(Id.of(AutoAllocation.class, project))).toList();
            found.forEach(allocation -> take(edit, caller, allocation));
            return found;
        });
        return Response.empty(204);
    }

    private void take(Edit edit, Caller caller, AutoAllocation allocation) {
        var router = edit.get(allocation.routerId());
        var network = edit.get(allocation.networkId());
        edit.delete(allocation);
        router.ifPresent(found -> {
            for (var subnet : edit.find(Subnet.on(allocation.networkId())).toList()) {
                boolean isJoined = Routers.subnets(edit, Routers.interfaces(edit, found.id()))
                        .contains(subnet);
                if (isJoined) {
                    interfaces.remove(
                            edit,
                            edit.get(found.id()).orElseThrow(),
                            Map.of("subnet_id", subnet.id().value()));
                }
            }
            routers.delete(edit, caller, edit.get(found.id()).orElseThrow());
        });
        network.flatMap(found -> edit.get(found.id())).ifPresent(found -> networks.delete(edit, caller, found));
    }
}

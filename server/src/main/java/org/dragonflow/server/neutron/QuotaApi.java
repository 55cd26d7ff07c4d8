package org.dragonflow.server.neutron;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.Quota;
import org.dragonflow.model.Schemas;
import org.dragonflow.model.Topology;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;

/** Tells projects how many of each resource they may have, and lets administrators say so. */
final class QuotaApi {
    private static final String ONE = "/v2.0/quotas/{project}";
    private static final String CHECK_LIMIT = "check_limit";
    private static final String FORCE = "force";

    /** What says how limits are set, and is none. */
    private static final Set<String> OPTIONS = Set.of(CHECK_LIMIT, FORCE);

    private final Identity identity;
    private final World world;
    private final Quotas quotas;

    QuotaApi(Identity identity, World world, Quotas quotas) {
        this.identity = identity;
        this.world = world;
        this.quotas = quotas;
    }

    Routes routeTo(Routes routes) {
        return routes.on("GET", "/v2.0/quotas", (request, _) -> list(request))
                .on("GET", ONE, (request, arguments) -> show(request, arguments.getFirst()))
                .on("GET", ONE + "/details", (request, arguments) -> showDetails(request, arguments.getFirst()))
                .on("GET", ONE + "/details.json", (request, arguments) -> showDetails(request, arguments.getFirst()))
                .on("GET", ONE + "/default", (request, arguments) -> showStandard(request, arguments.getFirst()))
                .on("GET", ONE + "/default.json", (request, arguments) -> showStandard(request, arguments.getFirst()))
                .on("PUT", ONE, (request, arguments) -> update(request, arguments.getFirst()))
                .on("DELETE", ONE, (request, arguments) -> delete(request, arguments.getFirst()));
    }

    private Response list(Request request) {
        require(request, "get_quota", "");
        var topology = world.view();
        var all = topology.find(Query.all(Quota.class))
                .map(quota -> quota.id().value())
                .sorted()
                .map(project -> {
                    var shown = new TreeMap<String, Object>(quotas.of(topology, project));
                    shown.put("project_id", project);
                    shown.put("tenant_id", project);
                    return shown;
                })
                .toList();
        return Response.json(200, Map.of("quotas", all));
    }

    private Response show(Request request, String project) {
        require(request, "get_quota", project);
        return Response.json(200, Map.of("quota", quotas.of(world.view(), project)));
    }

    private Response showDetails(Request request, String project) {
        require(request, "get_quota", project);
        var topology = world.view();
        var details = new TreeMap<String, Object>();
        quotas.of(topology, project)
                .forEach((resource, limit) -> details.put(
                        resource, Map.of("limit", limit, "used", used(topology, resource, project), "reserved", 0)));
        return Response.json(200, Map.of("quota", details));
    }

    private static int used(Topology topology, String resource, String project) {
        return Schemas.all()
                .filter(schema -> schema.resource()
                        .filter(names -> names.singular().equals(resource))
                        .isPresent())
                .mapToInt(schema -> topology.count(Query.by(schema.type(), "project_id", project)))
                .sum();
    }

    private Response showStandard(Request request, String project) {
        require(request, "get_quota", project);
        return Response.json(200, Map.of("quota", quotas.standard()));
    }

    private Response update(Request request, String project) {
        require(request, "update_quota", project);
        if (!(request.json().get("quota") instanceof Map<?, ?> given)) {
            throw Refusal.badRequest("Unable to find 'quota' in request body");
        }
        var limits = new HashMap<String, Integer>();
        given.forEach((resource, limit) -> {
            if (!OPTIONS.contains(String.valueOf(resource))) {
                limits.put(known(String.valueOf(resource)), number(resource, limit));
            }
        });
        boolean isChecked = truth(given, CHECK_LIMIT) && !truth(given, FORCE);
        world.edit("quota", edit -> {
            if (isChecked) {
                limits.forEach((resource, limit) -> requireEnough(edit.topology(), project, resource, limit));
            }
            var id = Id.of(Quota.class, project);
            var before = edit.get(id);
            var all = new HashMap<>(before.map(Quota::limits).orElse(Map.of()));
            all.putAll(limits);
            return before.isPresent() ? edit.replace(new Quota(id, all)) : edit.create(new Quota(id, all));
        });
        return show(request, project);
    }

    private static boolean truth(Map<?, ?> given, String option) {
        var value = given.get(option);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        return switch (value.toString().toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default ->
                throw Refusal.badRequest(
                        "Invalid input for %s. Reason: '%s' cannot be converted to boolean.".formatted(option, value));
        };
    }

    /** Refuses a limit below what the project has already. */
    private static void requireEnough(Topology topology, String project, String resource, int limit) {
        int used = used(topology, resource, project);
        if (limit >= 0 && used > limit) {
            throw Refusal.badRequest("Quota limit %d for %s must be greater than or equal to already used %d"
                    .formatted(limit, resource, used));
        }
    }

    private String known(String resource) {
        if (!quotas.standard().containsKey(resource)) {
            throw Refusal.badRequest("Unrecognized attribute(s) '%s'".formatted(resource));
        }
        return resource;
    }

    private static Integer number(Object resource, Object limit) {
        if (limit instanceof Integer number && number >= -1) {
            return number;
        }
        if (limit instanceof String text && text.matches("-1|[0-9]{1,9}")) {
            return Integer.valueOf(text);
        }
        throw Refusal.badRequest(
                "Invalid input for %s. Reason: '%s' is not an integer of -1 or more.".formatted(resource, limit));
    }

    private Response delete(Request request, String project) {
        require(request, "delete_quota", project);
        world.edit("quota", edit -> {
            var found = edit.find(Query.byId(Id.of(Quota.class, project))).toList();
            found.forEach(edit::delete);
            return List.copyOf(found);
        });
        return Response.empty(204);
    }

    private void require(Request request, String rule, String project) {
        identity.of(request)
                .require(
                        rule,
                        (resource, attribute) ->
                                resource.isEmpty() && attribute.equals("project_id") ? List.of(project) : List.of());
    }
}

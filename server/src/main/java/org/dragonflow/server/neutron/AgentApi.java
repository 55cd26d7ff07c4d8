package org.dragonflow.server.neutron;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.model.AgentNote;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.access.Target;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.jspecify.annotations.Nullable;

/** The agents of all chassis, as Neutron's clients know agents. */
public final class AgentApi {
    private static final String ALL = "/v2.0/agents";
    private static final String ONE = ALL + "/{id}";
    private static final Set<String> CHANGEABLE = Set.of("admin_state_up", "description");
    private static final Set<String> FILTERS =
            Set.of("id", "agent_type", "binary", "host", "topic", "alive", "admin_state_up", "description");

    private static final Set<String> SORT_KEYS = Set.of(
            "id",
            "agent_type",
            "binary",
            "topic",
            "host",
            "admin_state_up",
            "alive",
            "created_at",
            "started_at",
            "heartbeat_timestamp",
            "description");

    private final Identity identity;
    private final World world;
    private final InstantSource clock;
    private final Predicate<Id<Chassis>> isConnected;

    /** @param isConnected whether the agent of a chassis is on this server's feed now */
    public AgentApi(Identity identity, World world, InstantSource clock, Predicate<Id<Chassis>> isConnected) {
        this.identity = identity;
        this.world = world;
        this.clock = clock;
        this.isConnected = isConnected;
    }

    public Routes routeTo(Routes routes) {
        return routes.on("GET", ALL, (request, _) -> list(request))
                .on("GET", ONE, this::show)
                .on("PUT", ONE, this::update)
                .on("DELETE", ONE, this::delete)
                .on("GET", ONE + "/dhcp-networks", (request, path) -> nothing(request, path, "networks"))
                .on("GET", ONE + "/l3-routers", (request, path) -> nothing(request, path, "routers"));
    }

    private Response list(Request request) {
        var view = world.view();
        var all = visible(identity.of(request), view)
                .sorted(Comparator.comparing(Chassis::id))
                .map(chassis -> shown(chassis, view))
                .filter(agent -> isAsked(agent, request))
                .sorted(order(request))
                .map(agent -> cut(agent, request.parameters("fields")))
                .toList();
        return Response.json(200, Map.of("agents", all));
    }

    private static Stream<Chassis> visible(Caller caller, View view) {
        return caller.may("get_agent", Target.NONE) ? view.find(Query.all(Chassis.class)) : Stream.empty();
    }

    private static Comparator<Map<String, Object>> order(Request request) {
        var keys = request.parameters("sort_key");
        var directions = request.parameters("sort_dir");
        if (keys.size() != directions.size()) {
            throw Refusal.badRequest("The number of sort_keys and sort_dirs must be same");
        }
        Comparator<Map<String, Object>> order = (_, _) -> 0;
        for (int i = 0; i < keys.size(); i++) {
            var key = keys.get(i);
            if (!SORT_KEYS.contains(key)) {
                throw Refusal.badRequest("['%s'] is invalid attribute for sort_keys".formatted(key));
            }
            Comparator<Map<String, Object>> next = Comparator.comparing(agent -> String.valueOf(agent.get(key)));
            order = order.thenComparing(
                    switch (directions.get(i)) {
                        case "asc" -> next;
                        case "desc" -> next.reversed();
                        default ->
                            throw Refusal.badRequest(
                                    "['%s'] is invalid value for sort_dirs, valid value is 'asc' and 'desc'"
                                            .formatted(directions.get(i)));
                    });
        }
        return order;
    }

    private static boolean isAsked(Map<String, Object> agent, Request request) {
        return FILTERS.stream()
                .allMatch(name -> request.parameters(name).isEmpty()
                        || request.parameters(name).stream()
                                .anyMatch(value -> value.equalsIgnoreCase(String.valueOf(agent.get(name)))));
    }

    private static Map<String, Object> cut(Map<String, Object> agent, List<String> fields) {
        if (!fields.isEmpty()) {
            agent.keySet().retainAll(fields);
        }
        return agent;
    }

    private Response show(Request request, List<String> path) {
        var view = world.view();
        var agent = shown(find(identity.of(request), view, path.getFirst()), view);
        return Response.json(200, Map.of("agent", cut(agent, request.parameters("fields"))));
    }

    private static Chassis find(Caller caller, View view, String id) {
        return visible(caller, view)
                .filter(chassis -> id(chassis).equals(id))
                .findFirst()
                .orElseThrow(() -> OperatorRefusals.agentNotFound(id));
    }

    /** A chassis is known by name; a UUID is made of it. */
    private static String id(Chassis chassis) {
        return UUID.nameUUIDFromBytes(("chassis " + chassis.id()).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private Map<String, Object> shown(Chassis chassis, View view) {
        var note = note(chassis, view);
        var joined = chassis.createdAt().truncatedTo(ChronoUnit.SECONDS).toString();
        var agent = new LinkedHashMap<String, Object>();
        agent.put("id", id(chassis));
        agent.put("agent_type", "Open vSwitch agent");
        agent.put("binary", "dragonflow-agent");
        agent.put("topic", "N/A");
        agent.put("host", chassis.id().value());
        agent.put("admin_state_up", note.adminStateUp());
        agent.put("alive", chassis.alive());
        agent.put("created_at", joined);
        agent.put("started_at", joined);
        agent.put("heartbeat_timestamp", chassis.alive() ? now().toString() : joined);
        agent.put("description", note.description());
        agent.put("availability_zone", null);
        agent.put("resources_synced", null);
        agent.put(
                "configurations",
                Map.of(
                        "tunneling_ip", chassis.address().toString(),
                        "tunnel_types",
                                chassis.tunnelTypes().stream()
                                        .map(Object::toString)
                                        .toList(),
                        "bridge_mappings", mappings(chassis),
                        "links_down", linksDown(chassis),
                        "devices", view.find(Port.at(chassis.id())).count()));
        if (world.isPast()) {
            // Nobody wrote down who was heard when.
            agent.remove("heartbeat_timestamp");
        }
        return agent;
    }

    /** Whatever leads further from there: packets for every physical network leave the integration bridge. */
    private static Map<String, String> mappings(Chassis chassis) {
        return chassis.uplinks().stream()
                .collect(Collectors.toMap(Chassis.Uplink::physicalNetwork, _ -> chassis.bridge(), (a, _) -> a));
    }

    /** The physical networks that it is connected to, and does not reach now. */
    private static List<String> linksDown(Chassis chassis) {
        return chassis.uplinks().stream()
                .filter(uplink -> !uplink.up())
                .map(Chassis.Uplink::physicalNetwork)
                .toList();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static AgentNote note(Chassis chassis, View view) {
        var id = Id.of(AgentNote.class, chassis.id().value());
        return view.get(id).orElse(new AgentNote(id, true, ""));
    }

    private Response update(Request request, List<String> path) {
        var caller = identity.of(request);
        if (!(request.json().get("agent") instanceof Map<?, ?> given)) {
            throw Refusal.badRequest("Unable to find 'agent' in request body");
        }
        given.keySet().stream()
                .filter(name -> !CHANGEABLE.contains(String.valueOf(name)))
                .findFirst()
                .ifPresent(name -> {
                    throw Refusal.badRequest("Cannot update read-only attribute %s".formatted(name));
                });
        return Response.json(200, world.edit("agent", edit -> {
            var chassis = find(caller, edit, path.getFirst());
            caller.require("update_agent", Target.NONE);
            var before = note(chassis, edit);
            var after = new AgentNote(
                    before.id(),
                    given.containsKey("admin_state_up") ? truth(given.get("admin_state_up")) : before.adminStateUp(),
                    given.containsKey("description") ? text(given.get("description")) : before.description());
            if (edit.get(before.id()).isPresent()) {
                edit.replace(after);
            } else {
                edit.create(after);
            }
            return Map.of("agent", shown(chassis, edit));
        }));
    }

    private static boolean truth(@Nullable Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw Refusal.badRequest(
                "Invalid input for admin_state_up. Reason: '%s' cannot be converted to boolean.".formatted(value));
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof String text && text.length() <= 255) {
            return text;
        }
        throw Refusal.badRequest("Invalid input for description. Reason: '%s' is not a valid string.".formatted(value));
    }

    private Response delete(Request request, List<String> path) {
        var caller = identity.of(request);
        world.edit("agent", edit -> {
            var chassis = find(caller, edit, path.getFirst());
            caller.require("delete_agent", Target.NONE);
            if (isConnected.test(chassis.id())
                    || edit.find(Port.at(chassis.id())).findAny().isPresent()) {
                throw Refusals.inUse("agent", path.getFirst());
            }
            edit.get(Id.of(AgentNote.class, chassis.id().value())).ifPresent(edit::delete);
            edit.delete(chassis);
            return chassis;
        });
        return Response.empty(204);
    }

    /** No network and no router has a place of its own: they are wherever their ports are. */
    private Response nothing(Request request, List<String> path, String plural) {
        find(identity.of(request), world.view(), path.getFirst());
        return Response.json(200, Map.of(plural, List.of()));
    }
}

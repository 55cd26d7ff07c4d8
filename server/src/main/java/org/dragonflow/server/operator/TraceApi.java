package org.dragonflow.server.operator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.dragonflow.explain.Audience;
import org.dragonflow.explain.Explanation;
import org.dragonflow.explain.Probe;
import org.dragonflow.explain.Rehearsal;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Topology;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.store.Replica;

/** Says what becomes of a packet from a port, and why. Projects may ask of their own ports, and learn nothing of others'. */
final class TraceApi {
    private static final int MOST_CANDIDATES = 3;

    private final Identity identity;
    private final Replica replica;
    private final Rehearsal rehearsal = new Rehearsal();
    private final ReentrantLock stage = new ReentrantLock();

    TraceApi(Identity identity, Replica replica) {
        this.identity = identity;
        this.replica = replica;
    }

    Routes routeTo(Routes routes) {
        return routes.on("POST", OperatorApi.ROOT + "/trace", (request, _) -> trace(request));
    }

    private Response trace(Request request) {
        var caller = identity.of(request);
        var body = request.json();
        body.keySet().stream()
                .filter(key -> !key.equals("from") && !key.equals("packet"))
                .findFirst()
                .ifPresent(key -> {
                    throw Refusal.badRequest("Unrecognized attribute(s) '%s'".formatted(key));
                });
        var probe = PacketText.probe(body.get("packet"));
        if (!(body.get("from") instanceof String from) || from.isEmpty()) {
            throw Refusal.badRequest("'from' is the name or the id of the port that the packet starts from.");
        }
        var state = replica.state();
        var port = port(state.topology(), caller, from);
        var shown = shown(explain(state.topology(), port, probe, caller));
        shown.put("revision", state.revision());
        return Response.json(200, Map.of("trace", shown));
    }

    private Explanation explain(Topology topology, Port port, Probe probe, Caller caller) {
        var audience = caller.isAdmin() ? Audience.OPERATOR : Audience.of(caller.project());
        stage.lock();
        try {
            return rehearsal.explain(topology, port, probe, audience);
        } finally {
            stage.unlock();
        }
    }

    private static Port port(Topology topology, Caller caller, String text) {
        var byId = topology.get(Id.of(Port.class, text)).filter(port -> caller.owns(port.projectId()));
        if (byId.isPresent()) {
            return byId.get();
        }
        var named = candidates(topology, caller)
                .filter(port -> port.name().equals(text))
                .limit(MOST_CANDIDATES)
                .toList();
        return switch (named.size()) {
            case 0 -> throw new Refusal(404, "PortNotFound", "Port %s could not be found.".formatted(text));
            case 1 -> named.getFirst();
            default ->
                throw new Refusal(
                        409,
                        "PortNameAmbiguous",
                        "Several ports are named %s; give an id, such as %s."
                                .formatted(text, named.getFirst().id()));
        };
    }

    private static Stream<Port> candidates(Topology topology, Caller caller) {
        return topology.find(
                caller.isAdmin() ? Query.all(Port.class) : Query.by(Port.class, "project_id", caller.project()));
    }

    private static Map<String, Object> shown(Explanation explanation) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("verdict", explanation.verdict().toString());
        shown.put("summary", explanation.summary());
        shown.put("packet", explanation.packet());
        shown.put("hops", explanation.hops().stream().map(TraceApi::shown).toList());
        shown.put("notes", explanation.notes());
        return shown;
    }

    private static Map<String, Object> shown(Explanation.Hop hop) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("chassis", hop.chassis());
        shown.put("entry", hop.entry());
        shown.put("tables", hop.stages().stream().map(TraceApi::shown).toList());
        shown.put(
                "ends",
                hop.ends().stream()
                        .map(end -> Map.of("kind", end.kind().toString(), "text", end.text()))
                        .toList());
        return shown;
    }

    private static Map<String, Object> shown(Explanation.Stage stage) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("number", stage.number());
        shown.put("name", stage.table());
        shown.put("depth", stage.depth());
        shown.put("why", stage.why());
        stage.flow().ifPresent(flow -> shown.put("flow", shown(flow)));
        shown.put("changes", stage.changes());
        shown.put("made_by", stage.makers().stream().map(TraceApi::shown).toList());
        return shown;
    }

    private static Map<String, Object> shown(Explanation.FlowText flow) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("priority", flow.priority());
        shown.put("match", flow.match());
        shown.put("actions", List.copyOf(flow.actions()));
        shown.put("cookie", "0x%016x".formatted(flow.cookie()));
        return shown;
    }

    private static Map<String, Object> shown(Explanation.Reason reason) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("app", reason.app());
        shown.put("rule", reason.rule());
        shown.put("type", reason.type());
        reason.id().ifPresent(id -> shown.put("id", id));
        shown.put("entity", reason.entity());
        return shown;
    }
}

package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.http.Json;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.store.Edit;

/** Does several requests of one client together, or none of them. */
final class Bundles {
    private static final String PATH = "/v2.0/bundle";

    /** In bytes, of all answers together. */
    private static final long MOST_ANSWERED = 8 << 20;

    private final Identity identity;
    private final World world;
    private final Routes routes;
    private final Receipts receipts;

    /** @param routes where the operations go */
    Bundles(Identity identity, World world, Routes routes, Receipts receipts) {
        this.identity = identity;
        this.world = world;
        this.routes = routes;
        this.receipts = receipts;
    }

    void routeTo(Routes entrance) {
        entrance.on("POST", PATH, (request, _) -> answer(request));
    }

    private Response answer(Request request) {
        var caller = identity.of(request);
        var operations = Operation.all(request.json());
        return world.together(
                "bundle", edit -> receipts.once(edit, request, caller, () -> answer(edit, request, operations)));
    }

    private Response answer(Edit edit, Request bundle, List<Operation> operations) {
        var references = new References();
        var answers = new ArrayList<Map<String, Object>>();
        long size = 0;
        for (var operation : operations) {
            // What only the commit shows to be taken is this operation's fault too.
            edit.refuseAs(operation::blamed);
            try {
                var response = accepted(routes.answer(operation.request(bundle, references)));
                size += response.body().size();
                if (size > MOST_ANSWERED) {
                    throw Refusal.badRequest("The answers are too long, all in all; ask for less at a time");
                }
                answers.add(shown(operation, response, references));
            } catch (Refusal refusal) {
                throw operation.blamed(refusal);
            }
        }
        edit.refuseAs(UnaryOperator.identity());
        return Response.json(200, Map.of("bundle", Map.of("operations", answers)));
    }

    /** Some endpoints answer a refusal, and do not throw it. */
    private static Response accepted(Response response) {
        if (response.status() < 400) {
            return response;
        }
        var error = Json.object(response.body().toArray()).get("NeutronError");
        throw error instanceof Map<?, ?> known
                ? new Refusal(
                        response.status(), String.valueOf(known.get("type")), String.valueOf(known.get("message")))
                : new Refusal(
                        response.status(), "HTTPBadRequest", response.body().utf8());
    }

    private static Map<String, Object> shown(Operation operation, Response response, References references) {
        var shown = new LinkedHashMap<String, Object>();
        if (!operation.name().isEmpty()) {
            shown.put("name", operation.name());
        }
        shown.put("status", response.status());
        if (response.body().size() > 0) {
            var body = Json.object(response.body().toArray());
            shown.put("body", body);
            if (!operation.name().isEmpty()) {
                references.add(operation.name(), body);
            }
        }
        return shown;
    }
}

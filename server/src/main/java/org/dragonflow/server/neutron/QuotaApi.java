package org.dragonflow.server.neutron;

import java.util.Map;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;

/** Tells projects how many of each resource they may have. */
final class QuotaApi {
    private final Quotas quotas;

    QuotaApi(Quotas quotas) {
        this.quotas = quotas;
    }

    Routes routeTo(Routes routes) {
        return routes.on("GET", "/v2.0/quotas/{project}", (request, arguments) -> show(request, arguments.getFirst()))
                .on(
                        "GET",
                        "/v2.0/quotas/{project}/default",
                        (request, arguments) -> show(request, arguments.getFirst()));
    }

    private Response show(Request request, String project) {
        if (!Caller.trusting(request).owns(project)) {
            throw Refusals.policyNotAuthorized("get_quota");
        }
        return Response.json(200, Map.of("quota", quotas.limits()));
    }
}

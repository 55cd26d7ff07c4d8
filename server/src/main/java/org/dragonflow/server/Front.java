package org.dragonflow.server;

import java.util.Set;
import java.util.function.Function;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.server.neutron.World;
import org.dragonflow.server.realised.Waiting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request, whatever happens; what is no client's fault is logged under the request's id. */
final class Front implements Function<Request, Response> {
    private static final Logger LOG = LoggerFactory.getLogger(Front.class);
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");
    private static final double NANOS_PER_SECOND = 1e9;

    /** What is said to anybody: all else, also what there is not, only to who says who they are. */
    private static final Set<String> OPEN = Set.of("/", "/healthz", "/metrics");

    private final Identity identity;
    private final Routes routes;
    private final World world;
    private final Waiting waiting;
    private final Metrics metrics;

    Front(Identity identity, Routes routes, World world, Waiting waiting, Metrics metrics) {
        this.identity = identity;
        this.routes = routes;
        this.world = world;
        this.waiting = waiting;
        this.metrics = metrics;
    }

    @Override
    public Response apply(Request request) {
        long start = System.nanoTime();
        var template = routes.template(request);
        var response = answer(request, template);
        var method = METHODS.contains(request.method()) ? request.method() : "other";
        metrics.request(method, template, response.status(), (System.nanoTime() - start) / NANOS_PER_SECOND);
        return response;
    }

    private Response answer(Request request, String template) {
        try {
            if (!OPEN.contains(template)) {
                identity.of(request);
                request.requireAccepted("application/json");
            }
            return waiting.answer(request, asked -> world.answer(asked, routes::answer));
        } catch (Refusal refusal) {
            LOG.debug("{} {} {}: {}", request.id(), request.method(), request.path(), refusal.getMessage());
            if (refusal.status() >= 500) {
                LOG.warn("{} {} {}: {}", request.id(), request.method(), request.path(), refusal.getMessage());
            }
            return refusal.response();
        } catch (RuntimeException e) {
            LOG.error("{} {} {} failed", request.id(), request.method(), request.path(), e);
            metrics.fault();
            return new Refusal(
                            500,
                            "HTTPInternalServerError",
                            "Request Failed: internal server error while processing your request.")
                    .response();
        }
    }
}

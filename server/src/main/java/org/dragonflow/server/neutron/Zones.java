package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.access.Target;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;

/** The one availability zone that all chassis are in: networks and routers are on every one of them. */
final class Zones {
    static final List<String> ALL = List.of("nova");

    private static final List<String> RESOURCES = List.of("network", "router");

    private final Identity identity;

    Zones(Identity identity) {
        this.identity = identity;
    }

    /** Refuses to place something where nothing is. */
    static void require(List<String> hints) {
        hints.stream().filter(hint -> !ALL.contains(hint)).findFirst().ifPresent(hint -> {
            throw OutsideRefusals.availabilityZoneNotFound(hint);
        });
    }

    Routes routeTo(Routes routes) {
        return routes.on("GET", "/v2.0/availability_zones", (request, _) -> list(request));
    }

    private Response list(Request request) {
        identity.of(request).require("get_availability_zone", Target.NONE);
        var zones = ALL.stream()
                .flatMap(zone -> RESOURCES.stream()
                        .map(resource -> Map.of("name", zone, "resource", resource, "state", "available")))
                .filter(zone -> zone.entrySet().stream().allMatch(part -> isAskedFor(request, part)))
                .toList();
        return Response.json(200, Map.of("availability_zones", zones));
    }

    private static boolean isAskedFor(Request request, Map.Entry<String, String> part) {
        var wanted = request.parameters(part.getKey());
        return wanted.isEmpty() || wanted.contains(part.getValue());
    }
}

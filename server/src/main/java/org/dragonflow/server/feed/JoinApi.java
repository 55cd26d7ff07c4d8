package org.dragonflow.server.feed;

import java.util.Map;
import java.util.regex.Pattern;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;

/** Lets operators invite chassis. */
public final class JoinApi {
    /** What the name of a host can be (RFC 1123); it becomes the name in a certificate. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

    private final Identity identity;
    private final ChassisFeed feed;

    public JoinApi(Identity identity, ChassisFeed feed) {
        this.identity = identity;
        this.feed = feed;
    }

    public Routes routeTo(Routes routes) {
        return routes.on("POST", "/dragonflow/v1/chassis", (request, _) -> invite(request));
    }

    private Response invite(Request request) {
        identity.of(request).mustBeAdmin();
        if (!(request.json().get("name") instanceof String name)
                || !NAME.matcher(name).matches()) {
            throw new Refusal(
                    400,
                    "HTTPBadRequest",
                    "'name' is the chassis' name: letters, digits, dots, hyphens and underscores, at most 63.");
        }
        try {
            return Response.json(201, Map.copyOf(feed.invite(name)));
        } catch (IllegalStateException e) {
            throw new Refusal(409, "HTTPConflict", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(503, "HTTPServiceUnavailable", "The server is going down.");
        }
    }
}

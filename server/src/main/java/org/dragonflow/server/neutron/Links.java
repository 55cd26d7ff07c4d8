package org.dragonflow.server.neutron;

import org.dragonflow.server.http.Request;

/** Where clients find this server, going by how they found it. */
final class Links {
    private Links() {}

    static String base(Request request) {
        return request.header("X-Forwarded-Proto").orElse("http") + "://"
                + request.header("X-Forwarded-Host")
                        .or(() -> request.header("Host"))
                        .orElse("localhost");
    }
}

package org.dragonflow.cli;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a server is told of who asks.
 *
 * @param headers by name
 */
record Proof(Map<String, String> headers) {
    Proof {
        headers = Map.copyOf(headers);
    }

    /**
     * Secrets come from the environment alone, since others see command lines.
     *
     * @param project empty for the operator
     */
    static Proof of(String project, Map<String, String> environment) {
        var headers = new LinkedHashMap<String, String>();
        if (!project.isEmpty()) {
            headers.put("X-Project-Id", project);
            headers.put("X-Roles", "member");
        }
        var token = environment.getOrDefault("OS_TOKEN", "");
        if (!token.isEmpty()) {
            headers.put("X-Auth-Token", token);
        }
        var user = environment.getOrDefault("DRAGONFLOW_USER", "");
        if (!user.isEmpty()) {
            var words = user + ":" + environment.getOrDefault("DRAGONFLOW_PASSWORD", "");
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(words.getBytes(StandardCharsets.UTF_8)));
        }
        return new Proof(headers);
    }

    /** Nothing of what it is. */
    @Override
    public String toString() {
        return "proof by " + headers.keySet();
    }
}

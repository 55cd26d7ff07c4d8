package org.dragonflow.server.access;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.dragonflow.server.http.Request;

/**
 * Takes the word of the headers {@code X-Project-Id}, {@code X-User-Id} and {@code X-Roles}; a request without any is the operator's.
 *
 * <p>For one machine and nobody else, or behind a proxy that has asked.
 */
public final class TrustedHeaders implements Identity {
    /** What is owned by nobody in particular belongs to this project. */
    public static final String OPERATOR = "admin";

    private final Policy policy;

    public TrustedHeaders(Policy policy) {
        this.policy = policy;
    }

    @Override
    public Caller of(Request request) {
        var project = request.header("X-Project-Id").or(() -> request.header("X-Tenant-Id"));
        var roles = request.header("X-Roles").map(TrustedHeaders::roles);
        var user = request.header("X-User-Id").orElse("");
        var isSystem = request.header("X-System-Scope").filter("all"::equals).isPresent();
        if (isSystem) {
            return new Caller(
                    new Credentials(user, "", "", true, Credentials.implied(roles.orElse(Set.of("reader")))), policy);
        }
        var standard = project.isEmpty() ? Set.of("admin") : Set.of("member");
        return new Caller(Credentials.ofProject(user, project.orElse(OPERATOR), roles.orElse(standard)), policy);
    }

    private static Set<String> roles(String header) {
        return Arrays.stream(header.split(",", -1))
                .map(String::strip)
                .filter(role -> !role.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}

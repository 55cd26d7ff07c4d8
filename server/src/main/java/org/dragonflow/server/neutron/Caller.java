package org.dragonflow.server.neutron;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;

/**
 * On whose behalf a request is made.
 *
 * @param project whose things are made and seen
 */
public record Caller(String project, Role role) {
    /** What is owned by nobody in particular belongs to this project. */
    static final String OPERATOR = "admin";

    /** What a caller may do: read, change what its project owns, or everything. */
    public enum Role {
        READER,
        MEMBER,
        ADMIN
    }

    /** Takes the word of the headers for it; without any it is the operator. */
    public static Caller trusting(Request request) {
        var project = request.header("X-Project-Id").or(() -> request.header("X-Tenant-Id"));
        var role = request.header("X-Roles").map(Caller::highest);
        return project.isEmpty() && role.isEmpty()
                ? new Caller(OPERATOR, Role.ADMIN)
                : new Caller(project.orElse(OPERATOR), role.orElse(Role.MEMBER));
    }

    private static Role highest(String header) {
        return Arrays.stream(header.split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .flatMap(name -> switch (name) {
                    case "admin" -> Stream.of(Role.ADMIN);
                    case "member" -> Stream.of(Role.MEMBER);
                    case "reader" -> Stream.of(Role.READER);
                    default -> Stream.<Role>empty();
                })
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> new Refusal(403, "HTTPForbidden", "The roles give no right to anything here."));
    }

    public boolean isAdmin() {
        return role == Role.ADMIN;
    }

    public boolean owns(String projectId) {
        return isAdmin() || project.equals(projectId);
    }

    /** Refuses everybody but operators. */
    public void mustBeAdmin() {
        if (!isAdmin()) {
            throw new Refusal(403, "HTTPForbidden", "This is for administrators.");
        }
    }

    /** Refuses those who may only read, under the name of Neutron's policy rule. */
    void mayWrite(String rule) {
        if (role == Role.READER) {
            throw Refusals.policyNotAuthorized(rule);
        }
    }
}

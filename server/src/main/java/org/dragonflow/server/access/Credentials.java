package org.dragonflow.server.access;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a request proves of the one who makes it.
 *
 * @param user the user's id; empty if there is none
 * @param project the project that is acted in; empty for a token of a domain or of the system
 * @param domain the domain that is acted in; empty for a token of a project or of the system
 * @param isSystem whether the whole system is acted on
 * @param roles in lower case, with all that they imply
 */
public record Credentials(String user, String project, String domain, boolean isSystem, Set<String> roles) {
    public Credentials {
        roles = Set.copyOf(roles);
    }

    /** Of a member of a project, with what these roles imply. */
    public static Credentials ofProject(String user, String project, Set<String> roles) {
        return new Credentials(user, project, "", false, implied(roles));
    }

    /** An administrator may what a manager may, a manager what a member may, a member what a reader may. */
    static Set<String> implied(Set<String> roles) {
        var all = new TreeSet<String>();
        for (var role : roles) {
            all.add(role.toLowerCase(Locale.ROOT));
        }
        if (all.contains("admin")) {
            all.add("manager");
        }
        if (all.contains("manager")) {
            all.add("member");
        }
        if (all.contains("member")) {
            all.add("reader");
        }
        return all;
    }

    /** What a rule of the policy calls by this name, if the credentials have it. */
    Optional<String> value(String name) {
        return switch (name) {
            case "user_id", "user" -> present(user);
            case "project_id", "tenant_id", "tenant" -> present(project);
            case "domain_id" -> present(domain);
            case "system_scope" -> isSystem ? Optional.of("all") : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}

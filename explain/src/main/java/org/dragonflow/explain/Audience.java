package org.dragonflow.explain;

import java.util.Optional;

/**
 * Who reads an explanation: an operator, who sees everything, or one project, which learns nothing of other projects and of chassis.
 *
 * @param project empty for an operator
 */
public record Audience(Optional<String> project) {
    public static final Audience OPERATOR = new Audience(Optional.empty());

    public static Audience of(String project) {
        return new Audience(Optional.of(project));
    }

    boolean isOperator() {
        return project.isEmpty();
    }

    boolean sees(String projectId) {
        return isOperator() || project.get().equals(projectId);
    }
}

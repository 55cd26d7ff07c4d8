package org.dragonflow.compile;

import org.dragonflow.model.Id;

/**
 * A fault of one rule with one entity, which left that entity without this rule's entries; everything else went on.
 *
 * @param app whose rule it is
 * @param subject the culprit
 * @param text what is wrong, for an operator
 */
public record Problem(String app, String rule, Id<?> subject, String text) {
    @Override
    public String toString() {
        return "app %s, rule %s, %s %s: %s".formatted(app, rule, subject.type().getSimpleName(), subject, text);
    }
}

package org.dragonflow.server.access;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.dragonflow.server.http.Refusal;

/** On whose behalf a request is made, and what the policy lets them do. Safe to share between requests, and meant to be. */
public final class Caller {
    private final Credentials who;
    private final Policy policy;
    private final Map<String, Condition> conditions = new ConcurrentHashMap<>();

    public Caller(Credentials who, Policy policy) {
        this.who = who;
        this.policy = policy;
    }

    public Credentials credentials() {
        return who;
    }

    /** The project whose things are made and seen; empty for who acts in none. */
    public String project() {
        return who.project();
    }

    public boolean isAdmin() {
        return may(Policy.ADMIN, Target.NONE);
    }

    public boolean owns(String projectId) {
        return isAdmin() || !projectId.isEmpty() && who.project().equals(projectId);
    }

    /** What the rule asks of its target, for this caller. */
    public Condition condition(String rule) {
        return conditions.computeIfAbsent(rule, name -> policy.condition(name, who));
    }

    public boolean may(String rule, Target target) {
        return condition(rule).holds(target);
    }

    /** The attributes, and parts of attributes, that have a rule of their own under that of an operation. */
    public List<String> attributesOf(String rule) {
        return policy.attributesOf(rule);
    }

    /** Refuses who may not. */
    public void require(String rule, Target target) {
        if (!may(rule, target)) {
            throw notAuthorized(rule);
        }
    }

    /** Refuses everybody but operators. */
    public void mustBeAdmin() {
        if (!isAdmin()) {
            throw new Refusal(403, "HTTPForbidden", "This is for administrators.");
        }
    }

    /** What is said to who may not. */
    public static Refusal notAuthorized(String rule) {
        return new Refusal(403, "PolicyNotAuthorized", "rule:%s is disallowed by policy".formatted(rule));
    }

    @Override
    public String toString() {
        return who.toString();
    }
}

package org.dragonflow.server.operator;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.access.Condition;
import org.dragonflow.server.access.Credentials;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.access.Policy;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;

/** The policy that the server goes by, and what a rule of it asks of whom. */
final class PolicyApi {
    private final Identity identity;
    private final Policy policy;

    PolicyApi(Identity identity, Policy policy) {
        this.identity = identity;
        this.policy = policy;
    }

    Routes routeTo(Routes routes) {
        return routes.on("GET", OperatorApi.ROOT + "/policy", (request, _) -> {
                    identity.of(request).mustBeAdmin();
                    return list();
                })
                .on("GET", OperatorApi.ROOT + "/policy/{rule}", (request, arguments) -> {
                    identity.of(request).mustBeAdmin();
                    return Response.json(200, Map.of("rule", checked(find(arguments.getFirst()), request)));
                });
    }

    private Response list() {
        var rules = policy.rules().values().stream().map(PolicyApi::shown).toList();
        return Response.json(200, Map.of("rules", rules));
    }

    private static Map<String, Object> shown(Policy.Rule rule) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("name", rule.name());
        shown.put("text", rule.text());
        shown.put("standard", rule.isStandard());
        return shown;
    }

    private Policy.Rule find(String name) {
        var rule = policy.rules().get(name);
        if (rule == null) {
            throw new Refusal(404, "PolicyRuleNotFound", "Policy rule %s could not be found.".formatted(name));
        }
        return rule;
    }

    /** With what the rule asks of its target if somebody of this project with these roles asks. */
    private Map<String, Object> checked(Policy.Rule rule, Request request) {
        var who = Credentials.ofProject(
                request.parameter("user_id").orElse(""),
                request.parameter("project_id").orElse(""),
                roles(request.parameters("roles")));
        var condition = new Caller(who, policy).condition(rule.name());
        var shown = shown(rule);
        shown.put("roles", who.roles().stream().sorted().toList());
        shown.put("allowed", allowed(condition));
        shown.put("condition", condition.text());
        return shown;
    }

    private static String allowed(Condition condition) {
        if (condition.equals(Condition.always())) {
            return "always";
        }
        return condition.equals(Condition.never()) ? "never" : "if";
    }

    private static Set<String> roles(List<String> parameters) {
        return parameters.stream()
                .flatMap(parameter -> Arrays.stream(parameter.split(",", -1)))
                .map(String::strip)
                .filter(role -> !role.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}

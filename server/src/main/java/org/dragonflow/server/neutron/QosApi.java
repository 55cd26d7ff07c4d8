package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.model.Access;
import org.dragonflow.model.Attribute;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.QosRule;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Shape;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.access.Target;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;

/** QoS policies, their rules of every type, also by a path of their own without the policy, and what types there are. */
final class QosApi {
    private static final String TYPES = "/v2.0/qos/rule-types";

    private final List<Collection<?>> collections = new ArrayList<>();
    private final List<Collection<?>> aliases = new ArrayList<>();
    private final Identity identity;

    QosApi(Mint mint, Identity identity, World world, Quotas quotas) {
        this.identity = identity;
        var policies = new Collection<>(new QosPolicies(mint), identity, world, quotas);
        collections.add(policies);
        QosRule.types().forEach(type -> add(new QosRules<>(type, mint), policies, world, quotas));
    }

    private <R extends QosRule> void add(QosRules<R> kind, Collection<QosPolicy> policies, World world, Quotas quotas) {
        var singular = Schema.of(kind.type()).resource().orElseThrow().singular();
        collections.add(new Collection<>(kind, Optional.of(policies), identity, world, quotas));
        aliases.add(new Collection<>(kind, "alias_" + singular, Optional.empty(), identity, world, quotas));
    }

    List<Collection<?>> collections() {
        return List.copyOf(collections);
    }

    void routeTo(Routes routes) {
        aliases.forEach(rules ->
                rules.routeTo(routes, "/v2.0/qos/alias_" + rules.names().plural() + "/{id}"));
        routes.on("GET", TYPES, this::list).on("GET", TYPES + "/{type}", this::show);
    }

    // A rule of every type is honoured by somebody, so that all are there, asked for in whichever way.
    private Response list(Request request, List<String> path) {
        identity.of(request).require("get_rule_type", Target.NONE);
        return Response.json(
                200,
                Map.of(
                        "rule_types",
                        QosRule.types()
                                .map(type -> Map.of("type", QosRules.typeName(type)))
                                .toList()));
    }

    private Response show(Request request, List<String> path) {
        var caller = identity.of(request);
        caller.require("get_rule_type", Target.NONE);
        if (!caller.may("context_is_admin", Target.NONE)) {
            throw QosRefusals.notAuthorized();
        }
        var name = path.getFirst();
        var type = QosRule.types()
                .filter(one -> QosRules.typeName(one).equals(name))
                .findFirst()
                .orElseThrow(() -> QosRefusals.qosRuleTypeNotFound(name));
        // By whom clients see what switches hold, and what Placement keeps from being promised twice.
        var drivers = new ArrayList<Map<String, Object>>();
        if (QosRule.isEnforced(type)) {
            boolean isOfSenders = QosRule.isPromise(type);
            drivers.add(driver("dragonflow", isOfSenders ? ofSenders(parameters(type)) : parameters(type)));
        }
        if (QosRule.isPromise(type)) {
            drivers.add(driver("placement", parameters(type)));
        }
        return Response.json(200, Map.of("rule_type", Map.of("type", name, "drivers", drivers)));
    }

    private static Map<String, Object> driver(String name, List<Map<String, Object>> parameters) {
        return Map.of("name", name, "supported_parameters", parameters);
    }

    /** A switch can hold bandwidth free for what a port sends, and not for what others send to it. */
    private static List<Map<String, Object>> ofSenders(List<Map<String, Object>> parameters) {
        return parameters.stream()
                .map(parameter -> {
                    var narrowed = new LinkedHashMap<>(parameter);
                    narrowed.computeIfPresent(
                            "parameter_values",
                            (_, values) ->
                                    "direction".equals(parameter.get("parameter_name")) ? List.of("egress") : values);
                    return (Map<String, Object>) narrowed;
                })
                .toList();
    }

    private static List<Map<String, Object>> parameters(Class<? extends QosRule> type) {
        return Schema.of(type).attributes().stream()
                .filter(attribute -> attribute.writer() != Access.Writer.SERVER)
                .map(QosApi::parameter)
                .toList();
    }

    private static Map<String, Object> parameter(Attribute attribute) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("parameter_name", attribute.name());
        if (attribute.shape() instanceof Shape.Limited limited) {
            shown.put("parameter_type", "choices");
            shown.put("parameter_values", limited.values());
        } else if (attribute.shape() instanceof Shape.Whole whole) {
            shown.put("parameter_type", "range");
            shown.put(
                    "parameter_values",
                    Map.of("start", whole.bounds().min(), "end", whole.bounds().max()));
        }
        return shown;
    }
}

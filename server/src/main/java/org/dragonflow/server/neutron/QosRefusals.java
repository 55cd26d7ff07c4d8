package org.dragonflow.server.neutron;

import org.dragonflow.model.Id;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.server.http.Refusal;

/** Neutron's errors about QoS policies and their rules. */
final class QosRefusals {
    private QosRefusals() {}

    static Refusal qosPolicyNotFound(Object id) {
        return Refusals.missing("QosPolicyNotFound", "QoS policy %s could not be found.".formatted(id));
    }

    static Refusal qosRuleNotFound(Object id, Object policy) {
        return Refusals.missing(
                "QosRuleNotFound", "QoS rule %s for policy %s could not be found.".formatted(id, policy));
    }

    static Refusal qosPolicyInUse(Id<QosPolicy> id, String type, Object user) {
        return Refusals.conflict("QosPolicyInUse", "QoS Policy %s is used by %s %s.".formatted(id, type, user));
    }

    static Refusal qosPolicyDefaultAlreadyExists(String project) {
        return Refusals.conflict(
                "QoSPolicyDefaultAlreadyExists", "A default QoS policy exists for project %s.".formatted(project));
    }

    static Refusal qosRulesConflict(String type, Object rule, Object policy) {
        return Refusals.conflict(
                "QoSRulesConflict",
                "Rule %s conflicts with rule %s which already exists in QoS Policy %s.".formatted(type, rule, policy));
    }

    static Refusal qosRuleParameterConflict(Object value, Object policy, String type, Object present) {
        return Refusals.conflict(
                "QoSRuleParameterConflict",
                "Unable to add the rule with value %s to the policy %s as the existing rule of type %s has value %s."
                        .formatted(value, policy, type, present));
    }

    static Refusal qosRuleNotSupported(String type, Object port) {
        return Refusals.conflict("QosRuleNotSupported", "Rule %s is not supported by port %s".formatted(type, port));
    }

    static Refusal qosRuleNotSupportedByNetwork(String type, Object network) {
        return Refusals.conflict(
                "QosRuleNotSupportedByNetwork", "Rule %s is not supported by network %s".formatted(type, network));
    }

    static Refusal trackedInPlacement() {
        return Refusals.conflict(
                "NotImplementedError", "Cannot update QoS policies/rules backed by resources tracked in Placement");
    }

    static Refusal qosRuleTypeNotFound(String type) {
        return Refusals.missing("QosRuleTypeNotFound", "QoS rule type %s could not be found.".formatted(type));
    }

    static Refusal notAuthorized() {
        return new Refusal(403, "NotAuthorized", "Not authorized.");
    }

    static Refusal policyRemoveAuthorizationError(Id<QosPolicy> id) {
        return new Refusal(
                403,
                "PolicyRemoveAuthorizationError",
                "Failed to remove provided policy %s because you are not authorized.".formatted(id));
    }
}

package org.dragonflow.server.neutron;

import org.dragonflow.address.IpPrefix;
import org.dragonflow.server.http.Refusal;

/** Neutron's errors about what mostly operators ask for. */
final class OperatorRefusals {
    private OperatorRefusals() {}

    static Refusal agentNotFound(String id) {
        return Refusals.missing("AgentNotFound", "Agent %s could not be found.".formatted(id));
    }

    static Refusal meteringLabelNotFound(Object id) {
        return Refusals.missing("MeteringLabelNotFound", "Metering label '%s' does not exist.".formatted(id));
    }

    static Refusal meteringLabelRuleNotFound(Object id) {
        return Refusals.missing("MeteringLabelRuleNotFound", "Metering label rule '%s' does not exist.".formatted(id));
    }

    static Refusal meteringLabelRuleOverlaps(IpPrefix block) {
        return Refusals.conflict(
                "MeteringLabelRuleOverlaps",
                "Metering label rule with remote_ip_prefix '%s' overlaps another.".formatted(block));
    }

    static Refusal flavorNotFound(Object id) {
        return Refusals.missing("FlavorNotFound", "Flavor %s could not be found.".formatted(id));
    }

    static Refusal flavorInUse(Object id) {
        return Refusals.conflict("FlavorInUse", "Flavor %s is used by some service instance.".formatted(id));
    }

    static Refusal flavorDisabled() {
        return Refusals.conflict("FlavorDisabled", "Flavor is not enabled.");
    }

    static Refusal serviceProfileDisabled() {
        return Refusals.conflict("ServiceProfileDisabled", "Service Profile is not enabled.");
    }

    static Refusal serviceProfileNotFound(Object id) {
        return Refusals.missing("ServiceProfileNotFound", "Service Profile %s could not be found.".formatted(id));
    }

    static Refusal serviceProfileInUse(Object id) {
        return Refusals.conflict(
                "ServiceProfileInUse", "Service Profile %s is used by some service instance.".formatted(id));
    }

    static Refusal serviceProfileEmpty() {
        return Refusals.bad("ServiceProfileEmpty", "Service Profile needs either a driver or metainfo.");
    }

    static Refusal serviceProfileDriverNotFound(String driver) {
        return Refusals.missing(
                "ServiceProfileDriverNotFound", "Service Profile driver %s could not be found.".formatted(driver));
    }

    static Refusal flavorServiceProfileBindingExists(Object profile, Object flavor) {
        return Refusals.conflict(
                "FlavorServiceProfileBindingExists",
                "Service Profile %s is already associated with flavor %s.".formatted(profile, flavor));
    }

    static Refusal flavorServiceProfileBindingNotFound(Object profile, Object flavor) {
        return Refusals.missing(
                "FlavorServiceProfileBindingNotFound",
                "Service Profile %s is not associated with flavor %s.".formatted(profile, flavor));
    }

    static Refusal logResourceNotFound(Object id) {
        return Refusals.missing("LogResourceNotFound", "Log resource %s could not be found.".formatted(id));
    }

    static Refusal invalidLogResourceType(String type) {
        return Refusals.bad("InvalidLogResourceType", "Invalid log resource_type: %s.".formatted(type));
    }

    static Refusal resourceNotFound(Object id) {
        return Refusals.missing("ResourceNotFound", "Resource %s could not be found.".formatted(id));
    }

    static Refusal targetResourceNotFound(Object id) {
        return Refusals.missing("TargetResourceNotFound", "Target resource %s could not be found.".formatted(id));
    }

    static Refusal invalidResourceConstraint(Object group, Object port) {
        return Refusals.bad(
                "InvalidResourceConstraint",
                "Invalid resource constraint between resource (security_group %s) and target resource (port %s)."
                        .formatted(group, port));
    }
}

package org.dragonflow.server.neutron;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A subnet whose block the provider is to choose ({@code subnetpool_id} is {@code prefix_delegation}): it is cut from the default pool of IPv6,
 * long enough for hosts to form addresses in it.
 */
final class PrefixDelegation {
    private static final String POOL = "subnetpool_id";
    private static final String DELEGATION = "prefix_delegation";
    private static final String RESOURCE = "subnets";
    private static final Set<String> FORMED = Set.of("slaac", "dhcpv6-stateless");
    private static final int LENGTH = 64;

    private PrefixDelegation() {}

    /** The body as it would be written with the pool's own words. */
    static Map<String, Object> normalize(Map<String, Object> body) {
        if (!DELEGATION.equals(body.get(POOL))) {
            return body;
        }
        if (!"6".equals(String.valueOf(body.get("ip_version")))) {
            throw Refusals.badRequest(RESOURCE, "Prefix Delegation can only be used with IPv6 subnets.");
        }
        requireFormed(body, "ipv6_ra_mode", "IPv6 RA Mode");
        requireFormed(body, "ipv6_address_mode", "IPv6 Address Mode");
        var normal = new LinkedHashMap<>(body);
        normal.remove(POOL);
        // As in Neutron, who names a block needs none to be delegated.
        if (body.get("cidr") == null) {
            normal.put("use_default_subnetpool", true);
            normal.putIfAbsent("prefixlen", LENGTH);
        }
        return normal;
    }

    private static void requireFormed(Map<String, Object> body, String attribute, String name) {
        if (!(body.get(attribute) instanceof String mode && FORMED.contains(mode))) {
            throw Refusals.badRequest(RESOURCE, name + " must be SLAAC or Stateless for Prefix Delegation.");
        }
    }
}

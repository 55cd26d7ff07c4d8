package org.dragonflow.server.neutron;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Response;

/** The extensions of Neutron's API that are honoured here, and no others: clients go by this list. */
enum Extensions {
    ADDRESS_GROUP("address-group", "Address group"),
    ALLOWED_ADDRESS_PAIRS("allowed-address-pairs", "Allowed Address Pairs"),
    BINDING("binding", "Port Binding"),
    SECURITY_GROUP("security-group", "security-group"),
    EXTERNAL_NET("external-net", "Neutron external network"),
    EXTRA_DHCP_OPT("extra_dhcp_opt", "Neutron Extra DHCP options"),
    EXTRA_ROUTE("extraroute", "Neutron Extra Route"),
    FILTER_VALIDATION("filter-validation", "Filter parameters validation"),
    NET_MTU("net-mtu", "Network MTU"),
    NET_MTU_WRITABLE("net-mtu-writable", "Network MTU (writable)"),
    PAGINATION("pagination", "Pagination support"),
    PORT_SECURITY("port-security", "Port Security"),
    PROJECT_ID("project-id", "project_id field enabled"),
    RBAC_ADDRESS_GROUP("rbac-address-group", "Add address_group type to RBAC"),
    RBAC("rbac-policies", "RBAC Policies"),
    RBAC_SECURITY_GROUPS("rbac-security-groups", "Add security_group type to network RBAC"),
    PROVIDER("provider", "Provider Network"),
    QUOTAS("quotas", "Quota management support"),
    REVISION_IF_MATCH("revision-if-match", "If-Match constraints based on revision_number"),
    ROUTER("router", "Neutron L3 Router"),
    REMOTE_ADDRESS_GROUP(
            "security-groups-remote-address-group", "Remote address group id field for security group rules"),
    NORMALIZED_CIDR("security-groups-normalized-cidr", "Normalized CIDR field for security group rules"),
    SORTING("sorting", "Sorting support"),
    DESCRIPTION("standard-attr-description", "standard-attr-description"),
    REVISIONS("standard-attr-revisions", "Resource revision numbers"),
    TAG("standard-attr-tag", "Tag support for resources with standard attributes"),
    TIMESTAMP("standard-attr-timestamp", "Resource timestamps"),
    TAG_CREATION("tag-creation", "Tag creation"),
    TAG_PORTS("tag-ports-during-bulk-creation", "Tag Ports During Bulk Creation"),
    STATEFUL("stateful-security-group", "Stateful security group");

    private static final String SINCE = "2026-01-01T00:00:00-00:00";

    private final String alias;
    private final String title;

    Extensions(String alias, String title) {
        this.alias = alias;
        this.title = title;
    }

    static List<Map<String, Object>> all() {
        return List.of(values()).stream().map(Extensions::shown).toList();
    }

    static Response show(String alias) {
        return List.of(values()).stream()
                .filter(extension -> extension.alias.equals(alias))
                .findFirst()
                .map(extension -> Response.json(200, Map.of("extension", extension.shown())))
                .orElseThrow(() ->
                        new Refusal(404, "HTTPNotFound", "Extension with alias %s does not exist".formatted(alias)));
    }

    private Map<String, Object> shown() {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("alias", alias);
        shown.put("name", title);
        shown.put("description", title);
        shown.put("updated", SINCE);
        shown.put("links", List.of());
        return shown;
    }
}

package org.dragonflow.server.neutron;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Response;

/** The extensions of Neutron's API that are honoured here, and no others: clients go by this list. */
enum Extensions {
    ADDRESS_GROUP("address-group", "Address group"),
    AGENT("agent", "agent"),
    AGENT_RESOURCES_SYNCED("agent-resources-synced", "Agent's Resource View Synced to Placement"),
    AGENT_SORT_KEY("agent_sort_key", "Agents Sort Key"),
    AVAILABILITY_ZONE_FILTER("availability_zone_filter", "Availability Zone Filter Extension"),
    EMPTY_STRING_FILTERING("empty-string-filtering", "Empty String Filtering Extension"),
    QUOTA_CHECK_LIMIT("quota-check-limit", "Quota engine limit check"),
    SECURITY_GROUPS_SHARED_FILTERING(
            "security-groups-shared-filtering", "Security group filtering on the shared field"),
    SORT_KEY_VALIDATION("sort-key-validation", "Sort keys validation"),
    FLAVORS("flavors", "Neutron Service Flavors"),
    L3_EXT_NDP_PROXY("l3-ext-ndp-proxy", "Router support to enable NDP proxy"),
    L3_NDP_PROXY("l3-ndp-proxy", "L3 NDP Proxy"),
    LOCAL_IP("local_ip", "Local IP"),
    LOGGING("logging", "Logging API Extension"),
    METERING("metering", "Neutron Metering"),
    METERING_ENDS("metering_source_and_destination_fields", "Metering source and destination filters"),
    QUOTA_DETAILS("quota_details", "Quota details management support"),
    SERVICE_TYPE("service-type", "Neutron Service Type Management"),
    ADDRESS_SCOPE("address-scope", "Address scope"),
    DEFAULT_SUBNETPOOLS("default-subnetpools", "Default Subnetpools"),
    SUBNET_ALLOCATION("subnet_allocation", "Subnet Allocation"),
    SUBNET_DNS_PUBLISH("subnet-dns-publish-fixed-ip", "Subnet DNS publish fixed IP"),
    SUBNET_ONBOARD("subnet_onboard", "Subnet Onboard"),
    SUBNET_SERVICE_TYPES("subnet-service-types", "Subnet service types"),
    SUBNETPOOL_PREFIX_OPS("subnetpool-prefix-ops", "Subnet Pool Prefix Operations"),
    ALLOWED_ADDRESS_PAIRS("allowed-address-pairs", "Allowed Address Pairs"),
    BINDING("binding", "Port Binding"),
    BINDING_EXTENDED("binding-extended", "Port Bindings Extended"),
    DATA_PLANE_STATUS("data-plane-status", "Data plane status"),
    DNS_DOMAIN_PORTS("dns-domain-ports", "dns_domain for ports"),
    DNS_INTEGRATION("dns-integration", "DNS Integration"),
    IP_ALLOCATION("ip_allocation", "IP Allocation"),
    MAC_REGENERATE("port-mac-address-regenerate", "Port MAC address regenerate"),
    PORT_DEVICE_PROFILE("port-device-profile", "Port device profile"),
    PORT_HINTS("port-hints", "Port hints"),
    PORT_NUMA("port-numa-affinity-policy", "Port NUMA affinity policy"),
    QOS("qos", "Quality of Service"),
    QOS_BW_DIRECTION("qos-bw-limit-direction", "Direction for QoS bandwidth limit rule"),
    QOS_BW_MINIMUM_INGRESS("qos-bw-minimum-ingress", "Ingress direction for QoS minimum bandwidth rule"),
    QOS_DEFAULT("qos-default", "QoS default policy"),
    QOS_FIP("qos-fip", "Floating IP QoS"),
    QOS_FIP_NETWORK("qos-fip-network-policy", "QoS floating IP network policy ID"),
    QOS_GATEWAY_IP("qos-gateway-ip", "Router gateway IP QoS"),
    PORT_RESOURCE_REQUEST("port-resource-request", "Port Resource Request"),
    PORT_RESOURCE_GROUPS("port-resource-request-groups", "Port Resource Request Groups"),
    QOS_PORT_NETWORK("qos-port-network-policy", "QoS port network policy"),
    QOS_PPS("qos-pps", "QoS packet rate limit rule"),
    QOS_PPS_MINIMUM("qos-pps-minimum", "QoS minimum packet rate rule"),
    QOS_PPS_MINIMUM_ALIAS("qos-pps-minimum-rule-alias", "QoS minimum packet rate rule by its own path"),
    QOS_RULE_TYPE_DETAILS("qos-rule-type-details", "Details of QoS rule types"),
    QOS_RULE_TYPE_FILTER("qos-rule-type-filter", "QoS rule type filter"),
    QOS_RULES_ALIAS("qos-rules-alias", "QoS rules by their own path"),
    TRUNK("trunk", "Trunk Extension"),
    TRUNK_DETAILS("trunk-details", "Trunk port details"),
    UPLINK_STATUS("uplink-status-propagation", "Port Uplink Status Propagation"),
    SECURITY_GROUP("security-group", "security-group"),
    SECURITY_GROUPS_DEFAULT_RULES("security-groups-default-rules", "Default rules for security groups"),
    DRAGONFLOW_ACTIVE_ADDRESSES("dragonflow-active-addresses", "Which of the addresses that it shares a port has now"),
    DRAGONFLOW_BINDING_READY("dragonflow-binding-ready", "Whether the chassis of a binding is ready"),
    DRAGONFLOW_SNAT("dragonflow-snat", "Whose address is shared outside"),
    EXTERNAL_NET("external-net", "Neutron external network"),
    EXTRA_DHCP_OPT("extra_dhcp_opt", "Neutron Extra DHCP options"),
    AUTO_ALLOCATED_TOPOLOGY("auto-allocated-topology", "Auto Allocated Topology Services"),
    IP_AVAILABILITY("network-ip-availability", "Network IP Availability"),
    L2_ADJACENCY("l2_adjacency", "L2 Adjacency"),
    NETWORK_AVAILABILITY_ZONE("network_availability_zone", "Network Availability Zone"),
    AVAILABILITY_ZONE("availability_zone", "Availability Zone"),
    DVR("dvr", "Distributed Virtual Router"),
    ECMP_ROUTES("ecmp_routes", "Equal Cost Multipath Routing"),
    EXPOSE_PORT_FORWARDING("expose-port-forwarding-in-fip", "Expose Floating IP port forwardings"),
    CONNTRACK_HELPER("l3-conntrack-helper", "L3 Conntrack helper"),
    EXPOSE_CONNTRACK_HELPER("expose-l3-conntrack-helper", "Expose CT target rules for conntrack helper"),
    EXT_GW_MODE("ext-gw-mode", "Neutron L3 Configurable external gateway mode"),
    EXTRA_ROUTE("extraroute", "Neutron Extra Route"),
    EXTRA_ROUTE_ATOMIC("extraroute-atomic", "Atomically add/remove extra routes"),
    FIP_PORT_DETAILS("fip-port-details", "Floating IP Port Details Extension"),
    L3_HA("l3-ha", "HA Router extension"),
    PORT_FORWARDING_DETAIL("floating-ip-port-forwarding-detail", "Floating IP Port Forwarding Detail Extension"),
    FLOATINGIP_POOLS("floatingip-pools", "Floating IP Pools Extension"),
    FLOATINGIP_AUTODELETE("floatingip-autodelete-internal", "Autodelete floating IPs of internal networks"),
    IP_SUBSTRING("ip-substring-filtering", "IP address substring filtering"),
    L3_FLAVORS("l3-flavors", "Router Flavor Extension"),
    L3_PORT_IP_CHANGE("l3-port-ip-change-not-allowed", "Prevent L3 router ports IP address change extension"),
    ROUTER_ADMIN_STATE(
            "router-admin-state-down-before-update", "Enforce Router's Admin State Down Before Update Extension"),
    PORT_FORWARDING("floating-ip-port-forwarding", "Floating IP Port Forwarding"),
    PORT_FORWARDING_DESCRIPTION(
            "floating-ip-port-forwarding-description", "Floating IP Port Forwarding new attribute description"),
    PORT_FORWARDING_RANGES(
            "floating-ip-port-forwarding-port-ranges", "Floating IP Port Forwarding support port ranges"),
    ROUTER_AVAILABILITY_ZONE("router_availability_zone", "Router Availability Zone"),
    FILTER_VALIDATION("filter-validation", "Filter parameters validation"),
    NET_MTU("net-mtu", "Network MTU"),
    NET_MTU_WRITABLE("net-mtu-writable", "Network MTU (writable)"),
    PAGINATION("pagination", "Pagination support"),
    PORT_SECURITY("port-security", "Port Security"),
    PORT_GROUPS_FILTER("port-security-groups-filtering", "Port filtering on security groups"),
    PROJECT_ID("project-id", "project_id field enabled"),
    RBAC_ADDRESS_SCOPE("rbac-address-scope", "Add address_scope type to RBAC"),
    RBAC_SUBNETPOOL("rbac-subnetpool", "Add subnetpool type to RBAC"),
    RBAC_ADDRESS_GROUP("rbac-address-group", "Add address_group type to RBAC"),
    RBAC("rbac-policies", "RBAC Policies"),
    RBAC_SECURITY_GROUPS("rbac-security-groups", "Add security_group type to network RBAC"),
    PROVIDER("provider", "Provider Network"),
    MULTI_PROVIDER("multi-provider", "Multi Provider Network"),
    NETWORK_SEGMENT_RANGE("network-segment-range", "Neutron Network Segment Range"),
    SEGMENT("segment", "Segment"),
    SEGMENT_ATTRIBUTES("standard-attr-segment", "Standard attributes of segments"),
    SEGMENT_OF_SUBNET("subnet-segmentid-writable", "Subnet SegmentID (writable)"),
    SEGMENT_OF_SUBNET_BY_POLICY("subnet-segmentid-enforce", "Subnet SegmentID (policy enforced)"),
    SEGMENT_ROUTES("segments-peer-subnet-host-routes", "Segments peer-subnet host routes"),
    QINQ("qinq", "QinQ networks"),
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
    VLAN_TRANSPARENT("vlan-transparent", "Vlantransparent"),
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

package org.dragonflow.server;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.dragonflow.model.Schemas;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The list of extensions is what the API does, no more and no less: each stands for resources and attributes, or for behaviour that
 * another test shows. A new extension needs its line here.
 */
class ExtensionTest {
    /** What each extension adds: resources by path, attributes by resource. One that adds neither changes how something behaves. */
    private static final Map<String, List<String>> ADDED = Map.ofEntries(
            entry("address-group", List.of("/v2.0/address-groups")),
            entry("agent", List.of()),
            entry("agent-resources-synced", List.of()),
            entry("agent_sort_key", List.of()),
            entry("availability_zone_filter", List.of()),
            entry("empty-string-filtering", List.of()),
            entry("quota-check-limit", List.of()),
            entry("security-groups-shared-filtering", List.of()),
            entry("sort-key-validation", List.of()),
            entry("allowed-address-pairs", List.of("port.allowed_address_pairs")),
            entry(
                    "binding",
                    List.of(
                            "port.binding:host_id",
                            "port.binding:profile",
                            "port.binding:vif_details",
                            "port.binding:vif_type",
                            "port.binding:vnic_type")),
            entry("address-scope", List.of("/v2.0/address-scopes", "subnetpool.address_scope_id")),
            entry("auto-allocated-topology", List.of("network.is_default")),
            entry("availability_zone", List.of()),
            entry("default-subnetpools", List.of("subnetpool.is_default")),
            entry("dns-domain-ports", List.of("port.dns_domain")),
            entry(
                    "dns-integration",
                    List.of(
                            "port.dns_name",
                            "port.dns_assignment",
                            "network.dns_domain",
                            "floatingip.dns_name",
                            "floatingip.dns_domain")),
            entry("dvr", List.of("router.distributed")),
            entry("ecmp_routes", List.of()),
            entry("expose-l3-conntrack-helper", List.of()),
            entry("expose-port-forwarding-in-fip", List.of()),
            entry("ext-gw-mode", List.of("router.external_gateway_info")),
            entry("extraroute-atomic", List.of()),
            entry("fip-port-details", List.of()),
            entry("floating-ip-port-forwarding", List.of("port_forwarding.internal_port_id")),
            entry("floating-ip-port-forwarding-description", List.of("port_forwarding.description")),
            entry(
                    "floating-ip-port-forwarding-port-ranges",
                    List.of("port_forwarding.internal_port_range", "port_forwarding.external_port_range")),
            entry("l2_adjacency", List.of()),
            entry("floating-ip-port-forwarding-detail", List.of()),
            entry("floatingip-pools", List.of()),
            entry("floatingip-autodelete-internal", List.of()),
            entry("ip-substring-filtering", List.of()),
            entry("l3-flavors", List.of("router.flavor_id")),
            entry("l3-port-ip-change-not-allowed", List.of()),
            entry("router-admin-state-down-before-update", List.of()),
            entry("l3-conntrack-helper", List.of("conntrack_helper.helper")),
            entry("l3-ha", List.of("router.ha")),
            entry("network-ip-availability", List.of()),
            entry("network_availability_zone", List.of("network.availability_zone_hints")),
            entry("router_availability_zone", List.of("router.availability_zone_hints")),
            entry("subnet-dns-publish-fixed-ip", List.of("subnet.dns_publish_fixed_ip")),
            entry("subnet-service-types", List.of("subnet.service_types")),
            entry("subnet_allocation", List.of("/v2.0/subnetpools", "subnet.subnetpool_id")),
            entry("subnet_onboard", List.of()),
            entry("subnetpool-prefix-ops", List.of()),
            entry("binding-extended", List.of()),
            entry("data-plane-status", List.of("port.data_plane_status")),
            entry("dragonflow-active-addresses", List.of("port.dragonflow:active_addresses")),
            entry("dragonflow-binding-ready", List.of()),
            entry("dragonflow-snat", List.of("network.dragonflow:snat")),
            entry("external-net", List.of("network.router:external")),
            entry("extra_dhcp_opt", List.of("port.extra_dhcp_opts")),
            entry("extraroute", List.of("router.routes")),
            entry("filter-validation", List.of()),
            entry("flavors", List.of("/v2.0/flavors", "/v2.0/service_profiles")),
            entry("ip_allocation", List.of("port.ip_allocation")),
            entry("l3-ext-ndp-proxy", List.of("router.enable_ndp_proxy")),
            entry("l3-ndp-proxy", List.of("/v2.0/ndp-proxies")),
            entry("local_ip", List.of("/v2.0/local-ips", "port_association.fixed_port_id")),
            entry("logging", List.of("/v2.0/log/logs")),
            entry("metering", List.of("/v2.0/metering/metering-labels", "/v2.0/metering/metering-label-rules")),
            entry(
                    "metering_source_and_destination_fields",
                    List.of("metering_label_rule.source_ip_prefix", "metering_label_rule.destination_ip_prefix")),
            entry("net-mtu", List.of("network.mtu")),
            entry("net-mtu-writable", List.of()),
            entry("pagination", List.of()),
            entry("port-device-profile", List.of("port.device_profile")),
            entry("port-hints", List.of("port.hints")),
            entry("port-mac-address-regenerate", List.of()),
            entry("port-numa-affinity-policy", List.of("port.numa_affinity_policy")),
            entry("port-security", List.of("port.port_security_enabled", "network.port_security_enabled")),
            entry("port-security-groups-filtering", List.of()),
            entry("project-id", List.of("network.project_id", "port.project_id")),
            entry(
                    "provider",
                    List.of(
                            "network.provider:network_type",
                            "network.provider:physical_network",
                            "network.provider:segmentation_id")),
            entry("multi-provider", List.of("network.segments")),
            entry("network-segment-range", List.of("/v2.0/network_segment_ranges")),
            entry(
                    "segment",
                    List.of("/v2.0/segments", "segment.network_type", "segment.segmentation_id", "subnet.segment_id")),
            entry("segments-peer-subnet-host-routes", List.of()),
            entry("standard-attr-segment", List.of("segment.description", "segment.revision_number")),
            entry("subnet-segmentid-enforce", List.of()),
            entry("subnet-segmentid-writable", List.of()),
            entry("qos", List.of("/v2.0/qos/policies", "port.qos_policy_id", "network.qos_policy_id")),
            entry("qos-bw-limit-direction", List.of("bandwidth_limit_rule.direction")),
            entry("qos-bw-minimum-ingress", List.of("minimum_bandwidth_rule.direction")),
            entry("qos-default", List.of("policy.is_default")),
            entry("qos-fip", List.of("floatingip.qos_policy_id")),
            entry("qos-fip-network-policy", List.of("floatingip.qos_network_policy_id")),
            entry("qos-gateway-ip", List.of()),
            entry("port-resource-request", List.of("port.resource_request")),
            entry("port-resource-request-groups", List.of()),
            entry("qos-port-network-policy", List.of("port.qos_network_policy_id")),
            entry("qos-pps", List.of("packet_rate_limit_rule.max_kpps")),
            entry("qos-pps-minimum", List.of("minimum_packet_rate_rule.min_kpps")),
            entry("qos-pps-minimum-rule-alias", List.of()),
            entry("qos-rule-type-details", List.of()),
            entry("qos-rule-type-filter", List.of()),
            entry("qos-rules-alias", List.of()),
            entry("quota_details", List.of()),
            entry("quotas", List.of()),
            entry("rbac-policies", List.of("/v2.0/rbac-policies")),
            entry("rbac-address-group", List.of()),
            entry("rbac-address-scope", List.of()),
            entry("rbac-subnetpool", List.of()),
            entry("rbac-security-groups", List.of()),
            entry("revision-if-match", List.of()),
            entry("router", List.of("/v2.0/routers", "/v2.0/floatingips")),
            entry(
                    "security-group",
                    List.of("/v2.0/security-groups", "/v2.0/security-group-rules", "port.security_groups")),
            entry("security-groups-default-rules", List.of("/v2.0/default-security-group-rules")),
            entry("security-groups-normalized-cidr", List.of("security_group_rule.normalized_cidr")),
            entry("security-groups-remote-address-group", List.of("security_group_rule.remote_address_group_id")),
            entry("service-type", List.of()),
            entry("sorting", List.of()),
            entry("standard-attr-description", List.of("network.description", "port.description")),
            entry("standard-attr-revisions", List.of("network.revision_number", "port.revision_number")),
            entry("standard-attr-tag", List.of("network.tags", "port.tags", "trunk.tags", "policy.tags")),
            entry(
                    "standard-attr-timestamp",
                    List.of("network.created_at", "network.updated_at", "port.created_at", "port.updated_at")),
            entry("stateful-security-group", List.of("security_group.stateful")),
            entry("tag-creation", List.of()),
            entry("tag-ports-during-bulk-creation", List.of()),
            entry("qinq", List.of("network.qinq")),
            entry("vlan-transparent", List.of("network.vlan_transparent")),
            entry("trunk", List.of("/v2.0/trunks")),
            entry("trunk-details", List.of()),
            entry("uplink-status-propagation", List.of("port.propagate_uplink_status")));

    /** What Neutron has without any extension. */
    private static final Set<String> CORE_OF_PORT = Set.of(
            "id",
            "name",
            "tenant_id",
            "network_id",
            "admin_state_up",
            "status",
            "mac_address",
            "fixed_ips",
            "device_id",
            "device_owner");

    private static final Set<String> CORE_RESOURCES = Set.of("/v2.0/networks", "/v2.0/subnets", "/v2.0/ports");

    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void whatIsListedIsWhatIsKnownToBeHonoured() {
        assertThat(Cloud.all(cloud.get("extensions"), "alias")).containsExactlyInAnyOrderElementsOf(ADDED.keySet());
    }

    @Test
    void everyResourceIsOfAnExtension() {
        var paths = Schemas.all()
                .filter(schema ->
                        schema.resource().isPresent() && schema.parent().isEmpty())
                .map(schema -> schema.path())
                .filter(path -> !CORE_RESOURCES.contains(path))
                .toList();
        assertThat(added().stream().filter(one -> one.startsWith("/"))).containsExactlyInAnyOrderElementsOf(paths);
    }

    @Test
    void everyAttributeOfAPortIsOfAnExtension() {
        cloud.port(cloud.network(), "").ok();
        var shown = names();
        shown.removeAll(CORE_OF_PORT);
        assertThat(added().stream().filter(one -> one.startsWith("port.")).map(one -> one.substring("port.".length())))
                .containsExactlyInAnyOrderElementsOf(shown);
    }

    private Set<String> names() {
        var port = cloud.get("ports").ok().body().path("ports").path(0);
        return new TreeSet<>(port.propertyNames());
    }

    @Test
    void anAttributeOfAnExtensionThatIsNotHonouredIsRefused() {
        assertThat(cloud.post("networks", "{'network':{'project_default':true}}")
                        .message())
                .isEqualTo("Unrecognized attribute(s) 'project_default'");
        var type = "'service_type_id':'00000000-0000-0000-0000-000000000000'";
        assertThat(cloud.post("routers", "{'router':{%s}}".formatted(type)).message())
                .isEqualTo("Unrecognized attribute(s) 'service_type_id'");
        assertThat(cloud.get("logging/logging_resources").status()).isEqualTo(404);
    }

    @Test
    void everyAttributeOfAnExtensionIsThere() {
        var derived = Set.of(
                "security_group_rule.normalized_cidr",
                "network.provider:network_type",
                "network.provider:physical_network",
                "network.provider:segmentation_id",
                "network.segments",
                "port.binding:vif_details",
                "port.binding:vif_type",
                "port.dns_assignment",
                "port.dragonflow:active_addresses",
                "port.qos_network_policy_id",
                "port.resource_request",
                "floatingip.qos_network_policy_id");
        for (var one : added()) {
            if (!one.startsWith("/") && !derived.contains(one)) {
                var resource = one.substring(0, one.indexOf('.'));
                var schema = Schemas.all()
                        .filter(s -> s.resource()
                                .filter(names -> names.singular().equals(resource))
                                .isPresent())
                        .findFirst()
                        .orElseThrow();
                assertThat(schema.attribute(one.substring(one.indexOf('.') + 1)))
                        .as(one)
                        .hasValueSatisfying(
                                attribute -> assertThat(attribute.isHidden()).isFalse());
            }
        }
    }

    private static List<String> added() {
        return ADDED.values().stream().flatMap(List::stream).toList();
    }
}

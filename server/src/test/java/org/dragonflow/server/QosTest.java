package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** QoS policies, their rules, and who carries them. */
class QosTest {
    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private String policy(String more) {
        return cloud.post("qos/policies", "{'policy':{'name':'gold'%s}}".formatted(more))
                .id();
    }

    private Cloud.Reply rule(String policy, String type, String body) {
        return cloud.post("qos/policies/%s/%s_rules".formatted(policy, type), "{'%s_rule':{%s}}".formatted(type, body));
    }

    @Test
    void aPolicyHoldsRulesOfEveryType() {
        var policy = policy("");
        rule(policy, "bandwidth_limit", "'max_kbps':1000,'max_burst_kbps':100").ok();
        rule(policy, "dscp_marking", "'dscp_mark':26").ok();
        rule(policy, "minimum_bandwidth", "'min_kbps':10,'direction':'ingress'").ok();
        rule(policy, "packet_rate_limit", "'max_kpps':50").ok();
        var rate = rule(policy, "minimum_packet_rate", "'min_kpps':5,'direction':'any'")
                .ok();
        assertThat(rate.text("direction")).isEqualTo("any");
        var rules = cloud.get("qos/policies/" + policy).get("rules");
        assertThat(rules).hasSize(5);
        assertThat(rules.path(0).path("type").asString("")).isEqualTo("bandwidth_limit");
        assertThat(rules.path(0).path("qos_policy_id").asString("")).isEqualTo(policy);
        assertThat(cloud.get("qos/policies/" + policy).get("revision_number").asLong())
                .isEqualTo(6);
        assertThat(cloud.get("qos/policies/%s/dscp_marking_rules".formatted(policy))
                        .body()
                        .path("dscp_marking_rules"))
                .hasSize(1);
        assertThat(cloud.delete("qos/policies/" + policy).status()).isEqualTo(204);
        assertThat(cloud.get("qos/alias_minimum_packet_rate_rules/" + rate.id()).error())
                .isEqualTo("QosRuleNotFound");
    }

    @Test
    void aRuleIsAlsoFoundWithoutItsPolicy() {
        var policy = policy("");
        var rule = rule(policy, "bandwidth_limit", "'max_kbps':1000").id();
        var path = "qos/alias_bandwidth_limit_rules/" + rule;
        assertThat(cloud.get(path)
                        .body()
                        .path("alias_bandwidth_limit_rule")
                        .path("max_kbps")
                        .asInt())
                .isEqualTo(1000);
        assertThat(cloud.put(path, "{'alias_bandwidth_limit_rule':{'max_kbps':7}}")
                        .get("max_kbps")
                        .asInt())
                .isEqualTo(7);
        assertThat(cloud.delete(path).status()).isEqualTo(204);
        assertThat(cloud.get("qos/policies/" + policy).get("rules")).isEmpty();
    }

    @Test
    void rulesThatDoNotGoTogetherAreRefused() {
        var policy = policy("");
        var limit = rule(policy, "bandwidth_limit", "'max_kbps':1000").id();
        assertThat(rule(policy, "bandwidth_limit", "'max_kbps':1").error()).isEqualTo("QoSRulesConflict");
        assertThat(rule(policy, "minimum_bandwidth", "'min_kbps':2000").message())
                .isEqualTo(("Unable to add the rule with value 2000 to the policy %s as the existing rule of type"
                                + " bandwidth_limit has value 1000.")
                        .formatted(policy));
        rule(policy, "minimum_bandwidth", "'min_kbps':500").ok();
        assertThat(cloud.put(
                                "qos/policies/%s/bandwidth_limit_rules/%s".formatted(policy, limit),
                                "{'bandwidth_limit_rule':{'max_kbps':400}}")
                        .error())
                .isEqualTo("QoSRuleParameterConflict");
        rule(policy, "minimum_packet_rate", "'min_kpps':5,'direction':'any'").ok();
        assertThat(rule(policy, "minimum_packet_rate", "'min_kpps':5").error()).isEqualTo("QoSRuleParameterConflict");
        assertThat(rule(policy, "dscp_marking", "'dscp_mark':1").status()).isEqualTo(400);

        assertThat(cloud.get("qos/policies/%s/dscp_marking_rules/%s".formatted(policy, limit))
                        .error())
                .isEqualTo("QosRuleNotFound");
    }

    @Test
    void aPolicyThatSomebodyCarriesIsNotDeleted() {
        var policy = policy("");
        var network = cloud.network();
        cloud.put("networks/" + network, "{'network':{'qos_policy_id':'%s'}}".formatted(policy))
                .ok();
        var port = cloud.port(network, "");
        assertThat(port.get("qos_policy_id").isNull()).isTrue();
        assertThat(port.text("qos_network_policy_id")).isEqualTo(policy);
        assertThat(cloud.delete("qos/policies/" + policy).message())
                .isEqualTo("QoS Policy %s is used by network %s.".formatted(policy, network));
        cloud.put("networks/" + network, "{'network':{'qos_policy_id':null}}").ok();
        cloud.put("ports/" + port.id(), "{'port':{'qos_policy_id':'%s'}}".formatted(policy))
                .ok();
        assertThat(cloud.delete("qos/policies/" + policy).error()).isEqualTo("QosPolicyInUse");
        assertThat(cloud.port(network, ",'qos_policy_id':'00000000-0000-0000-0000-000000000000'")
                        .error())
                .isEqualTo("QosPolicyNotFound");
    }

    @Test
    void aProjectHasOneDefaultThatItsNewNetworksCarry() {
        var policy = policy(",'is_default':true");
        assertThat(cloud.post("qos/policies", "{'policy':{'name':'b','is_default':true}}")
                        .error())
                .isEqualTo("QoSPolicyDefaultAlreadyExists");
        var network = cloud.network();
        assertThat(cloud.get("networks/" + network).text("qos_policy_id")).isEqualTo(policy);
        cloud.put("qos/policies/" + policy, "{'policy':{'is_default':false}}").ok();
        policy(",'is_default':true");
    }

    @Test
    void othersSeeAPolicyThatIsShared() {
        var id = policy("");
        var policy = "qos/policies/" + id;
        var rule = rule(id, "dscp_marking", "'dscp_mark':8").id();
        var rules = policy + "/dscp_marking_rules";
        var alias = "qos/alias_dscp_marking_rules/" + rule;
        assertThat(cloud.get(policy, Cloud.member("p")).status()).isEqualTo(404);
        assertThat(cloud.get(rules, Cloud.member("p")).status()).isEqualTo(404);
        assertThat(cloud.get(alias, Cloud.member("p")).status()).isEqualTo(404);
        cloud.put(policy, "{'policy':{'shared':true}}").ok();
        assertThat(cloud.get(policy, Cloud.member("p")).status()).isEqualTo(200);
        assertThat(Cloud.all(cloud.get(rules, Cloud.member("p")), "id")).containsExactly(rule);
        assertThat(cloud.get(alias, Cloud.member("p")).status()).isEqualTo(200);
        assertThat(cloud.delete(policy, Cloud.member("p")).status()).isEqualTo(403);
    }

    @Test
    void aTenantKeepsThePolicyThatAnOperatorPutOnTheirNetworkUnlessTheyMayUseIt() {
        var policy = policy("");
        var network = "networks/" + cloud.network(Cloud.member("p"));
        cloud.put(network, "{'network':{'qos_policy_id':'%s'}}".formatted(policy))
                .ok();
        var none = "{'network':{'qos_policy_id':null}}";
        var kept = cloud.put(network, none, Cloud.member("p"));
        assertThat(kept.status()).isEqualTo(403);
        assertThat(kept.error()).isEqualTo("PolicyRemoveAuthorizationError");
        cloud.put("qos/policies/" + policy, "{'policy':{'shared':true}}").ok();
        assertThat(cloud.put(network, none, Cloud.member("p")).status()).isEqualTo(200);
    }

    @Test
    void typesOfRulesSayWhatTheyTake() {
        assertThat(Cloud.all(cloud.get("qos/rule-types"), "type"))
                .containsExactlyInAnyOrder(
                        "bandwidth_limit",
                        "dscp_marking",
                        "minimum_bandwidth",
                        "packet_rate_limit",
                        "minimum_packet_rate");
        assertThat(drivers("bandwidth_limit")).containsExactly("dragonflow");
        assertThat(drivers("dscp_marking")).containsExactly("dragonflow");
        assertThat(drivers("packet_rate_limit")).containsExactly("dragonflow");
        assertThat(drivers("minimum_bandwidth")).containsExactly("dragonflow", "placement");
        assertThat(drivers("minimum_packet_rate")).containsExactly("placement");
        var parameters = cloud.get("qos/rule-types/bandwidth_limit")
                .get("drivers")
                .path(0)
                .path("supported_parameters");
        assertThat(parameters).hasSize(3);
        assertThat(parameters.path(0).path("parameter_type").asString("")).isEqualTo("range");
        assertThat(cloud.get("qos/rule-types/x").error()).isEqualTo("QosRuleTypeNotFound");
        assertThat(cloud.get("qos/rule-types", Cloud.member("p")).status()).isEqualTo(200);
        assertThat(cloud.get("qos/rule-types/dscp_marking", Cloud.member("p")).error())
                .isEqualTo("NotAuthorized");
    }

    private List<String> drivers(String type) {
        return cloud.get("qos/rule-types/" + type)
                .get("drivers")
                .valueStream()
                .map(driver -> driver.path("name").asString(""))
                .toList();
    }

    private String onPhysicalNetwork() {
        return cloud.post(
                        "networks",
                        "{'network':{'provider:network_type':'vlan','provider:physical_network':'phys-1',"
                                + "'provider:segmentation_id':7,'router:external':true}}")
                .id();
    }

    @Test
    void aFloatingIpCarriesAPolicyOrThatOfItsNetwork() {
        var outside = onPhysicalNetwork();
        cloud.subnet(outside, "203.0.113.0/24");
        var policy = policy("");
        var ofNetwork = policy("");
        var body = "{'floatingip':{'floating_network_id':'%s','qos_policy_id':'%s'}}";
        assertThat(cloud.post("floatingips", body.formatted(outside, "00000000-0000-0000-0000-000000000000"))
                        .error())
                .isEqualTo("QosPolicyNotFound");
        var floating =
                cloud.post("floatingips", body.formatted(outside, policy)).ok();
        assertThat(floating.text("qos_policy_id")).isEqualTo(policy);
        assertThat(floating.get("qos_network_policy_id").isNull()).isTrue();
        assertThat(Cloud.all(cloud.get("floatingips?qos_policy_id=" + policy), "id"))
                .containsExactly(floating.id());
        assertThat(cloud.delete("qos/policies/" + policy).message())
                .isEqualTo("QoS Policy %s is used by fip %s.".formatted(policy, floating.id()));
        cloud.put("networks/" + outside, "{'network':{'qos_policy_id':'%s'}}".formatted(ofNetwork))
                .ok();
        var bare = cloud.put("floatingips/" + floating.id(), "{'floatingip':{'qos_policy_id':null}}")
                .ok();
        assertThat(bare.get("qos_policy_id").isNull()).isTrue();
        assertThat(bare.text("qos_network_policy_id")).isEqualTo(ofNetwork);
        assertThat(cloud.delete("qos/policies/" + policy).status()).isEqualTo(204);
    }

    private String policyOf(Cloud.Reply router) {
        return router.ok().get("external_gateway_info").path("qos_policy_id").asString("");
    }

    @Test
    void theGatewayOfARouterCarriesAPolicyUntilItIsTakenAway() {
        var outside = onPhysicalNetwork();
        cloud.subnet(outside, "203.0.113.0/24");
        var policy = policy("");
        var info = "{'router':{'external_gateway_info':{'network_id':'%s'%s}}}";
        var router = cloud.post("routers", info.formatted(outside, ",'qos_policy_id':'%s'".formatted(policy)));
        assertThat(policyOf(router)).isEqualTo(policy);
        var path = "routers/" + router.id();
        assertThat(policyOf(cloud.put(path, info.formatted(outside, ",'enable_snat':false"))))
                .isEqualTo(policy);
        assertThat(cloud.delete("qos/policies/" + policy).message())
                .isEqualTo("QoS Policy %s is used by router %s.".formatted(policy, router.id()));
        assertThat(cloud.put(path, info.formatted(outside, ",'qos_policy_id':'00000000-0000-0000-0000-000000000000'"))
                        .error())
                .isEqualTo("QosPolicyNotFound");
        assertThat(policyOf(cloud.put(path, info.formatted(outside, ",'qos_policy_id':null"))))
                .isEmpty();
        assertThat(policyOf(cloud.put(path, info.formatted(outside, ",'qos_policy_id':'%s'".formatted(policy)))))
                .isEqualTo(policy);
        cloud.put(path, "{'router':{'external_gateway_info':null}}").ok();
        assertThat(policyOf(cloud.put(path, info.formatted(outside, "")))).isEmpty();
        assertThat(cloud.delete("qos/policies/" + policy).status()).isEqualTo(204);
    }

    @Test
    void aPolicyIsNotTakenBackFromThoseWhoUseIt() {
        var policy = policy("");
        var shared = cloud.post(
                        "rbac-policies",
                        ("{'rbac_policy':{'object_type':'qos_policy','object_id':'%s','action':'access_as_shared',"
                                        + "'target_tenant':'p'}}")
                                .formatted(policy))
                .id();
        var network = cloud.post("networks", "{'network':{'qos_policy_id':'%s'}}".formatted(policy), Cloud.member("p"))
                .id();
        assertThat(cloud.delete("rbac-policies/" + shared).error()).isEqualTo("RbacPolicyInUse");
        cloud.put("networks/" + network, "{'network':{'qos_policy_id':null}}").ok();
        assertThat(cloud.delete("rbac-policies/" + shared).status()).isEqualTo(204);
    }

    @Test
    void anOverlayGuaranteesNoBandwidth() {
        var policy = policy("");
        var network = cloud.network();
        var port =
                cloud.port(network, ",'qos_policy_id':'%s'".formatted(policy)).id();
        assertThat(rule(policy, "minimum_bandwidth", "'min_kbps':10").message())
                .isEqualTo("Rule minimum_bandwidth is not supported by port " + port);
        rule(policy, "minimum_packet_rate", "'min_kpps':10").ok();
        cloud.delete("ports/" + port);
        rule(policy, "minimum_bandwidth", "'min_kbps':10").ok();
        assertThat(cloud.port(network, ",'qos_policy_id':'%s'".formatted(policy))
                        .error())
                .isEqualTo("QosRuleNotSupported");
        var refused = cloud.put("networks/" + network, "{'network':{'qos_policy_id':'%s'}}".formatted(policy));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.error()).isEqualTo("QosRuleNotSupportedByNetwork");
        cloud.port(onPhysicalNetwork(), ",'qos_policy_id':'%s'".formatted(policy))
                .ok();
    }

    @Test
    void whatAPortIsGuaranteedIsAskedOfPlacement() {
        var policy = policy("");
        var network = onPhysicalNetwork();
        var port = cloud.port(network, ",'qos_policy_id':'%s','binding:vnic_type':'direct'".formatted(policy));
        assertThat(port.ok().get("resource_request").isNull()).isTrue();
        rule(policy, "minimum_bandwidth", "'min_kbps':1000,'direction':'ingress'")
                .ok();
        rule(policy, "minimum_bandwidth", "'min_kbps':2000").ok();
        rule(policy, "minimum_packet_rate", "'min_kpps':3,'direction':'any'").ok();
        var request = cloud.get("ports/" + port.id()).get("resource_request");
        var bandwidth = request.path("request_groups").path(0);
        assertThat(bandwidth.path("required").toString())
                .isEqualTo("[\"CUSTOM_PHYSNET_PHYS_1\",\"CUSTOM_VNIC_TYPE_DIRECT\"]");
        assertThat(bandwidth
                        .path("resources")
                        .path("NET_BW_IGR_KILOBIT_PER_SEC")
                        .asInt())
                .isEqualTo(1000);
        assertThat(bandwidth
                        .path("resources")
                        .path("NET_BW_EGR_KILOBIT_PER_SEC")
                        .asInt())
                .isEqualTo(2000);
        var packets = request.path("request_groups").path(1);
        assertThat(packets.path("required").toString()).isEqualTo("[\"CUSTOM_VNIC_TYPE_DIRECT\"]");
        assertThat(packets.path("resources").toString()).isEqualTo("{\"NET_PACKET_RATE_KILOPACKET_PER_SEC\":3}");
        assertThat(request.path("same_subtree").path(0)).isEqualTo(bandwidth.path("id"));
        assertThat(request.path("same_subtree").path(1)).isEqualTo(packets.path("id"));
        assertThat(bandwidth.path("id").asString("")).matches("[0-9a-f-]{14}5[0-9a-f]{3}-[89ab][0-9a-f-]{16}");
        assertThat(cloud.get("ports").body().path("ports").path(0).path("resource_request"))
                .isEqualTo(request);
        assertThat(cloud.get("ports/" + port.id(), Cloud.member("p"))
                        .get("resource_request")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void whatPlacementHasGivenIsLeftToIt() {
        var policy = policy("");
        var network = onPhysicalNetwork();
        var rule = rule(policy, "minimum_bandwidth", "'min_kbps':1000").id();
        var port = cloud.port(
                        network,
                        (",'qos_policy_id':'%s','device_owner':'compute:nova','binding:profile':{'allocation':"
                                        + "{'a':'b'}}")
                                .formatted(policy))
                .id();
        var path = "qos/policies/%s/minimum_bandwidth_rules/%s".formatted(policy, rule);
        assertThat(cloud.put(path, "{'minimum_bandwidth_rule':{'min_kbps':1}}").status())
                .isEqualTo(409);
        assertThat(cloud.delete(path).status()).isEqualTo(409);
        assertThat(rule(policy, "minimum_packet_rate", "'min_kpps':1").status()).isEqualTo(409);
        rule(policy, "bandwidth_limit", "'max_kbps':5000").ok();
        assertThat(cloud.put("ports/" + port, "{'port':{'qos_policy_id':null}}").status())
                .isEqualTo(409);
        cloud.put("ports/" + port, "{'port':{'binding:profile':{}}}").ok();
        cloud.put("ports/" + port, "{'port':{'qos_policy_id':null}}").ok();
        assertThat(cloud.delete(path).status()).isEqualTo(204);
    }
}

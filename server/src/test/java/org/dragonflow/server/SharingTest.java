package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a project lets others use, by RBAC policies. */
class SharingTest {
    private static final String[] RED = Cloud.member("red");
    private static final String[] BLUE = Cloud.member("blue");
    private static final String[] GREEN = Cloud.member("green");

    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private Cloud.Reply share(String type, String id, String action, String target, String... as) {
        return cloud.post(
                "rbac-policies",
                "{'rbac_policy':{'object_type':'%s','object_id':'%s','action':'%s','target_tenant':'%s'}}"
                        .formatted(type, id, action, target),
                as);
    }

    @Test
    void aNetworkIsLetToOneProjectAndToNoOther() {
        var network = cloud.network(RED);
        var policy = share("network", network, "access_as_shared", "blue", RED).ok();
        assertThat(policy.text("project_id")).isEqualTo("red");
        assertThat(Cloud.all(cloud.get("networks", BLUE), "id")).containsExactly(network);
        assertThat(cloud.get("networks/" + network, BLUE).get("shared").asBoolean())
                .isTrue();
        assertThat(cloud.get("networks/" + network, RED).get("shared").asBoolean())
                .isFalse();
        assertThat(cloud.get("networks/" + network, GREEN).status()).isEqualTo(404);
        assertThat(cloud.get("networks", GREEN).body().path("networks")).isEmpty();
        var port = cloud.post("ports", "{'port':{'network_id':'%s'}}".formatted(network), BLUE)
                .id();
        assertThat(cloud.delete("rbac-policies/" + policy.id(), RED).error()).isEqualTo("RbacPolicyInUse");
        assertThat(cloud.put("rbac-policies/" + policy.id(), "{'rbac_policy':{'target_tenant':'green'}}", RED)
                        .error())
                .isEqualTo("RbacPolicyInUse");
        cloud.delete("ports/" + port, BLUE).ok();
        cloud.put("rbac-policies/" + policy.id(), "{'rbac_policy':{'target_tenant':'green'}}", RED)
                .ok();
        assertThat(cloud.get("networks/" + network, BLUE).status()).isEqualTo(404);
        assertThat(cloud.get("networks/" + network, GREEN).status()).isEqualTo(200);
        assertThat(cloud.delete("rbac-policies/" + policy.id(), RED).status()).isEqualTo(204);
        assertThat(cloud.get("networks/" + network, GREEN).status()).isEqualTo(404);
    }

    @Test
    void sharedIsShortForAPolicyTowardsEverybody() {
        var network = cloud.post("networks", "{'network':{'shared':true,'router:external':true}}")
                .id();
        assertThat(Cloud.all(cloud.get("rbac-policies?object_id=" + network), "action"))
                .containsExactlyInAnyOrder("access_as_shared", "access_as_external");
        assertThat(Cloud.all(cloud.get("rbac-policies?object_id=" + network), "target_tenant"))
                .containsExactly("*", "*");
        cloud.put("networks/" + network, "{'network':{'shared':false}}").ok();
        assertThat(Cloud.all(cloud.get("rbac-policies?object_id=" + network), "action"))
                .containsExactly("access_as_external");
        var policy = share("network", network, "access_as_shared", "*").id();
        assertThat(cloud.get("networks/" + network).get("shared").asBoolean()).isTrue();
        cloud.delete("rbac-policies/" + policy).ok();
        assertThat(cloud.get("networks/" + network).get("shared").asBoolean()).isFalse();
        assertThat(Cloud.all(cloud.get("networks", BLUE), "id")).containsExactly(network);
        assertThat(cloud.get("networks/" + network, BLUE).get("router:external").asBoolean())
                .isTrue();
        cloud.delete("networks/" + network).ok();
        assertThat(cloud.get("rbac-policies").body().path("rbac_policies")).isEmpty();
    }

    @Test
    void aGroupLetToAnotherProjectIsCarriedByItsPorts() {
        var group = cloud.post("security-groups", "{'security_group':{'name':'web'}}", RED)
                .id();
        var network = cloud.network(BLUE);
        var port = "{'port':{'network_id':'%s','security_groups':['%s']}}".formatted(network, group);
        assertThat(cloud.post("ports", port, BLUE).error()).isEqualTo("SecurityGroupNotFound");
        var policy =
                share("security_group", group, "access_as_shared", "blue", RED).id();
        cloud.post("ports", port, BLUE).ok();
        assertThat(cloud.put("security-groups/" + group, "{'security_group':{'name':'mine'}}", BLUE)
                        .status())
                .isEqualTo(403);
        assertThat(cloud.delete("rbac-policies/" + policy, RED).error()).isEqualTo("RbacPolicyInUse");
    }

    @Test
    void whoChangesWhatIsOnlyLetToThemIsToldAsNeutronTellsThem() {
        var addresses = cloud.post("address-groups", "{'address_group':{}}").id();
        share("address_group", addresses, "access_as_shared", "blue").ok();
        var rename = "{'address_group':{'name':'mine'}}";
        assertThat(cloud.get("address-groups/" + addresses, BLUE).status()).isEqualTo(200);
        assertThat(cloud.put("address-groups/" + addresses, rename, BLUE).error())
                .isEqualTo("AddressGroupNotFound");
        assertThat(cloud.delete("address-groups/" + addresses, BLUE).status()).isEqualTo(403);
        var policy = cloud.post("qos/policies", "{'policy':{'name':'q','shared':true}}")
                .id();
        assertThat(cloud.put("qos/policies/" + policy, "{'policy':{'name':'mine'}}", BLUE)
                        .error())
                .isEqualTo("QosPolicyNotFound");
    }

    @Test
    void aPolicyTowardsEverybodyIsNotTurnedToOneWhileInUse() {
        var policy = cloud.post("qos/policies", "{'policy':{'name':'q','shared':true}}")
                .id();
        var all = "rbac-policies/"
                + Cloud.all(cloud.get("rbac-policies?object_id=" + policy), "id")
                        .getFirst();
        var network = "networks/" + cloud.network(BLUE);
        cloud.put(network, "{'network':{'qos_policy_id':'%s'}}".formatted(policy))
                .ok();
        assertThat(cloud.put("qos/policies/" + policy, "{'policy':{'shared':false}}")
                        .error())
                .isEqualTo("RbacPolicyInUse");
        var turn = "{'rbac_policy':{'target_tenant':'blue'}}";
        assertThat(cloud.put(all, turn).error()).isEqualTo("RbacPolicyInUse");
        cloud.put(network, "{'network':{'qos_policy_id':null}}").ok();
        cloud.put(all, turn).ok();
        var outside =
                cloud.post("networks", "{'network':{'router:external':true}}").id();
        cloud.post("routers", "{'router':{'external_gateway_info':{'network_id':'%s'}}}".formatted(outside), BLUE)
                .ok();
        var everybody =
                Cloud.all(cloud.get("rbac-policies?object_id=" + outside), "id").getFirst();
        cloud.put("rbac-policies/" + everybody, turn).ok();
    }

    @Test
    void nobodySharesWhatIsNotTheirsNorWithEverybody() {
        var network = cloud.network(RED);
        assertThat(share("network", network, "access_as_shared", "green", BLUE).status())
                .isEqualTo(400);
        assertThat(share("network", network, "access_as_shared", "*", RED).error())
                .isEqualTo("PolicyNotAuthorized");
        assertThat(share("network", "11111111-7a5c-4f6e-9a1b-0c9d8e7f6a5b", "access_as_shared", "x")
                        .status())
                .isEqualTo(404);
        assertThat(share("security_group", cloud.group("g"), "access_as_external", "x")
                        .error())
                .isEqualTo("InvalidInput");
        share("network", network, "access_as_shared", "green", RED).ok();
        assertThat(share("network", network, "access_as_shared", "green", RED).error())
                .isEqualTo("DuplicateRbacPolicy");
        assertThat(cloud.get("rbac-policies", BLUE).body().path("rbac_policies"))
                .isEmpty();
    }

    /** A policy that lets blue use the thing, which cannot end while blue does, and then can. */
    private void assertKeptWhileUsed(String type, String id, Runnable use, Runnable leave) {
        var policy =
                "rbac-policies/" + share(type, id, "access_as_shared", "blue").id();
        use.run();
        assertThat(cloud.delete(policy).error()).as(type).isEqualTo("RbacPolicyInUse");
        var move = "{'rbac_policy':{'target_tenant':'green'}}";
        assertThat(cloud.put(policy, move).error()).as(type).isEqualTo("RbacPolicyInUse");
        cloud.put(policy, "{'rbac_policy':{'target_tenant':'blue'}}").ok();
        leave.run();
        assertThat(cloud.delete(policy).status()).as(type).isEqualTo(204);
    }

    @Test
    void blocksThatAnotherProjectUsesStayLetToIt() {
        var scope = cloud.post("address-scopes", "{'address_scope':{'name':'s','ip_version':4}}")
                .id();
        var pool = "{'subnetpool':{'name':'p','prefixes':['10.0.0.0/8'],'default_prefixlen':24%s}}";
        assertKeptWhileUsed(
                "address_scope",
                scope,
                () -> cloud.post("subnetpools", pool.formatted(",'address_scope_id':'%s'".formatted(scope)), BLUE)
                        .ok(),
                () -> cloud.delete(
                                "subnetpools/"
                                        + Cloud.all(cloud.get("subnetpools", BLUE), "id")
                                                .getFirst(),
                                BLUE)
                        .ok());
        var shared = cloud.post("subnetpools", pool.formatted("")).id();
        var network = cloud.network(BLUE);
        assertKeptWhileUsed(
                "subnetpool",
                shared,
                () -> cloud.post(
                                "subnets",
                                "{'subnet':{'network_id':'%s','ip_version':4,'subnetpool_id':'%s'}}"
                                        .formatted(network, shared),
                                BLUE)
                        .ok(),
                () -> cloud.delete(
                                "subnets/"
                                        + Cloud.all(cloud.get("subnets", BLUE), "id")
                                                .getFirst(),
                                BLUE)
                        .ok());
    }

    @Test
    void aSubnetIsSharedAsItsNetworkIs() {
        var own = cloud.subnet(cloud.network(), "10.0.0.0/24");
        var shared = cloud.post("networks", "{'network':{'shared':true}}").id();
        var lent = cloud.subnet(shared, "10.1.0.0/24");
        assertThat(Cloud.all(cloud.get("subnets?shared=True"), "id")).containsExactly(lent);
        assertThat(Cloud.all(cloud.get("subnets?shared=True", BLUE), "id")).containsExactly(lent);
        assertThat(Cloud.all(cloud.get("subnets?shared=False"), "id")).containsExactly(own);
        assertThat(cloud.get("subnets?shared=perhaps").status()).isEqualTo(400);
    }

    @Test
    void rulesThatAnotherProjectUsesStayLetToIt() {
        var network = cloud.network(BLUE);
        var policy = cloud.post("qos/policies", "{'policy':{'name':'q'}}").id();
        assertKeptWhileUsed(
                "qos_policy",
                policy,
                () -> cloud.put("networks/" + network, "{'network':{'qos_policy_id':'%s'}}".formatted(policy))
                        .ok(),
                () -> cloud.put("networks/" + network, "{'network':{'qos_policy_id':null}}")
                        .ok());
        var addresses = cloud.post("address-groups", "{'address_group':{'addresses':['10.0.0.0/24']}}")
                .id();
        var group = cloud.post("security-groups", "{'security_group':{'name':'web'}}", BLUE)
                .id();
        assertKeptWhileUsed(
                "address_group",
                addresses,
                () -> cloud.post(
                                "security-group-rules",
                                "{'security_group_rule':{'security_group_id':'%s','direction':'ingress','remote_address_group_id':'%s'}}"
                                        .formatted(group, addresses),
                                BLUE)
                        .ok(),
                () -> cloud.delete("security-groups/" + group, BLUE).ok());
    }

    @Test
    void theWayOutsideStaysLetToWhoseRoutersLeadThere() {
        var network = cloud.network();
        cloud.subnet(network, "203.0.113.0/24");
        var policy = "rbac-policies/"
                + share("network", network, "access_as_external", "blue").id();
        var router = cloud.post(
                        "routers", "{'router':{'external_gateway_info':{'network_id':'%s'}}}".formatted(network), BLUE)
                .id();
        assertThat(cloud.get("networks/" + network, BLUE).get("router:external").asBoolean(false))
                .isTrue();
        assertThat(cloud.get("networks/" + network, GREEN).status()).isEqualTo(404);
        assertThat(cloud.delete(policy).error()).isEqualTo("RbacPolicyInUse");
        cloud.delete("routers/" + router, BLUE).ok();
        assertThat(cloud.delete(policy).status()).isEqualTo(204);
        assertThat(cloud.get("networks/" + network).get("router:external").asBoolean(true))
                .isFalse();
        var standard = cloud.post("networks", "{'network':{'router:external':true,'is_default':true}}")
                .id();
        var everybody = Cloud.all(cloud.get("rbac-policies?object_id=" + standard), "id")
                .getFirst();
        assertThat(cloud.delete("rbac-policies/" + everybody).error()).isEqualTo("RbacPolicyInUse");
    }

    @Test
    void aPoolIsLetOnlyToThoseWhoMayUseItsScope() {
        var scope = cloud.post("address-scopes", "{'address_scope':{'name':'s','ip_version':4}}")
                .id();
        var pool = cloud.post(
                        "subnetpools",
                        "{'subnetpool':{'name':'p','prefixes':['10.0.0.0/8'],'address_scope_id':'%s'}}"
                                .formatted(scope))
                .id();
        assertThat(share("subnetpool", pool, "access_as_shared", "blue").error())
                .isEqualTo("RbacPolicyInitError");
        share("address_scope", scope, "access_as_shared", "blue").ok();
        share("subnetpool", pool, "access_as_shared", "blue").ok();
    }
}

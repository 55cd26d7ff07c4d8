package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.TunnelType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators ask for: agents, quotas in use, meters, logs, flavors. */
class OperatorResourcesTest {
    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private String agent() throws InterruptedException {
        var chassis = new Chassis(
                Id.of(Chassis.class, "hv1"),
                IpAddress.parse("192.0.2.1"),
                List.of(TunnelType.GENEVE),
                "system-1",
                Instant.EPOCH);
        cloud.server().replica().edit(edit -> edit.create(chassis));
        return Cloud.all(cloud.get("agents"), "id").getFirst();
    }

    @Test
    void aChassisIsSeenAsAnAgent() throws InterruptedException {
        var agent = "agents/" + agent();
        var shown = cloud.get(agent);
        assertThat(shown.text("host")).isEqualTo("hv1");
        assertThat(shown.get("alive").asBoolean()).isTrue();
        assertThat(shown.text("binary")).isEqualTo("dragonflow-agent");
        assertThat(shown.get("configurations").path("tunneling_ip").asString(""))
                .isEqualTo("192.0.2.1");
        assertThat(Cloud.all(cloud.get("agents?host=hv1&alive=True"), "host")).containsExactly("hv1");
        assertThat(Cloud.all(cloud.get("agents?host=hv2"), "host")).isEmpty();
        assertThat(Cloud.all(cloud.get("agents", Cloud.member("p")), "host")).isEmpty();
        assertThat(cloud.get(agent, Cloud.member("p")).error()).isEqualTo("AgentNotFound");
        assertThat(cloud.put(agent, "{'agent':{'admin_state_up':false,'description':'to be mended'}}")
                        .text("description"))
                .isEqualTo("to be mended");
        assertThat(cloud.get(agent).get("admin_state_up").asBoolean()).isFalse();
        assertThat(cloud.put(agent, "{'agent':{'host':'x'}}").status()).isEqualTo(400);
        assertThat(cloud.get(agent + "/dhcp-networks").body().path("networks")).isEmpty();
        assertThat(cloud.delete(agent).status()).isEqualTo(204);
        assertThat(cloud.get(agent).status()).isEqualTo(404);
    }

    @Test
    void anAgentWithPortsIsNotDeleted() throws InterruptedException {
        var agent = agent();
        cloud.port(cloud.network(), ",'binding:host_id':'hv1'").ok();
        assertThat(cloud.delete("agents/" + agent).error()).isEqualTo("InUse");
    }

    @Test
    void aQuotaSaysHowMuchIsUsed() {
        cloud.put("quotas/admin", "{'quota':{'network':'7'}}").ok();
        cloud.network();
        var details = cloud.get("quotas/admin/details.json");
        assertThat(details.get("network").path("limit").asInt()).isEqualTo(7);
        assertThat(details.get("network").path("used").asInt()).isEqualTo(1);
        assertThat(details.get("network").path("reserved").asInt()).isZero();
        assertThat(cloud.put("quotas/admin", "{'quota':{'network':'-2'}}").status())
                .isEqualTo(400);
    }

    @Test
    void aLabelCountsNoTrafficTwice() {
        var label = cloud.post("metering/metering-labels", "{'metering_label':{'name':'m'}}")
                .id();
        var rule = "{'metering_label_rule':{'metering_label_id':'%s','direction':'ingress','remote_ip_prefix':'%s'}}";
        var made = cloud.post("metering/metering-label-rules", rule.formatted(label, "10.0.0.0/24"))
                .id();
        assertThat(cloud.post("metering/metering-label-rules", rule.formatted(label, "10.0.0.0/25"))
                        .error())
                .isEqualTo("MeteringLabelRuleOverlaps");
        assertThat(cloud.post("metering/metering-label-rules", rule.formatted(NOBODY, "10.0.0.0/24"))
                        .error())
                .isEqualTo("MeteringLabelNotFound");
        assertThat(Cloud.all(cloud.get("metering/metering-label-rules?id=33"), "id"))
                .isEmpty();
        assertThat(cloud.delete("metering/metering-labels/" + label).status()).isEqualTo(204);
        assertThat(cloud.get("metering/metering-label-rules/" + made).error()).isEqualTo("MeteringLabelRuleNotFound");
    }

    @Test
    void aFlavorIsGivenByProfiles() {
        assertThat(cloud.get("service-providers")
                        .body()
                        .path("service_providers")
                        .path(0)
                        .path("name")
                        .asString(""))
                .isEqualTo("dragonflow");
        var profile = cloud.post("service_profiles", "{'service_profile':{'metainfo':'{}'}}")
                .id();
        var flavor = cloud.post("flavors", "{'flavor':{'name':'f','service_type':'L3_ROUTER_NAT'}}")
                .id();
        var profiles = "flavors/" + flavor + "/service_profiles";
        var body = "{'service_profile':{'id':'%s'}}".formatted(profile);
        assertThat(cloud.post(profiles, body).status()).isEqualTo(201);
        assertThat(cloud.post(profiles, body).error()).isEqualTo("FlavorServiceProfileBindingExists");
        assertThat(cloud.get("flavors/" + flavor).get("service_profiles")).hasSize(1);
        assertThat(cloud.delete("service_profiles/" + profile).error()).isEqualTo("ServiceProfileInUse");
        assertThat(cloud.delete(profiles + "/" + profile).status()).isEqualTo(204);
        assertThat(cloud.delete(profiles + "/" + profile).error()).isEqualTo("FlavorServiceProfileBindingNotFound");
        assertThat(cloud.delete("service_profiles/" + profile).status()).isEqualTo(204);
        assertThat(cloud.post("service_profiles", "{'service_profile':{}}").error())
                .isEqualTo("ServiceProfileEmpty");
        assertThat(cloud.post("service_profiles", "{'service_profile':{'driver':'x'}}")
                        .error())
                .isEqualTo("ServiceProfileDriverNotFound");
    }

    @Test
    void whatGroupsDoIsLoggedWhereItCanBe() {
        assertThat(Cloud.all(cloud.get("log/loggable-resources"), "type")).containsExactly("security_group");
        var group = cloud.group("g");
        var port = cloud.port(cloud.network(), "").id();
        var log = "{'log':{'resource_type':'security_group','resource_id':'%s'%s}}";
        var made = cloud.post("log/logs", log.formatted(group, "")).ok();
        assertThat(made.text("event")).isEqualTo("ALL");
        assertThat(cloud.put("log/logs/" + made.id(), "{'log':{'enabled':false}}")
                        .get("enabled")
                        .asBoolean())
                .isFalse();
        assertThat(cloud.post("log/logs", log.formatted(group, ",'target_id':'%s'".formatted(port)))
                        .error())
                .isEqualTo("InvalidResourceConstraint");
        assertThat(cloud.post("log/logs", log.formatted(NOBODY, "")).error()).isEqualTo("ResourceNotFound");
        assertThat(cloud.post("log/logs", "{'log':{'resource_type':'x'}}").error())
                .isEqualTo("InvalidLogResourceType");
        // With the group goes what was to be written down of it.
        assertThat(cloud.delete("security-groups/" + group).status()).isEqualTo(204);
        assertThat(cloud.get("log/logs/" + made.id()).status()).isEqualTo(404);
    }
}

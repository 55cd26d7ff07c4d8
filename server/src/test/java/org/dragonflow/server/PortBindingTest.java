package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.TunnelType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where ports are plugged in, and what else is kept of them for the compute service. */
class PortBindingTest {
    private final Cloud cloud = new Cloud();
    private String network = "";

    @BeforeEach
    void build() throws InterruptedException {
        network = cloud.network();
        cloud.subnet(network, "10.0.0.0/24");
        for (int number = 1; number <= 2; number++) {
            var chassis = new Chassis(
                    Id.of(Chassis.class, "hv" + number),
                    IpAddress.parse("192.0.2." + number),
                    List.of(TunnelType.GENEVE),
                    "system-" + number,
                    Instant.EPOCH);
            cloud.server().replica().edit(edit -> edit.create(chassis));
        }
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    private String port(String more) {
        return "ports/"
                + cloud.port(network, ",'device_owner':'compute:nova','binding:host_id':'hv1'" + more)
                        .id();
    }

    @Test
    void aPortThatMovesHasASecondBindingWhichIsThenMadeTheActiveOne() {
        var port = port("");
        var made = cloud.post(port + "/bindings", "{'binding':{'host':'hv2','profile':{'a':1}}}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("status")).isEqualTo("INACTIVE");
        assertThat(made.text("vif_type")).isEqualTo("ovs");
        assertThat(cloud.get(port).text("binding:host_id")).isEqualTo("hv1");
        assertThat(Cloud.all(cloud.get(port + "/bindings"), "host")).containsExactly("hv1", "hv2");
        assertThat(Cloud.all(cloud.get(port + "/bindings?status=ACTIVE"), "host"))
                .containsExactly("hv1");
        assertThat(cloud.put(port + "/bindings/hv2/activate", "{}").status()).isEqualTo(200);
        assertThat(cloud.get(port).text("binding:host_id")).isEqualTo("hv2");
        assertThat(cloud.get(port).get("binding:profile")).hasToString("{\"a\":1}");
        assertThat(cloud.get(port + "/bindings/hv1").text("status")).isEqualTo("INACTIVE");
        assertThat(cloud.delete(port + "/bindings/hv1").status()).isEqualTo(204);
        assertThat(Cloud.all(cloud.get(port + "/bindings"), "host")).containsExactly("hv2");
        assertThat(cloud.delete(port + "/bindings/hv2").status()).isEqualTo(204);
        assertThat(cloud.get(port).text("binding:vif_type")).isEqualTo("unbound");
    }

    @Test
    void howACardIsPluggedInIsAsTheAgentOfItsChassisReported() throws InterruptedException {
        var own = new Chassis(
                Id.of(Chassis.class, "hv3"),
                IpAddress.parse("192.0.2.3"),
                List.of(TunnelType.GENEVE),
                "system-3",
                "br-fast",
                "netdev",
                List.of(),
                true,
                Instant.EPOCH);
        cloud.server().replica().edit(edit -> edit.create(own));
        var usual = cloud.get(port("")).get("binding:vif_details");
        assertThat(usual.path("bridge_name").asString("")).isEqualTo("br-int");
        assertThat(usual.path("datapath_type").asString("")).isEqualTo("system");
        assertThat(usual.path("port_filter").asBoolean(false)).isTrue();
        assertThat(usual.path("ovs_hybrid_plug").asBoolean(true)).isFalse();
        assertThat(usual.path("connectivity").asString("")).isEqualTo("l2");
        assertThat(usual.path("bound_drivers").path("0").asString("")).isEqualTo("dragonflow");
        var fast = cloud.port(network, ",'device_owner':'compute:nova','binding:host_id':'hv3'")
                .get("binding:vif_details");
        assertThat(fast.path("bridge_name").asString("")).isEqualTo("br-fast");
        assertThat(fast.path("datapath_type").asString("")).isEqualTo("netdev");
        var nowhere = cloud.port(network, ",'device_owner':'compute:nova','binding:host_id':'hv9'");
        assertThat(nowhere.text("binding:vif_type")).isEqualTo("binding_failed");
        assertThat(nowhere.get("binding:vif_details").size()).isZero();
    }

    @Test
    void aBindingIsChangedInPlace() {
        var port = port("");
        cloud.post(port + "/bindings", "{'binding':{'host':'hv2'}}").ok();
        assertThat(cloud.put(port + "/bindings/hv2", "{'binding':{'vnic_type':'vdpa'}}")
                        .text("vnic_type"))
                .isEqualTo("vdpa");
        assertThat(cloud.put(port + "/bindings/hv1", "{'binding':{'profile':{'b':2}}}")
                        .text("status"))
                .isEqualTo("ACTIVE");
        assertThat(cloud.get(port).get("binding:profile")).hasToString("{\"b\":2}");
    }

    @Test
    void bindingsThatCannotBeAreRefused() {
        var port = port("");
        var body = "{'binding':{'host':'hv1'}}";
        assertThat(cloud.post(port + "/bindings", body).error()).isEqualTo("PortBindingAlreadyExists");
        assertThat(cloud.put(port + "/bindings/hv1/activate", "{}").error()).isEqualTo("PortBindingAlreadyActive");
        assertThat(cloud.put(port + "/bindings/hv2/activate", "{}").error()).isEqualTo("PortBindingNotFound");
        assertThat(cloud.delete(port + "/bindings/hv9").error()).isEqualTo("PortBindingNotFound");
        assertThat(cloud.post(port + "/bindings", "{'binding':{}}").status()).isEqualTo(400);
        assertThat(cloud.post(port + "/bindings", "{'binding':{'host':'hv2','vnic_type':'x'}}")
                        .status())
                .isEqualTo(400);
        var other = "ports/" + cloud.port(network, "").id();
        assertThat(cloud.post(other + "/bindings", body).message())
                .isEqualTo("Bad port request: Invalid port %s. Operation only valid on compute ports."
                        .formatted(other.substring("ports/".length())));
        assertThat(cloud.get(port + "/bindings", Cloud.member("p")).status()).isEqualTo(404);
    }

    @Test
    void aCardThatTheSwitchDoesNotSeeCannotBeBound() {
        assertThat(cloud.get(port(",'binding:vnic_type':'macvtap'")).text("binding:vif_type"))
                .isEqualTo("binding_failed");
        assertThat(cloud.get(port(",'binding:vnic_type':'direct'")).text("binding:vif_type"))
                .isEqualTo("binding_failed");
        assertThat(cloud.get(port(",'binding:vnic_type':'direct','binding:profile':{'capabilities':['switchdev']}"))
                        .text("binding:vif_type"))
                .isEqualTo("ovs");
    }

    @Test
    void theAddressOfACardIsMadeAnewWhereNoneIsAskedForUnlessItIsBound() {
        var free = "ports/" + cloud.port(network, ",'mac_address':null").id();
        var before = cloud.get(free).text("mac_address");
        assertThat(cloud.put(free, "{'port':{'mac_address':null}}").ok().text("mac_address"))
                .startsWith("fa:16:3e:")
                .isNotEqualTo(before);
        var bound = cloud.put(port(""), "{'port':{'mac_address':null}}");
        assertThat(bound.error()).isEqualTo("PortBound");
        assertThat(bound.message()).contains("port is already bound, port type: ovs");
    }

    @Test
    void whatTheComputeServiceSaysIsKept() {
        var port = cloud.port(
                network,
                ",'numa_affinity_policy':'required','device_profile':'fpga','propagate_uplink_status':false,"
                        + "'hints':{'openvswitch':{}},'dns_name':'Alice'");
        assertThat(port.text("numa_affinity_policy")).isEqualTo("required");
        assertThat(port.text("device_profile")).isEqualTo("fpga");
        assertThat(port.get("propagate_uplink_status").asBoolean()).isFalse();
        assertThat(port.get("hints")).hasToString("{\"openvswitch\":{}}");
        assertThat(port.get("dns_assignment").path(0).path("fqdn").asString("")).isEqualTo("alice.openstacklocal.");
        assertThat(port.text("ip_allocation")).isEqualTo("immediate");
        assertThat(port.get("data_plane_status").isNull()).isTrue();
        var path = "ports/" + port.id();
        assertThat(cloud.put(path, "{'port':{'data_plane_status':'DOWN'}}").text("data_plane_status"))
                .isEqualTo("DOWN");
        assertThat(cloud.put(path, "{'port':{'device_profile':'x'}}").status()).isEqualTo(400);
        assertThat(cloud.port(network, ",'data_plane_status':'DOWN'").status()).isEqualTo(400);
        assertThat(cloud.port(network, ",'numa_affinity_policy':'x'").status()).isEqualTo(400);
        assertThat(cloud.port(network, ",'dns_name':'-x-'").message()).contains("not a valid PQDN or FQDN");
        assertThat(cloud.port(network, ",'fixed_ips':[]").text("ip_allocation")).isEqualTo("none");
        assertThat(cloud.port(network, "")
                        .get("dns_assignment")
                        .path(0)
                        .path("hostname")
                        .asString(""))
                .startsWith("host-10-0-0-");
    }

    @Test
    void portsAreFoundByTheirGroups() {
        var group = cloud.group("g");
        var member = cloud.port(network, ",'security_groups':['%s']".formatted(group))
                .id();
        cloud.port(network, "").ok();
        assertThat(Cloud.all(cloud.get("ports?security_groups=" + group), "id")).containsExactly(member);
    }
}

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
import tools.jackson.databind.JsonNode;

/** What operators ask beyond Neutron: the chassis, and what becomes of packets. */
class OperatorTest {
    private static final String TRACE = "/dragonflow/v1/trace";
    private static final String CHASSIS = "/dragonflow/v1/chassis";
    private static final String[] RED = Cloud.member("red");
    private static final String[] BLUE = Cloud.member("blue");

    private final Cloud cloud = new Cloud();
    private String network = "";

    @BeforeEach
    void networksOnTwoChassis() throws InterruptedException {
        join("hv1", "192.0.2.1");
        join("hv2", "192.0.2.2");
        network = cloud.post("networks", "{'network':{'name':'lan','shared':true}}")
                .id();
        cloud.subnet(network, "10.0.0.0/24");
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    private void join(String name, String address) throws InterruptedException {
        var chassis = new Chassis(
                Id.of(Chassis.class, name),
                IpAddress.parse(address),
                List.of(TunnelType.GENEVE),
                "system-" + name,
                Instant.EPOCH);
        cloud.server().replica().edit(edit -> edit.create(chassis));
    }

    private String port(String name, String project, String address, String chassis) {
        return cloud.port(
                        network,
                        ",'name':'%s','project_id':'%s','fixed_ips':[{'ip_address':'%s'}],'binding:host_id':'%s'"
                                .formatted(name, project, address, chassis))
                .id();
    }

    private Cloud.Reply trace(String from, String packet, String... headers) {
        return cloud.post(TRACE, "{'from':'%s','packet':'%s'}".formatted(from, packet), headers);
    }

    private static String summary(Cloud.Reply reply) {
        return reply.ok().body().path("trace").path("summary").asString("");
    }

    @Test
    void aTraceTellsTableByTableWhatBecomesOfAPacket() {
        port("alice", "red", "10.0.0.10", "hv1");
        var bob = port("bob", "red", "10.0.0.11", "hv2");
        var trace = trace("alice", "icmp to 10.0.0.11").ok().body().path("trace");
        assertThat(trace.path("verdict").asString("")).isEqualTo("delivered");
        assertThat(trace.path("summary").asString(""))
                .isEqualTo("delivered to port bob, on network lan, from hv1 through a tunnel to hv2");
        assertThat(trace.path("hops").size()).isEqualTo(2);
        var last = trace.path("hops").path(1).path("tables");
        var dispatch = last.path(last.size() - 1);
        assertThat(dispatch.path("name").asString("")).isEqualTo("dispatch");
        assertThat(dispatch.path("why").asString("")).isEqualTo("classifier/plugged: port bob");
        assertThat(dispatch.path("made_by").path(0).path("id").asString("")).isEqualTo(bob);
        assertThat(dispatch.path("flow").path("cookie").asString("")).startsWith("0xd7a6");
        assertThat(trace.path("revision").asLong(0)).isEqualTo(cloud.revision());
    }

    @Test
    void aTraceFollowsWhatWasJustChanged() {
        port("alice", "red", "10.0.0.10", "hv1");
        var bob = port("bob", "red", "10.0.0.11", "hv1");
        assertThat(summary(trace("alice", "tcp to 10.0.0.11:22"))).startsWith("delivered to port bob");
        cloud.put("ports/" + bob, "{'port':{'security_groups':['%s']}}".formatted(cloud.group("shut")))
                .ok();
        assertThat(summary(trace("alice", "tcp to 10.0.0.11:22")))
                .isEqualTo("security group shut of port bob has no ingress rule for tcp 22 from 10.0.0.10");
        cloud.put("ports/" + bob, "{'port':{'admin_state_up':false}}").ok();
        assertThat(summary(trace("alice", "tcp to 10.0.0.11:22")))
                .isEqualTo("port bob is administratively down (admin_state_up is false)");
    }

    @Test
    void aPacketMayBeAnObjectToo() {
        port("alice", "red", "10.0.0.10", "hv1");
        port("bob", "red", "10.0.0.11", "hv1");
        var body = "{'from':'alice','packet':{'protocol':'tcp','to':'10.0.0.11','to_port':80,'ttl':5}}";
        var packet =
                cloud.post(TRACE, body).ok().body().path("trace").path("packet").asString("");
        assertThat(packet).startsWith("tcp 80 from 10.0.0.10 to 10.0.0.11, ttl 5");
    }

    @Test
    void aMemberTracesFromItsOwnPortsAndLearnsNothingOfOthers() {
        var alice = port("alice", "red", "10.0.0.10", "hv1");
        var carol = port("carol", "blue", "10.0.0.12", "hv2");
        assertThat(trace(alice, "icmp to 10.0.0.12", BLUE).status()).isEqualTo(404);
        assertThat(trace("alice", "icmp to 10.0.0.12", BLUE).error()).isEqualTo("PortNotFound");
        var reply = trace("alice", "icmp to 10.0.0.12", RED).ok();
        assertThat(reply.body().toString())
                .contains("a port of another project")
                .doesNotContain("carol", carol, "hv1", "hv2", "192.0.2");
    }

    @Test
    void whatCannotBeTracedIsRefusedWithWhatWouldBeRight() {
        port("twin", "red", "10.0.0.10", "hv1");
        port("twin", "red", "10.0.0.11", "hv1");
        assertThat(trace("nobody", "dhcp").error()).isEqualTo("PortNotFound");
        assertThat(trace("twin", "dhcp").status()).isEqualTo(409);
        assertThat(trace("twin", "tcp to 10.0.0.5").message())
                .isEqualTo("Invalid packet: tcp needs an address and a port: tcp to 10.0.0.5:80.");
        for (var body : List.of(
                "{}",
                "{'from':'twin'}",
                "{'packet':'dhcp'}",
                "{'from':7,'packet':'dhcp'}",
                "{'from':'twin','packet':[]}",
                "{'from':'twin','packet':{}}",
                "{'from':'twin','packet':{'protocol':null}}",
                "{'from':'twin','packet':{'protocol':'icmp','to':'10.0.0.5 ttl 3'}}",
                "{'from':'twin','packet':'dhcp','more':1}")) {
            assertThat(cloud.post(TRACE, body).status()).as(body).isEqualTo(400);
        }
    }

    @Test
    void chassisAreListedWithTheirPorts() {
        port("alice", "red", "10.0.0.10", "hv1");
        var list = cloud.get(CHASSIS).ok().body();
        assertThat(list.path("revision").asLong(0)).isEqualTo(cloud.revision());
        assertThat(list.path("chassis").valueStream().map(c -> c.path("id").asString("")))
                .containsExactly("hv1", "hv2");
        JsonNode one = cloud.get(CHASSIS + "/hv1").ok().body().path("chassis");
        assertThat(one.path("ports").asInt(0)).isEqualTo(1);
        assertThat(one.path("address").asString("")).isEqualTo("192.0.2.1");
        assertThat(cloud.get(CHASSIS + "/hv9").error()).isEqualTo("ChassisNotFound");
        assertThat(cloud.get(CHASSIS, RED).status()).isEqualTo(403);
    }

    @Test
    void aChassisIsRemovedOnceNothingIsBoundToIt() {
        port("alice", "red", "10.0.0.10", "hv1");
        assertThat(cloud.delete(CHASSIS + "/hv1").message())
                .isEqualTo("Chassis hv1 cannot be removed: 1 ports are bound to it.");
        assertThat(cloud.delete(CHASSIS + "/hv2", RED).status()).isEqualTo(403);
        assertThat(cloud.delete(CHASSIS + "/hv2").status()).isEqualTo(204);
        assertThat(cloud.get(CHASSIS + "/hv2").status()).isEqualTo(404);
    }

    @Test
    void thePipelineIsListedInOrder() {
        var tables = cloud.get("/dragonflow/v1/pipeline").ok().body().path("tables");
        assertThat(tables.path(0).path("name").asString("")).isEqualTo("classify");
        assertThat(tables.path(0).path("number").asInt(-1)).isZero();
    }
}

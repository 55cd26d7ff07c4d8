package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Addresses that stand for ports of the same chassis. */
class LocalIpTest {
    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private Cloud.Reply make(String attributes, String... headers) {
        return cloud.post("local_ips", "{'local_ip':{%s}}".formatted(attributes), headers);
    }

    private Cloud.Reply associate(String localIp, String attributes, String... headers) {
        return cloud.post(
                "local_ips/%s/port_associations".formatted(localIp),
                "{'port_association':{%s}}".formatted(attributes),
                headers);
    }

    private static void assertRefused(Cloud.Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThat(reply.error()).isEqualTo(type);
    }

    private String network() {
        var network = cloud.network();
        cloud.subnet(network, "10.0.0.0/24");
        return network;
    }

    @Test
    void aPortIsMadeForTheAddressAndGoesWithIt() {
        var network = network();
        var made = make("'network_id':'%s','name':'cache'".formatted(network)).ok();
        assertThat(made.text("ip_mode")).isEqualTo("translate");
        assertThat(made.text("local_ip_address")).isEqualTo("10.0.0.2");
        assertThat(made.text("network_id")).isEqualTo(network);
        var port = cloud.get("ports/" + made.text("local_port_id")).ok();
        assertThat(port.text("device_owner")).isEqualTo("network:local_ip");
        assertThat(port.text("device_id")).isEqualTo(made.id());
        assertThat(port.text("project_id")).isEqualTo(made.text("project_id"));
        var refused = cloud.delete("ports/" + port.id());
        assertRefused(refused, 409, "ServicePortInUse");
        assertThat(refused.message()).contains("still referenced by Local IPs");
        assertThat(cloud.put("local-ips/" + made.id(), "{'local_ip':{'name':'dns','description':'x'}}")
                        .text("name"))
                .isEqualTo("dns");
        assertThat(cloud.put("local-ips/" + made.id(), "{'local_ip':{'ip_mode':'passthrough'}}")
                        .status())
                .isEqualTo(400);
        assertThat(Cloud.all(cloud.get("local_ips?local_ip_address=10.0.0.2&ip_mode=translate"), "id"))
                .containsExactly(made.id());
        assertThat(cloud.delete("local_ips/" + made.id()).status()).isEqualTo(204);
        assertRefused(cloud.get("ports/" + port.id()), 404, "PortNotFound");
        assertRefused(cloud.get("local_ips/" + made.id()), 404, "LocalIPNotFound");
    }

    @Test
    void aPortThatIsThereHoldsTheAddressAndStays() {
        var port = cloud.port(network(), "").ok();
        var made = make("'local_port_id':'%s','ip_mode':'passthrough'".formatted(port.id()))
                .ok();
        assertThat(made.text("local_ip_address"))
                .isEqualTo(port.get("fixed_ips").path(0).path("ip_address").asString(""));
        assertThat(made.text("network_id")).isEqualTo(port.text("network_id"));
        assertThat(cloud.delete("local_ips/" + made.id()).status()).isEqualTo(204);
        assertThat(cloud.get("ports/" + port.id()).status()).isEqualTo(200);
    }

    @Test
    void whatIsNoAddressOfThePortIsRefused() {
        var network = network();
        assertRefused(make("'name':'x'"), 400, "LocalIPPortOrNetworkRequired");
        assertRefused(make("'network_id':'%s'".formatted(cloud.network())), 400, "BadRequest");
        assertRefused(make("'network_id':'00000000-0000-0000-0000-000000000000'"), 404, "NetworkNotFound");
        assertRefused(make("'local_port_id':'00000000-0000-0000-0000-000000000000'"), 400, "BadRequest");
        assertRefused(
                make("'network_id':'%s','local_ip_address':'10.9.9.9'".formatted(network)), 400, "InvalidIpForNetwork");
        var bare = cloud.port(network, ",'fixed_ips':[]").id();
        assertRefused(make("'local_port_id':'%s'".formatted(bare)), 400, "LocalIPNoIP");
        var two = cloud.port(network, ",'fixed_ips':[{'ip_address':'10.0.0.10'},{'ip_address':'10.0.0.11'}]")
                .id();
        assertRefused(make("'local_port_id':'%s'".formatted(two)), 400, "LocalIPNoRequestedIP");
        assertRefused(
                make("'local_port_id':'%s','local_ip_address':'10.0.0.12'".formatted(two)),
                400,
                "LocalIPRequestedIPNotFound");
        assertThat(make("'local_port_id':'%s','local_ip_address':'10.0.0.11'".formatted(two))
                        .text("local_ip_address"))
                .isEqualTo("10.0.0.11");
    }

    @Test
    void portsAreFoundByTheirOwnNameBelowTheLocalIp() {
        var network = network();
        var local = make("'network_id':'%s'".formatted(network)).id();
        var other = make("'network_id':'%s'".formatted(network)).id();
        var port = cloud.port(network, ",'binding:host_id':'hv1'").id();
        var made = associate(local, "'fixed_port_id':'%s'".formatted(port)).ok();
        assertThat(made.text("local_ip_id")).isEqualTo(local);
        assertThat(made.text("local_ip_address")).isEqualTo("10.0.0.2");
        assertThat(made.text("fixed_ip")).isEqualTo("10.0.0.4");
        assertThat(made.text("host")).isEqualTo("hv1");
        assertThat(made.get("id").isMissingNode()).isTrue();
        assertThat(made.get("project_id").isMissingNode()).isTrue();
        assertRefused(associate(local, "'fixed_port_id':'%s'".formatted(port)), 409, "NeutronDbObjectDuplicateEntry");
        associate(other, "'fixed_port_id':'%s','fixed_ip':'10.0.0.4'".formatted(port))
                .ok();
        assertRefused(
                associate(other, "'fixed_port_id':'%s','fixed_ip':'10.0.0.9'".formatted(port)),
                409,
                "NeutronDbObjectDuplicateEntry");
        var all = "local_ips/%s/port_associations".formatted(local);
        assertThat(Cloud.all(cloud.get(all), "fixed_port_id")).containsExactly(port);
        assertThat(Cloud.all(cloud.get(all + "?fixed_ip=10.0.0.5"), "fixed_port_id"))
                .isEmpty();
        assertThat(Cloud.all(cloud.get(all + "?host=hv1&local_ip_address=10.0.0.2"), "fixed_port_id"))
                .containsExactly(port);
        assertThat(Cloud.all(cloud.get(all + "?host=hv2"), "fixed_port_id")).isEmpty();
        assertThat(cloud.get(all + "?colour=blue").status()).isEqualTo(400);
        assertThat(cloud.get(all + "/" + port).text("fixed_ip")).isEqualTo("10.0.0.4");
        assertRefused(cloud.delete("local_ips/" + local), 409, "LocalIPInUse");
        assertThat(cloud.delete(all + "/" + port).status()).isEqualTo(204);
        assertRefused(cloud.get(all + "/" + port), 404, "LocalIPAssociationNotFound");
        assertThat(cloud.delete("ports/" + port).status()).isEqualTo(204);
        assertThat(cloud.delete("local_ips/" + other).status()).isEqualTo(204);
    }

    @Test
    void anotherProjectKnowsNothingOfIt() {
        var local = make("'network_id':'%s'".formatted(network())).id();
        var stranger = Cloud.member("stranger");
        assertRefused(cloud.get("local_ips/" + local, stranger), 404, "LocalIPNotFound");
        assertRefused(cloud.get("local_ips/" + local + "/port_associations", stranger), 404, "LocalIPNotFound");
        assertThat(Cloud.all(cloud.get("local_ips", stranger), "id")).isEqualTo(List.of());
        var own = cloud.post("networks", "{'network':{}}", stranger).id();
        cloud.subnet(own, "10.1.0.0/24");
        var mine = make("'network_id':'%s'".formatted(own), stranger).ok();
        var foreign = cloud.port(network(), "").id();
        assertRefused(associate(mine.id(), "'fixed_port_id':'%s'".formatted(foreign), stranger), 400, "BadRequest");
    }
}

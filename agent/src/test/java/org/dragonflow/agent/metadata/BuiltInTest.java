package org.dragonflow.agent.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Status;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Topology;
import org.dragonflow.model.Trunk;
import org.dragonflow.packet.Bytes;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What cloud-init finds where there is no Nova. */
class BuiltInTest {
    private static final Id<Network> BLUE = Id.of(Network.class, "blue");
    private static final Id<Subnet> BLUE4 = Id.of(Subnet.class, "blue4");
    private static final Instant THEN = Instant.EPOCH;

    private static <E extends Entity> E made(Class<E> type, Map<String, Object> said) {
        var values = new HashMap<String, Object>(Map.of("created_at", THEN, "updated_at", THEN, "revision_number", 0L));
        values.put("project_id", "p1");
        values.putAll(said);
        return Schema.of(type).make(values);
    }

    private static Port port(Map<String, Object> more) {
        var said = new HashMap<String, Object>(Map.of(
                "id",
                Id.of(Port.class, "11111111-2222"),
                "name",
                "alice",
                "network_id",
                BLUE,
                "status",
                Status.ACTIVE,
                "mac_address",
                Mac.parse("fa:16:3e:00:00:01"),
                "fixed_ips",
                List.of(new Port.FixedIp(BLUE4, IpAddress.parse("10.0.0.5"))),
                "device_owner",
                "compute:nova",
                "port_security_enabled",
                true,
                "binding:host_id",
                Optional.of(Id.of(Chassis.class, "hv1")),
                "key",
                7));
        said.putAll(more);
        return made(Port.class, said);
    }

    private static Topology topology(Port port) {
        var network =
                made(Network.class, Map.of("id", BLUE, "name", "blue", "status", Status.ACTIVE, "mtu", 1400, "key", 7));
        var subnet = made(
                Subnet.class,
                Map.of(
                        "id",
                        BLUE4,
                        "network_id",
                        BLUE,
                        "ip_version",
                        4,
                        "cidr",
                        IpPrefix.parse("10.0.0.0/24"),
                        "gateway_ip",
                        Optional.of(IpAddress.parse("10.0.0.1"))));
        return Topology.of(List.of(network, subnet, port));
    }

    private static Reply ask(Port port, String method, String path) {
        return new BuiltIn("openstacklocal")
                .answer(new Request(method, path, Map.of(), Bytes.EMPTY), new Asker(port, 4, topology(port)));
    }

    private static String told(Port port, String path) throws IOException {
        try (var reply = ask(port, "GET", path)) {
            assertThat(reply.status()).isEqualTo(200);
            return new String(reply.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JsonNode json(Port port, String path) throws IOException {
        return JsonMapper.shared().readTree(told(port, path));
    }

    @Test
    void aServerIsToldItsIdItsNameAndItsAddressInTheWayOfEc2() throws IOException {
        var alice = port(Map.of("device_id", "server-1"));
        assertThat(told(alice, "/latest/meta-data/instance-id")).isEqualTo("server-1");
        assertThat(told(alice, "/2009-04-04/meta-data/local-ipv4")).isEqualTo("10.0.0.5");
        assertThat(told(alice, "/latest/meta-data/hostname")).isEqualTo("alice.openstacklocal");
        assertThat(told(alice, "/").lines()).contains("latest", "openstack");
        assertThat(told(alice, "/latest/").lines()).contains("meta-data/");
        assertThat(told(alice, "/latest/meta-data").lines()).contains("instance-id", "local-ipv4");
    }

    @Test
    void aSubportIsOfTheServerWhoseCardCarriesIt() throws IOException {
        var card = port(Map.of("id", Id.of(Port.class, "card"), "device_id", "server-1", "key", 8));
        var subPort = port(Map.of("device_owner", Port.SUB_PORT));
        var trunk = made(
                Trunk.class,
                Map.of(
                        "id",
                        Id.of(Trunk.class, "trunk"),
                        "port_id",
                        card.id(),
                        "sub_ports",
                        List.of(new Trunk.SubPort(subPort.id(), "vlan", 101))));
        var asker = new Asker(subPort, 4, Topology.of(List.of(card, subPort, trunk)));
        assertThat(asker.card()).isEqualTo(card);
        var request = new Request("GET", "/latest/meta-data/instance-id", Map.of(), Bytes.EMPTY);
        try (var reply = new BuiltIn("openstacklocal").answer(request, asker)) {
            assertThat(new String(reply.body().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("server-1");
        }
    }

    @Test
    void whatTheProfileSaysIsPassedOnAndWhatItSaysWronglyIsNot() throws IOException {
        var alice = port(Map.of(
                "binding:profile",
                Map.of(
                        "metadata",
                        Map.of(
                                "user_data", "#!/bin/sh",
                                "public_keys", Map.of("mine", "ssh-ed25519 AAAA", "odd", 7),
                                "meta", List.of("no object")))));
        assertThat(told(alice, "/latest/user-data")).isEqualTo("#!/bin/sh");
        assertThat(told(alice, "/openstack/latest/user_data")).isEqualTo("#!/bin/sh");
        assertThat(told(alice, "/latest/meta-data/public-keys/")).isEqualTo("0=mine");
        var data = json(alice, "/openstack/2018-08-27/meta_data.json");
        assertThat(data.get("public_keys").get("mine").asString()).isEqualTo("ssh-ed25519 AAAA");
        assertThat(data.get("meta").size()).isZero();
        assertThat(data.get("uuid").asString()).isEqualTo("11111111-2222");
    }

    @Test
    void itsNetworkIsDescribedAsNovaDoes() throws IOException {
        var data = json(port(Map.of()), "/openstack/latest/network_data.json");
        assertThat(data.get("links").get(0).get("ethernet_mac_address").asString())
                .isEqualTo("fa:16:3e:00:00:01");
        assertThat(data.get("links").get(0).get("mtu").asInt()).isEqualTo(1400);
        var network = data.get("networks").get(0);
        assertThat(network.get("type").asString()).isEqualTo("ipv4_dhcp");
        assertThat(network.get("netmask").asString()).isEqualTo("255.255.255.0");
        assertThat(network.get("routes").get(0).get("gateway").asString()).isEqualTo("10.0.0.1");
    }

    @Test
    void whatIsNotThereIsNotFoundAndNothingCanBeWritten() throws IOException {
        try (var missing = ask(port(Map.of()), "GET", "/latest/user-data");
                var write = ask(port(Map.of()), "PUT", "/latest/api/token")) {
            assertThat(missing.status()).isEqualTo(404);
            assertThat(write.status()).isEqualTo(405);
        }
    }
}

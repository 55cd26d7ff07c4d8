package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dragonflow.address.Mac;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Nova whose networks are ours; its servers' cards are plugged into real switches, by the test, as Nova's driver starts no machine. */
class NovaTest {
    private static final Duration CLIENT = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private static Keystone keystone;
    private static Cloud cloud;
    private static Tenant tenant;
    private static Nova nova;
    private static Rest compute;
    private static Network blue;

    @BeforeAll
    static void start() throws IOException {
        keystone = Keystone.start(directory);
        cloud = Cloud.open("nova", Tenant.freePort(), keystone.adminToken());
        keystone.offerNetworks(cloud.endpoint().toString());
        var root = cloud.lab().joinRoot().ipv4().toString();
        nova = Nova.start(keystone, directory, root, "hv1", "hv2");
        compute = new Rest(URI.create(nova.url()), keystone.adminToken());
        var settings = new ArrayList<>(keystone.settings());
        settings.add("--nova.enabled=true");
        cloud.startServer(settings.toArray(String[]::new));
        cloud.join("hv1", "hv1").start(nova.metadataSettings());
        cloud.agent("hv1").awaitSync();
        cloud.startChassis("hv2");
        tenant = new Tenant(cloud);
        blue = tenant.network("blue", "10.5.0.0/24");
        compute.post("/v2.1/flavors", Map.of("flavor", Map.of("name", "tiny", "ram", 64, "disk", 0, "vcpus", 1)), 200);
        var image = Files.writeString(directory.resolve("image"), "nothing that runs");
        openstack("image", "create", "--file", image.toString(), "--disk-format", "raw", "empty");
    }

    @AfterAll
    static void end() {
        nova.close();
        cloud.close();
        keystone.close();
    }

    private static String openstack(String... words) {
        return Command.of("openstack")
                .and(words)
                .with(keystone.adminEnvironment())
                .within(CLIENT)
                .require();
    }

    /** Has Nova make a server on the chassis; gives its id. */
    private static String create(String name, String chassis, String... words) {
        var command =
                new ArrayList<>(List.of("server", "create", "-f", "json", "--image", "empty", "--flavor", "tiny"));
        command.addAll(List.of("--availability-zone", "nova:" + chassis));
        command.addAll(List.of(words));
        command.add(name);
        return JsonMapper.shared()
                .readTree(openstack(command.toArray(String[]::new)))
                .path("id")
                .asString();
    }

    private static JsonNode server(String id) {
        return compute.get("/v2.1/servers/" + id).path("server");
    }

    private static void awaitActive(String server, String chassis) {
        Wait.until("the server to be ACTIVE at " + chassis, PATIENCE, () -> {
            var now = server(server);
            return now.path("status").asString("").equals("ACTIVE")
                    && now.path("OS-EXT-SRV-ATTR:host").asString("").equals(chassis);
        });
    }

    /** The port that Nova has made for the server, once it is bound there. */
    private static JsonNode port(String server, String chassis) {
        return Wait.forAnswer(
                "a port of the server at " + chassis,
                PATIENCE,
                () -> cloud.api()
                        .get("/v2.0/ports?device_id=%s&binding:host_id=%s".formatted(server, chassis))
                        .path("ports")
                        .valueStream()
                        .findFirst());
    }

    /** As Nova's driver for libvirt would. */
    private static Server plug(String name, String chassis, JsonNode port) {
        var machine = cloud.lab()
                .server(name)
                .withMac(Mac.parse(port.path("mac_address").asString()));
        machine.plug(cloud.lab().chassis(chassis), port.path("id").asString());
        return machine;
    }

    /** How it is bound, by chassis. */
    private static Map<String, String> bindings(JsonNode port) {
        return cloud.api()
                .get("/v2.0/ports/%s/bindings".formatted(Rest.id(port)))
                .path("bindings")
                .valueStream()
                .collect(Collectors.toMap(
                        binding -> binding.path("host").asString(),
                        binding -> binding.path("status").asString()));
    }

    private static String address(JsonNode port) {
        return port.at("/fixed_ips/0/ip_address").asString();
    }

    private static List<String> addresses(String server, String network) {
        return server(server)
                .path("addresses")
                .path(network)
                .valueStream()
                .map(address -> address.path("addr").asString())
                .toList();
    }

    /** One through which the machines of blue can be reached from outside. */
    private static String floatingIp() {
        var outside = cloud.api().create("networks", "network", Map.of("name", "outside", "router:external", true));
        var network = outside.path("id").asString();
        cloud.api()
                .create("subnets", "subnet", Map.of("network_id", network, "ip_version", 4, "cidr", "203.0.113.0/24"));
        var router = tenant.router(blue);
        cloud.api().update("routers", "router", router, Map.of("external_gateway_info", Map.of("network_id", network)));
        return cloud.api()
                .create("floatingips", "floatingip", Map.of("floating_network_id", network))
                .path("floating_ip_address")
                .asString();
    }

    private static void awaitHeard(String event, JsonNode port) {
        var line = "Received event %s-%s".formatted(event, port.path("id").asString());
        Wait.until("Nova to hear " + line, PATIENCE, () -> nova.log().contains(line));
    }

    @Test
    void aServerOfNovasIsThereOnceTheFlowsOfItsCardAreConfirmedAndMovesAndGoes() {
        var alice = create("alice", "hv1", "--network", "blue");
        var port = port(alice, "hv1");
        assertThat(port.path("device_owner").asString()).isEqualTo("compute:nova");
        assertThat(port.path("binding:vif_type").asString()).isEqualTo("ovs");
        assertThat(port.at("/binding:vif_details/bridge_name").asString()).isEqualTo(Chassis.INTEGRATION_BRIDGE);
        assertThat(port.path("status").asString()).isEqualTo("DOWN");
        Wait.until("Nova to wait", PATIENCE, () -> nova.log().contains("card VIFOpenVSwitch"));
        assertThat(server(alice).path("status").asString()).isEqualTo("BUILD");

        var machine = plug("alice", "hv1", port);
        awaitActive(alice, "hv1");
        awaitHeard("network-vif-plugged", port);
        assertThat(tenant.status(port.path("id").asString())).isEqualTo("ACTIVE");
        assertThat(addresses(alice, "blue")).containsExactly(address(port));
        try (var client = machine.dhcp()) {
            assertThat(client.start(PATIENCE).address()).hasToString(address(port));
        }

        var outer = floatingIp();
        openstack("server", "add", "floating", "ip", alice, outer);
        Wait.until(
                "Nova to know of " + outer,
                PATIENCE,
                () -> addresses(alice, "blue").contains(outer));
        awaitHeard("network-changed", port);

        movesOnceItsCardIsPluggedInThere(alice, port);
        machine.unplug();
        Wait.until(
                "the port to be ACTIVE at hv2",
                PATIENCE,
                () -> tenant.status(port.path("id").asString()).equals("ACTIVE"));
        assertThat(bindings(port)).isEqualTo(Map.of("hv2", "ACTIVE"));

        openstack("server", "delete", "--wait", alice);
        assertThat(cloud.api().get("/v2.0/ports?device_id=" + alice).path("ports"))
                .isEmpty();
    }

    /** Nova is told that the card is there while the port is still bound to where the server is, and to where it goes only in addition. */
    private static void movesOnceItsCardIsPluggedInThere(String server, JsonNode port) {
        openstack("server", "migrate", "--live-migration", "--os-compute-api-version", "2.30", "--host", "hv2", server);
        var awaited = "awaited at hv2: [('network-vif-plugged', '%s')]".formatted(Rest.id(port));
        Wait.until("Nova to wait for hv2", PATIENCE, () -> nova.log().contains(awaited));
        assertThat(bindings(port)).isEqualTo(Map.of("hv1", "ACTIVE", "hv2", "INACTIVE"));
        assertThat(server(server).path("status").asString()).isEqualTo("MIGRATING");
        plug("alice2", "hv2", port);
        awaitActive(server, "hv2");
    }

    @Test
    void whatNovaKnowsOfAServerItIsToldAtItsMetadataAddressesAlsoAfterTheAgentIsKilledAndStarted() throws IOException {
        var script = "#!/bin/sh\necho carol";
        var userData = Files.writeString(directory.resolve("user-data"), script);
        var carol = create("carol", "hv1", "--network", "blue", "--user-data", userData.toString());
        var machine = plug("carol", "hv1", port(carol, "hv1"));
        awaitActive(carol, "hv1");
        try (var client = machine.dhcp()) {
            client.start(PATIENCE);
            isToldWhoItIs(machine, carol, script);
            cloud.agent("hv1").kill();
            cloud.agent("hv1").start();
            cloud.agent("hv1").awaitSync();
            isToldWhoItIs(machine, carol, script);
        }
        openstack("server", "delete", "--wait", carol);
    }

    private static void isToldWhoItIs(Server machine, String id, String script) {
        for (var service : List.of("http://169.254.169.254", "http://[fe80::a9fe:a9fe%25eth0]")) {
            var told = JsonMapper.shared().readTree(curl(machine, service + "/openstack/latest/meta_data.json"));
            assertThat(told.path("uuid").asString()).isEqualTo(id);
            assertThat(told.path("name").asString()).isEqualTo("carol");
            assertThat(curl(machine, service + "/latest/user-data")).isEqualTo(script);
        }
    }

    private static String curl(Server machine, String url) {
        return machine.command("curl", "-sf", "--max-time", "20", url).require();
    }

    @Test
    void aPortThatWasThereBeforeItsServerOutlivesIt() {
        var given = tenant.port(blue, "", Map.of("name", "given")).path("id").asString();
        var bob = create("bob", "hv2", "--port", "given");
        var port = port(bob, "hv2");
        assertThat(port.path("id").asString()).isEqualTo(given);
        plug("bob", "hv2", port);
        awaitActive(bob, "hv2");
        openstack("server", "delete", "--wait", bob);
        var left = cloud.api().show("ports", "port", given);
        assertThat(left.path("device_id").asString()).isEmpty();
        assertThat(left.path("binding:host_id").asString()).isEmpty();
        assertThat(left.path("binding:vif_type").asString()).isEqualTo("unbound");
    }
}

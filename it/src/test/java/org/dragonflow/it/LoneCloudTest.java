package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Mac;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./dragonflow all}: a cloud of one chassis in one process, as somebody runs it who tries Dragonflow for the first time. */
class LoneCloudTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration FAST = Duration.ofMillis(10);
    private static final int AROUND = 50;

    private Lab lab;
    private Chassis solo;
    private Running all;

    @BeforeEach
    void start() {
        lab = Lab.open("lonecloud");
        solo = lab.chassis("solo");
        all = started();
    }

    @AfterEach
    void end() {
        lab.close();
    }

    private Running started() {
        var state = lab.directory("state");
        var running = solo.start(
                Build.dragonflow(
                        "all",
                        "--chassis=solo",
                        "--state-directory=" + state,
                        "--ovs-run-directory=" + solo.directory(),
                        "--datapath-type=netdev",
                        "--store.path=" + state.resolve("northbound.db")),
                state.resolve("all.log"));
        Wait.until("the API to answer", SOON, () -> curl("/healthz").run().succeeded());
        return running;
    }

    /** The API is on the loopback address of the chassis. */
    private Command curl(String path, String... more) {
        return solo.command("curl", "-sf", "http://127.0.0.1:9696" + path).and(more);
    }

    private JsonNode api(String path, String... more) {
        return JsonMapper.shared().readTree(curl(path, more).require());
    }

    private JsonNode create(String collection, String singular, Map<String, ?> attributes) {
        var body = JsonMapper.shared().writeValueAsString(Map.of(singular, attributes));
        return api("/v2.0/" + collection, "--json", body).get(singular);
    }

    private Server plugged(String name, JsonNode port) {
        var server = lab.server(name).withMac(Mac.parse(port.get("mac_address").asString()));
        server.plug(solo, port.get("id").asString());
        server.address(address(port), 24);
        return server;
    }

    private static Ipv4 address(JsonNode port) {
        return Ipv4.parse(port.at("/fixed_ips/0/ip_address").asString());
    }

    @Test
    void twoServersReachEachOtherAndItsRestartLosesNeitherPacketsNorPorts() {
        var network =
                create("networks", "network", Map.of("name", "blue")).get("id").asString();
        create("subnets", "subnet", Map.of("network_id", network, "ip_version", 4, "cidr", "10.3.0.0/24"));
        var port = Map.of("network_id", network, "binding:host_id", "solo");
        var ports = List.of(create("ports", "port", port), create("ports", "port", port));
        var alice = plugged("alice", ports.getFirst());
        plugged("bob", ports.getLast());
        var bob = address(ports.getLast());
        Wait.until("alice to reach bob", SOON, () -> alice.ping(bob, 1, FAST).allAnswered());
        try (var pinging = alice.pingContinuously(bob, FAST)) {
            pinging.awaitAnswers(AROUND, SOON);
            all.kill();
            pinging.awaitAnswers(AROUND, SOON);
            all = started();
            Wait.until("the chassis to be on the feed again", SOON, this::isConnected);
            pinging.awaitAnswers(AROUND, SOON);
            assertThat(pinging.stop()).returns(0, Pings::lost);
        }
        assertThat(api("/v2.0/ports?status=ACTIVE").get("ports")).hasSize(2);
    }

    private boolean isConnected() {
        return api("/dragonflow/v1/chassis").at("/chassis/0/connected").asBoolean();
    }
}

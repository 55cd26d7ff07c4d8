package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dragonflow.it.demo.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * The demo as a newcomer sees it: server and agents as programs of their own, real switches, real DHCP clients, mutual TLS; among its steps
 * the restart of an agent under a hundred pings a second, of which none may be lost.
 */
class DemoTest {
    /** Provider network, both models of SNAT, floating IP, metadata, trunk. */
    private static final List<String> PROMISED = List.of(
            "each server asks 169.254.169.254 who it is",
            "an operator makes a provider network of the VLAN",
            "ping on the provider network: erin -> provider",
            "ping on the provider network: provider -> erin",
            "SNAT by the router's address: alice, carol",
            "bob gets a floating IP",
            "SNAT by the hypervisors' own addresses",
            "a container in alice joins red by VLAN 101");

    @Test
    void everyStepGoesWellOnRealSwitches(@TempDir Path directory) throws IOException {
        var file = directory.resolve("out.json");
        int status = Demo.run("--once", "--json", file.toString());
        var steps = JsonMapper.shared().readTree(Files.readString(file)).get("steps");
        assertThat(steps.valueStream()
                        .filter(step -> !step.get("ok").asBoolean())
                        .map(Object::toString))
                .isEmpty();
        assertThat(steps.valueStream().map(step -> step.get("name").asString())).containsAll(PROMISED);
        assertThat(status).isZero();
    }
}

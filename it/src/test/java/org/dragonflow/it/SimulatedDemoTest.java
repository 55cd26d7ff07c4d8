package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.dragonflow.it.demo.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo on switches in memory: every step goes well, and the file says so. */
class SimulatedDemoTest {
    @Test
    void everyStepGoesWell(@TempDir Path directory) throws java.io.IOException {
        var file = directory.resolve("out.json");
        assertThat(Demo.run("--simulated", "--json", file.toString())).isZero();
        var outcome = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(outcome.get("ok").asBoolean()).isTrue();
        assertThat(outcome.get("steps").valueStream().map(step -> step.get("ok").asBoolean()))
                .hasSizeGreaterThan(20)
                .containsOnly(true);
        assertThat(outcome.get("steps")
                        .valueStream()
                        .map(step -> step.get("name").asString()))
                .contains("each server asks 169.254.169.254 who it is", "a container in alice joins red by VLAN 101")
                .as("there is no wire")
                .noneMatch(name -> name.contains("SNAT") || name.contains("floating") || name.contains("provider"));
        assertThat(outcome.get("steps").valueStream().map(JsonNode::propertyNames))
                .allSatisfy(names -> assertThat(names).containsExactly("name", "ok", "ms", "detail"));
    }

    @Test
    void wrongUsageIsToldApart() {
        assertThat(Demo.run("--sideways")).isEqualTo(2);
    }
}

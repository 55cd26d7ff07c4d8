package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dragonflow.it.demo.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * The demo as a newcomer sees it: server and agents as programs of their own, real switches, real DHCP clients, mutual TLS; among its steps
 * the restart of an agent under a hundred pings a second, of which none may be lost.
 */
class DemoTest {
    @Test
    void everyStepGoesWellOnRealSwitches(@TempDir Path directory) throws IOException {
        var file = directory.resolve("out.json");
        int status = Demo.run("--once", "--json", file.toString());
        var steps = JsonMapper.shared().readTree(Files.readString(file)).get("steps");
        assertThat(steps.valueStream()
                        .filter(step -> !step.get("ok").asBoolean())
                        .map(Object::toString))
                .isEmpty();
        assertThat(steps).hasSizeGreaterThan(20);
        assertThat(status).isZero();
    }
}

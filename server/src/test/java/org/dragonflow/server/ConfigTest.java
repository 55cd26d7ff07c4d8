package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
    @Test
    void flagsWinOverTheEnvironmentAndThatOverTheFile(@TempDir Path directory) throws IOException {
        var file = Files.writeString(
                directory.resolve("server.properties"), "api.port=1\nquota.port=7\nstore.path=a.db\n");
        var config = Config.read(
                Optional.of(file),
                Map.of("DRAGONFLOW_API_PORT", "2", "DRAGONFLOW_QUOTA_PORT", "8", "HOME", "/"),
                List.of("--api.port=3"));
        assertThat(config.api().port()).isEqualTo(3);
        assertThat(config.quota().port()).isEqualTo(8);
        assertThat(config.store().path()).isEqualTo("a.db");
        assertThat(config.quota().network()).isEqualTo(100);
    }

    @Test
    void anUnknownOrMalformedSettingIsNamed() {
        assertThatThrownBy(() -> Config.read(Optional.empty(), Map.of(), List.of("--api.prot=3")))
                .hasMessageContaining("'api.prot'");
        assertThatThrownBy(() -> Config.read(Optional.empty(), Map.of(), List.of("--api.port=70000")))
                .hasMessageContaining("api.port is a number from 0 to 65535");
        assertThatThrownBy(() -> Config.read(Optional.empty(), Map.of(), List.of("--api.trust-everybody=maybe")))
                .hasMessageContaining("api.trust-everybody");
    }

    @Test
    void anOpenServerDoesNotListenWhereOthersReachIt() {
        assertThatThrownBy(
                        () -> Server.start(Config.read(Optional.empty(), Map.of(), List.of("--api.address=0.0.0.0"))))
                .hasMessageContaining("api.trust-everybody");
    }
}

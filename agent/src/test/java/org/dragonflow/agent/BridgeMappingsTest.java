package org.dragonflow.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BridgeMappingsTest {
    @Test
    void mappingsAreWrittenAsOvnAndNeutronWriteThem() {
        assertThat(BridgeMappings.parse("physnet1:br-ex, physnet2:eth1,").targets())
                .isEqualTo(Map.of("physnet1", "br-ex", "physnet2", "eth1"));
        assertThat(BridgeMappings.parse("")).isEqualTo(BridgeMappings.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "physnet1",
                "physnet1:",
                ":br-ex",
                "physnet1:br-ex,physnet1:br-two",
                "physnet1:br-ex,physnet2:br-ex",
                "physnet1:a-name-of-16-let",
                "physnet1:a/b"
            })
    void whatCannotBeIsRefused(String text) {
        assertThatThrownBy(() -> BridgeMappings.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}

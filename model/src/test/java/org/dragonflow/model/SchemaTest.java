package org.dragonflow.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchemaTest {
    private static final String NETWORK = "8b8ab1e1-7a5c-4f6e-9a1b-0c9d8e7f6a5b";

    @Test
    void everyNorthboundTypeIsDeclaredWithoutFault() {
        assertThat(Schemas.all()).isNotEmpty();
    }

    @Test
    void aPortThatIsAskedForHasWhatItsClientSaidAndWhatIsSoOtherwise() {
        var created = Schema.of(Port.class)
                .create(
                        Map.of(
                                "network_id",
                                NETWORK,
                                "admin_state_up",
                                "0",
                                "fixed_ips",
                                List.of(Map.of("ip_address", "10.0.0.5"))),
                        Access.Writer.CLIENT)
                .orThrow();
        assertThat(created)
                .containsEntry("network_id", Id.of(Network.class, NETWORK))
                .containsEntry("admin_state_up", false)
                .containsEntry("name", "")
                .doesNotContainKeys("mac_address", "id", "project_id");
    }

    @Test
    void everythingWrongWithARequestIsToldAtOnce() {
        var bad = (Decoded.Bad<?>) Schema.of(Port.class)
                .create(
                        Map.of(
                                "mac_address",
                                "nope",
                                "colour",
                                1,
                                "status",
                                "ACTIVE",
                                "binding:host_id",
                                "hv1",
                                "fixed_ips",
                                List.of(Map.of("ip_address", "10.0.0"))),
                        Access.Writer.CLIENT);
        assertThat(bad.problems())
                .extracting(Problem::text)
                .containsExactlyInAnyOrder(
                        "Failed to parse request. Required attribute 'network_id' not specified",
                        "Invalid input for mac_address. Reason: 'nope' is not a valid MAC address.",
                        "Attribute 'status' not allowed in POST",
                        "(rule:create_port:binding:host_id) is disallowed by policy",
                        "Unrecognized attribute(s) 'colour'",
                        "Invalid input for fixed_ips[0].ip_address. Reason: '10.0.0' is not a valid IP address.");
    }
}

package org.dragonflow.agent.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import org.dragonflow.address.IpAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tenants write into their subnets must not lead into the host's own networks. */
class UpstreamTest {
    @ParameterizedTest
    @ValueSource(strings = {"9.9.9.9", "100.63.0.1", "172.32.0.1", "2620:fe::fe"})
    void anAddressOfThePublicInternetMayBeAsked(String address) {
        assertThat(Upstream.isPublic(IpAddress.parse(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "127.0.0.1",
                "0.0.0.0",
                "169.254.169.254",
                "172.16.0.1",
                "192.168.1.1",
                "100.64.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "fe80::1",
                "fd00::1",
                "ff02::1",
                "::ffff:10.0.0.1"
            })
    void anAddressOfAPrivateNetworkMayNot(String address) {
        assertThat(Upstream.isPublic(IpAddress.parse(address))).isFalse();
    }
}

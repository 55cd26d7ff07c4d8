package org.dragonflow.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "::, ::",
        "::1, ::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:DB8::, 2001:db8::",
        "::ffff:10.0.0.1, ::ffff:a00:1",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3"
    })
    void anIpv6AddressPrintsAsRfc5952Says(String text, String canonical) {
        assertThat(Ipv6.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "g::",
                "fe80::1%eth0",
                "12345::",
                "::1.2.3",
                "1.2.3.4::",
                ":1::2"
            })
    void whatIsNoIpv6AddressIsRefused(String text) {
        assertThatThrownBy(() -> Ipv6.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.-4", "a.b.c.d", "1.2.3.4 "})
    void whatIsNoIpv4AddressIsRefused(String text) {
        assertThatThrownBy(() -> Ipv4.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anyIpv6AddressSurvivesItsText() throws UnknownHostException {
        var random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            var address = new Ipv6(random.nextLong() & sparse(random), random.nextLong() & sparse(random));
            assertThat(Ipv6.parse(address.toString())).isEqualTo(address);
            assertThat(Ipv6.of(InetAddress.getByName(address.toString() + "%0").getAddress()))
                    .isEqualTo(address);
        }
    }

    private static long sparse(Random random) {
        return random.nextBoolean() ? -1L : 0xffff_0000_0000_ffffL;
    }

    @Test
    void additionCarriesAcrossTheHalvesOfAnIpv6Address() {
        assertThat(Ipv6.parse("2001:db8::ffff:ffff:ffff:ffff").plus(1)).isEqualTo(Ipv6.parse("2001:db8:0:1::"));
        assertThat(Ipv6.parse("2001:db8:0:1::").plus(-1)).isEqualTo(Ipv6.parse("2001:db8::ffff:ffff:ffff:ffff"));
        assertThat(Ipv4.parse("10.0.0.255").plus(1)).isEqualTo(Ipv4.parse("10.0.1.0"));
    }

    @Test
    void aPrefixHoldsItsFirstAndLastAddressAndNoneBeyond() {
        var block = IpPrefix.parse("10.1.2.0/23");
        assertThat(block.contains(block.first())).isTrue();
        assertThat(block.contains(block.last())).isTrue();
        assertThat(block.contains(block.last().plus(1))).isFalse();
        assertThat(block.contains(block.first().plus(-1))).isFalse();
        assertThat(block.contains(Ipv6.parse("::10.1.2.0"))).isFalse();
    }

    @Test
    void blocksOverlapWhenOneHoldsTheOther() {
        assertThat(IpPrefix.parse("10.0.0.0/8").overlaps(IpPrefix.parse("10.9.0.0/16")))
                .isTrue();
        assertThat(IpPrefix.parse("10.9.0.0/16").overlaps(IpPrefix.parse("10.0.0.0/8")))
                .isTrue();
        assertThat(IpPrefix.parse("10.9.0.0/16").overlaps(IpPrefix.parse("10.8.0.0/16")))
                .isFalse();
        assertThat(IpPrefix.parse("::/0").overlaps(IpPrefix.parse("0.0.0.0/0"))).isFalse();
    }

    @Test
    void aPrefixWithBitsPastItsLengthIsRefusedWithTheOneThatWasMeant() {
        assertThatThrownBy(() -> IpPrefix.parse("10.0.0.1/24")).hasMessageContaining("10.0.0.0/24");
        assertThat(IpPrefix.parseLoosely("10.0.0.1/24")).hasToString("10.0.0.0/24");
        assertThat(IpPrefix.parseLoosely("10.0.0.1")).hasToString("10.0.0.1/32");
    }

    @Test
    void aHostFormsItsLinkLocalAddressFromItsMac() {
        assertThat(Mac.parse("FA-16-3e-00-00-01").linkLocal()).hasToString("fe80::f816:3eff:fe00:1");
        assertThat(Mac.parse("fa:16:3e:00:00:01")).hasToString("fa:16:3e:00:00:01");
        assertThat(Ipv6.parse("2001:db8::1:800:200e:8c6c").solicitedNode()).hasToString("ff02::1:ff0e:8c6c");
        assertThat(Ipv6.ALL_NODES.multicastMac()).hasToString("33:33:00:00:00:01");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fa:16:3e:00:00", "fa:16:3e:00:00:0g", "fa:16:3e:00:00:001", "fa163e000001"})
    void whatIsNoMacAddressIsRefused(String text) {
        assertThatThrownBy(() -> Mac.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}

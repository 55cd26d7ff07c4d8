package org.dragonflow.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;
import org.junit.jupiter.api.Test;

/** What can be written for a packet, and what is said to those who write something else. */
class ProbeTest {
    @Test
    void addressesAndPortsOfBothFamiliesAreRead() {
        var v4 = Probe.parse("tcp to 10.0.0.5:80 from 10.0.0.6:1234 ttl 3");
        assertThat(v4.target()).contains(IpAddress.parse("10.0.0.5"));
        assertThat(v4.port()).contains(80);
        assertThat(v4.source()).contains(IpAddress.parse("10.0.0.6"));
        assertThat(v4.sourcePort()).contains(1234);
        assertThat(v4.ttl()).contains(3);
        var v6 = Probe.parse("UDP to [2001:DB8::5]:53  from-mac 02:00:00:00:00:0a");
        assertThat(v6.target()).contains(IpAddress.parse("2001:db8::5"));
        assertThat(v6.port()).contains(53);
        assertThat(v6.sourceMac()).contains(Mac.parse("02:00:00:00:00:0a"));
        assertThat(Probe.parse("icmp to 2001:db8::5").target()).contains(IpAddress.parse("2001:db8::5"));
    }

    @Test
    void questionsNeedNoMoreThanWhatTheyAskFor() {
        assertThat(Probe.parse("arp who-has 10.0.0.1").kind()).isEqualTo(Probe.Kind.ARP);
        assertThat(Probe.parse("nd who-has fe80::1").target()).contains(IpAddress.parse("fe80::1"));
        assertThat(Probe.parse("dhcp").target()).isEqualTo(Optional.empty());
        assertThat(Probe.parse("dhcp6").kind()).isEqualTo(Probe.Kind.DHCP6);
        assertThat(Probe.parse("rs from fe80::1").source()).contains(IpAddress.parse("fe80::1"));
    }

    @Test
    void whatIsNoPacketIsRefusedWithWhatWouldBe() {
        for (var text : List.of("", "gre to 10.0.0.5", "icmp", "icmp 10.0.0.5", "icmp to", "tcp to 10.0.0.5 port")) {
            assertThatIllegalArgumentException().as(text).isThrownBy(() -> Probe.parse(text));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Probe.parse("tcp to 10.0.0.5"))
                .withMessage("tcp needs an address and a port: tcp to 10.0.0.5:80");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Probe.parse("arp who-has fe80::1"))
                .withMessage("arp does not ask for fe80::1; nd does");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Probe.parse("tcp to 10.0.0.5:70000"))
                .withMessage("a port is a number from 0 to 65535, and not '70000'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Probe.parse("icmp to 10.0.0.5 from fe80::1"))
                .withMessage("fe80::1 and 10.0.0.5 are not of one version of IP");
        assertThatIllegalArgumentException().isThrownBy(() -> Probe.parse("dhcp to 10.0.0.5"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Probe.parse("rs from 10.0.0.5"))
                .withMessage("rs is a matter of IPv6");
    }
}

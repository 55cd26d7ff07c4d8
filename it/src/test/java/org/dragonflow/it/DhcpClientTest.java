package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real DHCP client against a real DHCP server, across a switch that forwards like a plain one. */
class DhcpClientTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    private Lab lab;
    private Server client;
    private Running dnsmasq;

    @BeforeEach
    void serve() {
        lab = Lab.open("dhcptest");
        var chassis = lab.chassis("hv1");
        chassis.ovsOfctl("add-flow", "br-int", "actions=normal");
        var server = lab.server("dhcp");
        server.plug(chassis, "dhcp-port");
        server.address(Ipv4.parse("10.1.0.1"), 24);
        dnsmasq = server.start(
                Command.of("dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=0", "--log-dhcp", "--user=root")
                        .and("--interface=eth0", "--bind-interfaces", "--no-ping")
                        .and("--dhcp-leasefile=" + server.directory().resolve("leases"))
                        .and("--pid-file=" + server.directory().resolve("pid"))
                        .and("--dhcp-range=10.1.0.10,10.1.0.20,255.255.255.0,1h")
                        .and(
                                "--dhcp-option=option:router,10.1.0.1",
                                "--dhcp-option=option:dns-server,10.1.0.2,10.1.0.3")
                        .and("--dhcp-option=option:domain-name,lab.example", "--dhcp-option=option:mtu,1400")
                        .and("--dhcp-option=121,0.0.0.0/0,10.1.0.1,192.0.2.0/24,10.1.0.9"),
                server.directory().resolve("dnsmasq.log"));
        dnsmasq.awaitLine("DHCP, IP range", SOON);
        client = lab.server("client");
        client.plug(chassis, "client-port");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aLeaseIsTakenKeptRenewedAndGivenBack() {
        try (var dhcp = client.dhcp()) {
            var lease = dhcp.start(SOON);
            assertThat(lease.subnet()).isEqualTo(IpPrefix.parse("10.1.0.0/24"));
            assertThat(lease.server()).isEqualTo(Ipv4.parse("10.1.0.1"));
            assertThat(lease.routers()).containsExactly(Ipv4.parse("10.1.0.1"));
            assertThat(lease.nameServers()).containsExactly(Ipv4.parse("10.1.0.2"), Ipv4.parse("10.1.0.3"));
            assertThat(lease.domain()).contains("lab.example");
            assertThat(lease.mtu()).hasValue(1400);
            assertThat(lease.time()).isEqualTo(Duration.ofHours(1));
            assertThat(lease.routes())
                    .contains(new Lease.Route(IpPrefix.parse("192.0.2.0/24"), Ipv4.parse("10.1.0.9")));
            assertThat(client.space().ip("-4", "addr", "show", "eth0"))
                    .contains(lease.address() + "/24")
                    .contains("mtu 1400");
            assertThat(client.space().ip("route"))
                    .contains("default via 10.1.0.1")
                    .contains("192.0.2.0/24 via 10.1.0.9");
            assertThat(dhcp.resolver())
                    .containsExactly("search lab.example", "nameserver 10.1.0.2", "nameserver 10.1.0.3");
            assertThat(client.ping(Ipv4.parse("10.1.0.1"), 3, Duration.ofMillis(10))
                            .allAnswered())
                    .isTrue();

            assertThat(dhcp.renewingAfter(Duration.ofSeconds(1)).reboot(SOON).address())
                    .isEqualTo(lease.address());
            dhcp.awaitRenewal(SOON);
            assertThat(dhcp.events()).contains("REBOOT", "RENEW");

            dhcp.release();
            dnsmasq.awaitLine("DHCPRELEASE", SOON);
            assertThat(client.space().ip("-4", "addr", "show", "eth0")).doesNotContain("inet ");
            assertThat(dhcp.lease()).isEmpty();
        }
    }

    @Test
    void aDeclinedAddressIsNotTaken() {
        try (var dhcp = client.dhcp()) {
            dhcp.declineNext();
            dhcp.start(Duration.ofSeconds(30));
            assertThat(dhcp.events()).startsWith("PREINIT", "DECLINE").contains("BOUND");
            await().atMost(SOON).until(() -> dnsmasq.printed().contains("DHCPDECLINE"));
        }
    }
}

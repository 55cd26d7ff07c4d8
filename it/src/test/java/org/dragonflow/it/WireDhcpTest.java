package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A provider network on which a machine on the wire hands out the addresses, and servers whose security group lets nothing in. */
class WireDhcpTest {
    private static final IpPrefix BLOCK = IpPrefix.parse("198.51.100.0/24");
    private static final IpAddress PROVIDER = BLOCK.first().plus(1);
    private static final Duration FAST = Duration.ofMillis(10);
    private static final int VLAN = 300;

    private static Cloud cloud;
    private static Tenant tenant;
    private static Outsider world;
    private static Network wired;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("wiredhcp", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.lab().chassis("hv1").wire("physnet1");
        world = cloud.lab().outsider("world", "physnet1");
        world.address(world.vlan(VLAN), PROVIDER, BLOCK.length());
        cloud.startChassis("hv1");
        var network = Rest.id(cloud.api()
                .create(
                        "networks",
                        "network",
                        Map.of(
                                "provider:network_type",
                                "vlan",
                                "provider:segmentation_id",
                                VLAN,
                                "provider:physical_network",
                                "physnet1")));
        wired = tenant.subnet(network, BLOCK.toString(), Map.of("enable_dhcp", false));
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static Machine machine(String name) {
        return tenant.unaddressed(name, "hv1", tenant.port(wired, "hv1", Map.of()));
    }

    private static Running serving(Machine... machines) {
        var files = cloud.lab().directory("world");
        var command = Command.of("dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=0", "--user=root")
                .and("--interface=" + world.vlan(VLAN), "--bind-interfaces", "--log-dhcp")
                .and("--pid-file=" + files.resolve("dnsmasq.pid"))
                .and("--dhcp-leasefile=" + files.resolve("dnsmasq.leases"))
                .and("--dhcp-range=%s,static".formatted(BLOCK.first()));
        for (var machine : machines) {
            command = command.and("--dhcp-host=%s,%s".formatted(machine.server().mac(), machine.address()));
        }
        var dnsmasq = world.space().start(command, files.resolve("dnsmasq.log"));
        dnsmasq.awaitLine("static leases only", SOON);
        return dnsmasq;
    }

    @Test
    void serversGetTheAddressesThatAMachineOnTheWireHandsOutAlsoWhileTheAgentIsAway() {
        var alice = machine("alice");
        var late = machine("late");
        tenant.awaitActive(alice, late);
        try (var dnsmasq = serving(alice, late);
                var first = alice.server().dhcp();
                var second = late.server().dhcp()) {
            assertThat(first.start(SOON).address()).isEqualTo(alice.address());
            Tenant.awaitPing(alice, PROVIDER);
            assertThat(world.ping(alice.address(), 3, FAST).received())
                    .as("what else comes unasked")
                    .isZero();
            try (var pinging = alice.server().pingContinuously(PROVIDER, FAST)) {
                Restart.losesNothing(
                        cloud.agent("hv1"),
                        () -> assertThat(second.start(SOON).address()).isEqualTo(late.address()),
                        pinging);
            }
            assertThat(cloud.agent("hv1").flowMods()).isZero();
            assertThat(dnsmasq.printed()).contains("DHCPACK");
        }
    }
}

package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * IPv6 on networks of a wire, as hosts see it who are told by their chassis: on one they form their addresses (SLAAC), on the other they ask for
 * them (stateful DHCPv6), and a router of the cloud joins the two. Of each wire there is a machine outside.
 */
class WireIpv6Test {
    private static final Duration FAST = Duration.ofMillis(10);

    /** Clients of DHCPv6 that are not answered wait twice as long each time before they ask again (RFC 8415, section 15). */
    private static final Duration ASKED_AGAIN = Duration.ofSeconds(60);

    private static Cloud cloud;
    private static Tenant tenant;
    private static Outsider world;
    private static Outsider other;
    private static String open;

    /** What the two networks have of the wires. */
    enum On {
        VLAN("fd00:100::/64", "fd00:200::/64"),
        FLAT("fd00:1::/64", "fd00:2::/64");

        private final String formed;
        private final String leased;

        On(String formed, String leased) {
            this.formed = formed;
            this.leased = leased;
        }

        private Wired formed() {
            return switch (this) {
                case VLAN -> wired(formed, "slaac", vlan(100), world, world.vlan(100));
                case FLAT -> wired(formed, "slaac", flat("physnet1"), world, world.untagged());
            };
        }

        private Wired leased() {
            return switch (this) {
                case VLAN -> wired(leased, "dhcpv6-stateful", vlan(200), world, world.vlan(200));
                case FLAT -> wired(leased, "dhcpv6-stateful", flat("physnet2"), other, other.untagged());
            };
        }

        String name(String machine) {
            return machine + name().toLowerCase(Locale.ROOT);
        }
    }

    /** A network of a wire, and who else is on it, at an address that the cloud knows nothing of. */
    private record Wired(Network network, Outsider neighbour, IpAddress outside) {
        Machine boot(String name, String chassis) {
            cloud.lab().server(name).withMtu(1500).withRouterAdvertisements();
            var port = tenant.port(network, chassis, Map.of("security_groups", List.of(open)));
            var machine = tenant.unaddressed(name, chassis, port);
            tenant.awaitActive(machine);
            return machine;
        }

        /** Of all that its neighbour has seen, nothing tells hosts of addresses or of routers. */
        void assertToldNobody(Capture wire, Machine machine) {
            // What was sent before this has been heard, if it was to be heard at all.
            assertThat(machine.pings(outside)).isTrue();
            Wait.until(
                    "the ping on the wire",
                    SOON,
                    () -> wire.lines().stream().anyMatch(line -> line.contains(machine.address() + " > " + outside)));
            assertThat(wire.lines()).noneMatch(line -> line.contains("router advertisement") || line.contains("dhcp6"));
        }
    }

    private static Map<String, Object> vlan(int number) {
        var carrier = new HashMap<>(flat("physnet1"));
        carrier.putAll(Map.of("provider:network_type", "vlan", "provider:segmentation_id", number));
        return carrier;
    }

    private static Map<String, Object> flat(String physicalNetwork) {
        return Map.of("provider:network_type", "flat", "provider:physical_network", physicalNetwork);
    }

    private static Wired wired(String block, String mode, Map<String, ?> carrier, Outsider neighbour, String device) {
        var modes = Map.of("ipv6_ra_mode", mode, "ipv6_address_mode", mode);
        var network = tenant.subnet(Rest.id(cloud.api().create("networks", "network", carrier)), block, modes);
        var outside = network.block().first().plus(0xffff);
        neighbour.address(device, outside, network.block().length());
        return new Wired(network, neighbour, outside);
    }

    @BeforeAll
    static void start() {
        cloud = Cloud.open("wireipv6", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        for (var chassis : List.of("hv1", "hv2")) {
            cloud.lab().chassis(chassis).wire("physnet1");
            cloud.lab().chassis(chassis).wire("physnet2");
        }
        world = cloud.lab().outsider("world", "physnet1");
        other = cloud.lab().outsider("other", "physnet2");
        cloud.startChassis("hv1", "hv2");
        open = tenant.openGroup();
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    @ParameterizedTest
    @EnumSource
    void hostsComeByTheirAddressesAlsoWhileTheAgentIsKilledAndStartedAndTheWireHearsNothingOfIt(On on) {
        var formed = on.formed();
        var leased = on.leased();
        tenant.router(formed.network(), leased.network());
        try (var formedWire = formed.neighbour().capture();
                var leasedWire = leased.neighbour().capture()) {
            var alice = formed.boot(on.name("alice"), "hv1");
            var carol = formed.boot(on.name("carol"), "hv2");
            var erin = leased.boot(on.name("erin"), "hv1");
            var late = leased.boot(on.name("late"), "hv1");
            for (var machine : List.of(alice, carol)) {
                awaitFormed(machine);
                reachEachOther(machine, formed);
            }
            assertThat(alice.server().solicitRouter())
                    .contains("from fe80::")
                    .containsPattern("Prefix +: " + formed.network().block())
                    .containsPattern("MTU +: +1500");
            try (var client = erin.server().dhcp6();
                    var lateClient = late.server().dhcp6();
                    var advertised = alice.server().capture("icmp6 and ip6[40] == 134")) {
                assertThat(client.start(SOON))
                        .containsEntry("ip6_address", erin.address().toString());
                reachEachOther(erin, leased);
                Tenant.awaitPing(erin, carol.address());
                restart(alice, erin, formed.outside(), lateClient);
                assertThat(advertised.await(1, SOON)).as("unasked").isNotEmpty();
                assertThat(lateClient.awaitLease(ASKED_AGAIN))
                        .containsEntry("ip6_address", late.address().toString());
                reachEachOther(late, leased);
            }
            awaitFormed(formed.boot(on.name("dave"), "hv1"));
            formed.assertToldNobody(formedWire, alice);
            leased.assertToldNobody(leasedWire, erin);
        }
    }

    private static void awaitFormed(Machine machine) {
        Wait.until(
                "the address of " + machine.server().name(),
                SOON,
                () -> machine.server().addresses6().contains(machine.address() + "/64"));
    }

    /** The host, the machine outside and the host's router, of which it has been told. */
    private static void reachEachOther(Machine machine, Wired wired) {
        Wait.until(
                "a router of " + machine.server().name(),
                SOON,
                () -> machine.server().defaultRoute6().isPresent());
        Tenant.awaitPing(machine, wired.network().gateway());
        Tenant.awaitPing(machine, wired.outside());
        assertThat(wired.neighbour().ping(machine.address(), 3, FAST).allAnswered())
                .isTrue();
    }

    /** Of two who have their addresses, while another asks for hers. */
    private static void restart(Machine alice, Machine erin, IpAddress outside, Dhcp6Client asking) {
        try (var switched = alice.server().pingContinuously(outside, FAST);
                var routed = erin.server().pingContinuously(alice.address(), FAST)) {
            Restart.losesNothing(cloud.agent("hv1"), asking::ask, switched, routed);
        }
        assertThat(cloud.agent("hv1").flowMods()).isZero();
    }
}

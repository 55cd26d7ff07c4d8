package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Networks on a wire that others are on too: hv1 and hv2 are connected to physnet1, and so is a machine of which the cloud knows nothing. One
 * network has VLAN 100 of it, the other the frames without a tag; each has a server on either chassis.
 */
class ProviderNetworkTest {
    private static final Duration FAST = Duration.ofMillis(10);
    private static final int AROUND = 50;
    private static final int WEB = 80;
    private static final int WHOLE = 1472;

    private static Cloud cloud;
    private static Tenant tenant;
    private static Link cable;
    private static Outsider world;

    /** A network of the wire. */
    enum On {
        VLAN("203.0.113.0/24", "fd00:100::/64"),
        FLAT("198.51.100.0/24", "fd00:1::/64");

        private final String block4;
        private final String block6;

        On(String block4, String block6) {
            this.block4 = block4;
            this.block6 = block6;
        }

        /** As its operator makes it. */
        Map<String, ?> carrier() {
            return switch (this) {
                case VLAN ->
                    Map.of(
                            "provider:network_type",
                            "vlan",
                            "provider:segmentation_id",
                            100,
                            "provider:physical_network",
                            "physnet1");
                case FLAT -> Map.of("provider:network_type", "flat", "provider:physical_network", "physnet1");
            };
        }

        /** The one who is outside. */
        List<IpAddress> outside() {
            return List.of(address(block4, 200), address(block6, 200));
        }
    }

    private record Host(Machine machine, IpAddress ipv6) {
        List<IpAddress> addresses() {
            return List.of(machine.address(), ipv6);
        }

        boolean pings(IpAddress target) {
            return machine.pings(target);
        }

        Server server() {
            return machine.server();
        }
    }

    private static Map<On, Host> near;
    private static Map<On, Host> far;
    private static Map<On, Network> networks;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("provider", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        cable = cloud.lab().chassis("hv1").wire("physnet1");
        cloud.lab().chassis("hv2").wire("physnet1");
        world = cloud.lab().outsider("world", "physnet1");
        cloud.startChassis("hv1", "hv2");
        Wait.until("both chassis to be connected", SOON, () -> isUp("hv1") && isUp("hv2"));
        var open = tenant.group("open");
        for (var protocol : List.of("icmp", "tcp")) {
            tenant.allow(open, Map.of("protocol", protocol));
        }
        for (var protocol : List.of("ipv6-icmp", "tcp")) {
            tenant.allow(open, Map.of("protocol", protocol, "ethertype", "IPv6"));
        }
        networks = Map.of(On.VLAN, network(On.VLAN), On.FLAT, network(On.FLAT));
        near = Map.of(On.VLAN, host("alice", On.VLAN, "hv1", open), On.FLAT, host("carol", On.FLAT, "hv1", open));
        far = Map.of(On.VLAN, host("bob", On.VLAN, "hv2", open), On.FLAT, host("dave", On.FLAT, "hv2", open));
        for (var on : On.values()) {
            var device = on == On.VLAN ? world.vlan(100) : world.untagged();
            on.outside().forEach(address -> world.address(device, address, length(address)));
            tenant.awaitActive(near(on).machine(), far(on).machine());
        }
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static IpAddress address(String block, int number) {
        return IpPrefix.parse(block).first().plus(number);
    }

    private static int length(IpAddress address) {
        return address.version() == 4 ? 24 : 64;
    }

    private static Network network(On on) {
        var network = tenant.network(on.name(), on.block4, on.carrier());
        tenant.subnet(network.id(), on.block6, Map.of());
        return network;
    }

    private static Host host(String name, On on, String chassis, String group) {
        cloud.lab().server(name).withMtu(1500);
        var network = Objects.requireNonNull(networks.get(on));
        var port = tenant.port(network, chassis, Map.of("security_groups", List.of(group)));
        var machine = tenant.plug(name, network, chassis, port);
        var ipv6 =
                IpAddress.parse(port.get("fixed_ips").get(1).get("ip_address").asString());
        machine.server().address(ipv6, 64);
        return new Host(machine, ipv6);
    }

    private static Host near(On on) {
        return Objects.requireNonNull(near.get(on));
    }

    private static Host far(On on) {
        return Objects.requireNonNull(far.get(on));
    }

    private static boolean isUp(String chassis) {
        var uplinks = cloud.api()
                .get("/dragonflow/v1/chassis/" + chassis)
                .path("chassis")
                .path("uplinks");
        return uplinks.path(0).path("physical_network").asString("").equals("physnet1")
                && uplinks.path(0).path("up").asBoolean(false);
    }

    private static void awaitOutside(On on) {
        for (var address : on.outside()) {
            Wait.until("ping to " + address, SOON, () -> near(on).pings(address));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerAndAMachineOnTheWireReachEachOther(On on) {
        awaitOutside(on);
        var here = near(on);
        for (int family = 0; family < 2; family++) {
            var inside = here.addresses().get(family);
            var outside = on.outside().get(family);
            assertThat(world.ping(inside, 3, FAST).allAnswered()).isTrue();
            try (var _ = here.server().listenTcp(WEB);
                    var conversation = world.converse(inside, WEB, SOON)) {
                assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
            }
            try (var _ = world.listenTcp(WEB);
                    var conversation = here.server().converse(outside, WEB, SOON)) {
                assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void serversOfTwoChassisMeetOnTheWireAndInNoTunnel(On on) {
        var bridge = cloud.lab().chassis("hv1");
        var log = cloud.lab().directory("capture");
        try (var wire = Capture.start(
                        bridge.space(),
                        "to-physnet1",
                        log.resolve(on + "-wire.log"),
                        on == On.VLAN ? "vlan 100 and icmp" : "icmp");
                var tunnels = Capture.start(
                        bridge.space(), "uplink", log.resolve(on + "-tunnels.log"), "udp port 6081 or udp port 4789")) {
            for (var address : far(on).addresses()) {
                Wait.until("ping to " + address, SOON, () -> near(on).pings(address));
            }
            var frames = wire.await(6, SOON);
            assertThat(frames)
                    .allSatisfy(frame ->
                            assertThat(frame.contains("vlan 100,")).as(frame).isEqualTo(on == On.VLAN));
            assertThat(tunnels.lines()).isEmpty();
        }
    }

    @Test
    void dhcpIsAnsweredOnTheChassisAlsoAfterARestartAndNotHeardOnTheWire() {
        var network = Objects.requireNonNull(networks.get(On.VLAN));
        // Less than what the wire takes, so that it is DHCP which says more.
        cloud.lab().server("erin").withMtu(1400);
        var erin = tenant.unaddressed("erin", "hv1", tenant.port(network, "hv1", Map.of()));
        cloud.lab().server("kate").withMtu(1400);
        var kate = tenant.unaddressed("kate", "hv1", tenant.port(network, "hv1", Map.of()));
        tenant.awaitActive(erin, kate);
        assertThat(card(erin)).contains("mtu 1400");
        assertThat(card(kate)).contains("mtu 1400");
        try (var wire = world.capture();
                var dhcp = erin.server().dhcp();
                var late = kate.server().dhcp()) {
            assertThat(dhcp.start(SOON).address()).isEqualTo(erin.address());
            assertThat(card(erin)).contains("mtu 1500");
            Wait.until("ping", SOON, () -> erin.pings(On.VLAN.outside().getFirst()));
            try (var pinging = erin.server().pingContinuously(On.VLAN.outside().getFirst(), FAST)) {
                Restart.losesNothing(cloud.agent("hv1"), late::ask, pinging);
            }
            assertThat(late.awaitLease(SOON).address()).isEqualTo(kate.address());
            assertThat(card(kate)).contains("mtu 1500");
            // What was sent before the ping has been heard, if it was to be heard at all.
            awaitHeard(wire, erin.address());
            assertThat(wire.lines()).noneMatch(line -> line.contains("BOOTP"));
        }
    }

    private static String card(Machine machine) {
        return machine.server().space().ip("link", "show", "eth0");
    }

    private static void awaitHeard(Capture wire, IpAddress source) {
        Wait.until(
                "a packet from " + source,
                SOON,
                () -> wire.lines().stream().anyMatch(line -> line.contains(source + " > ")));
    }

    @ParameterizedTest
    @EnumSource
    void aServerSpeaksForNoOtherAddressOnTheWireEither(On on) {
        awaitOutside(on);
        var stolen = address(on.block4, 222);
        near(on).server().address(stolen, 24);
        try (var wire = world.capture()) {
            var ping = near(on).server()
                    .command("ping", "-n", "-c", "3", "-i", "0.1", "-W", "1", "-I", stolen.toString())
                    .and(on.outside().getFirst().toString())
                    .run();
            assertThat(ping.succeeded()).isFalse();
            awaitOutside(on);
            awaitHeard(wire, near(on).machine().address());
            assertThat(wire.lines()).noneMatch(line -> line.contains(stolen.toString()));
        } finally {
            near(on).server().space().ip("addr", "del", stolen + "/24", "dev", "eth0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPacketOf1500BytesCrossesTheWireWhole(On on) {
        awaitOutside(on);
        var ping = near(on).server()
                .command("ping", "-n", "-c", "1", "-W", "2", "-M", "do", "-s", Integer.toString(WHOLE))
                .and(on.outside().getFirst().toString())
                .run();
        assertThat(ping.succeeded()).as(ping.stdout()).isTrue();
    }

    @Test
    void anAgentThatIsKilledAndStartedLosesNoPacketToTheOutside() {
        awaitOutside(On.VLAN);
        var pings = new ArrayList<Pinging>();
        for (var on : On.values()) {
            on.outside().forEach(address -> pings.add(near(on).server().pingContinuously(address, FAST)));
        }
        var agent = cloud.agent("hv1");
        pings.forEach(pinging -> pinging.awaitAnswers(AROUND, SOON));
        agent.kill();
        pings.forEach(pinging -> pinging.awaitAnswers(AROUND, SOON));
        agent.start();
        agent.awaitSync();
        pings.forEach(pinging -> pinging.awaitAnswers(AROUND, SOON));
        assertThat(pings)
                .allSatisfy(pinging -> assertThat(pinging.stop().lost()).isZero());
        assertThat(agent.flowMods()).isZero();
    }

    @Test
    void aRouterOnTheWireLeadsToServersInsideAlsoWhileTheAgentIsKilledAndStarted() {
        var vlan = Objects.requireNonNull(networks.get(On.VLAN));
        var inside = tenant.network("inside", "10.7.0.0/24");
        var inside6 = tenant.subnet(inside.id(), "fd00:7::/64", Map.of());
        tenant.router(inside, inside6, vlan, second(vlan));
        world.vlan(100);
        world.route(inside.block(), vlan.gateway());
        world.route(inside6.block(), second(vlan).gateway());
        var frank = inside("frank", inside, inside6, "hv1");
        var grace = inside("grace", inside, inside6, "hv2");
        tenant.awaitActive(frank.machine(), grace.machine());
        for (var host : List.of(frank, grace)) {
            for (int family = 0; family < 2; family++) {
                var outside = On.VLAN.outside().get(family);
                Wait.until("ping to " + outside, SOON, () -> host.pings(outside));
                var inner = host.addresses().get(family);
                // The first packets between two chassis wait for ARP between the tunnel's ends.
                Wait.until(
                        "ping to " + inner,
                        SOON,
                        () -> world.ping(inner, 3, FAST).allAnswered());
            }
        }
        try (var out = frank.server().pingContinuously(On.VLAN.outside().getFirst(), FAST);
                var out6 = frank.server().pingContinuously(On.VLAN.outside().getLast(), FAST);
                var in = world.pingContinuously(frank.machine().address(), FAST);
                var in6 = world.pingContinuously(frank.ipv6(), FAST)) {
            Restart.losesNothing(cloud.agent("hv1"), out, out6, in, in6);
        }
    }

    /** The IPv6 subnet of a network. */
    private static Network second(Network network) {
        var subnet = cloud.api()
                .get("/v2.0/subnets?ip_version=6&network_id=" + network.id())
                .at("/subnets/0");
        return new Network(
                network.id(), Rest.id(subnet), IpPrefix.parse(subnet.get("cidr").asString()));
    }

    private static Host inside(String name, Network network, Network second, String chassis) {
        var port = tenant.port(network, chassis, Map.of("security_groups", List.of(tenant.openGroup())));
        var machine = tenant.plug(name, network, chassis, port);
        var ipv6 =
                IpAddress.parse(port.get("fixed_ips").get(1).get("ip_address").asString());
        machine.server().address(ipv6, 64);
        machine.server().route(IpPrefix.parse("::/0"), second.gateway());
        return new Host(machine, ipv6);
    }

    @Test
    void aFloatingIpAndTheAddressOfARouterAreMetOnAVlanAlsoWhileTheAgentIsKilledAndStarted() {
        var provider = IpAddress.parse("192.0.2.1");
        world.address(world.vlan(200), provider, 24);
        var out = tenant.network(
                "out",
                "192.0.2.0/24",
                Map.of(
                        "router:external",
                        true,
                        "provider:network_type",
                        "vlan",
                        "provider:segmentation_id",
                        200,
                        "provider:physical_network",
                        "physnet1"));
        var inside = tenant.network("inside", "10.8.0.0/24");
        cloud.api()
                .update(
                        "routers",
                        "router",
                        tenant.router(inside),
                        Map.of("external_gateway_info", Map.of("network_id", out.id())));
        var open = Map.of("security_groups", List.of(tenant.openGroup()));
        var heidi = tenant.machine("heidi", inside, "hv1", open);
        var ivan = tenant.machine("ivan", inside, "hv1", open);
        var floating = IpAddress.parse(cloud.api()
                .create("floatingips", "floatingip", Map.of("floating_network_id", out.id(), "port_id", heidi.port()))
                .get("floating_ip_address")
                .asString());
        Wait.until("ping outside", SOON, () -> heidi.pings(provider) && ivan.pings(provider));
        Wait.until(
                "ping of " + floating, SOON, () -> world.ping(floating, 3, FAST).allAnswered());
        try (var wire = world.capture("icmp or vlan");
                var floats = world.pingContinuously(floating, FAST);
                var shares = ivan.server().pingContinuously(provider, FAST)) {
            Restart.losesNothing(cloud.agent("hv1"), floats, shares);
            assertThat(wire.lines().stream().filter(line -> line.contains("ICMP echo")))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).contains("vlan 200,"));
        }
    }

    @Test
    void aContainerThatInheritsTheTagOfItsNetworkIsOnTheWireAlsoWhileTheAgentIsKilledAndStarted() {
        var vlan = Objects.requireNonNull(networks.get(On.VLAN));
        var carol = near(On.FLAT);
        var port = cloud.api().create("ports", "port", Map.of("network_id", vlan.id()));
        var subPort = Map.of("port_id", Rest.id(port), "segmentation_type", "inherit");
        cloud.api().create("trunks", "trunk", Map.of("port_id", carol.machine().port(), "sub_ports", List.of(subPort)));
        var judy = cloud.lab()
                .server("judy")
                .withMac(Mac.parse(port.get("mac_address").asString()));
        judy.plugBehind(carol.server(), 100);
        var own = port.get("fixed_ips");
        for (int family = 0; family < 2; family++) {
            var address = IpAddress.parse(own.get(family).get("ip_address").asString());
            judy.address(address, length(address));
        }
        for (var outside : On.VLAN.outside()) {
            Wait.until(
                    "ping to " + outside,
                    SOON,
                    () -> judy.ping(outside, 3, FAST).allAnswered());
        }
        try (var out = judy.pingContinuously(On.VLAN.outside().getFirst(), FAST);
                var out6 = judy.pingContinuously(On.VLAN.outside().getLast(), FAST)) {
            Restart.losesNothing(cloud.agent("hv1"), out, out6);
        }
        awaitOutside(On.FLAT);
    }

    @Test
    void aWireThatIsCutIsToldAndServersStayBoundAndItIsToldWhenItIsMended() {
        cable.cut();
        try {
            Wait.until("the link to be told down", SOON, () -> !isUp("hv1"));
            assertThat(isUp("hv2")).isTrue();
            var port = cloud.api().show("ports", "port", near(On.VLAN).machine().port());
            assertThat(port.get("binding:vif_type").asString()).isEqualTo("ovs");
        } finally {
            cable.mend();
        }
        Wait.until("the link to be told up", SOON, () -> isUp("hv1"));
        awaitOutside(On.VLAN);
    }
}

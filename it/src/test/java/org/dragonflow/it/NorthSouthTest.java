package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The way outside on real switches: two chassis on a wire, on which the provider's router is, of which the cloud knows nothing but the address.
 * Alice has a floating IP, bob and carol share their router's address, each on another chassis.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NorthSouthTest {
    private static final Duration FAST = Duration.ofMillis(10);
    private static final Duration A_WHILE = Duration.ofSeconds(2);
    private static final int AROUND = 50;
    private static final int WEB = 80;
    private static final int CLOSED = 33434;
    private static final int MANY_HOPS = 64;
    private static final int A_SECOND_OR_TWO = 150;
    private static final IpAddress PROVIDER = IpAddress.parse("203.0.113.1");
    private static final IpAddress FAR = IpAddress.parse("198.51.100.9");

    private static Cloud cloud;
    private static Tenant tenant;
    private static Outsider world;
    private static Link cable1;
    private static Link cable2;
    private static String outside;
    private static String router;
    private static Machine alice;
    private static Machine bob;
    private static Machine carol;
    private static IpAddress floating;
    private static IpAddress shared;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("northsouth", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        cable1 = cloud.lab().chassis("hv1").wire("physnet1");
        cable2 = cloud.lab().chassis("hv2").wire("physnet1");
        world = cloud.lab().outsider("world", "physnet1");
        world.address(world.untagged(), PROVIDER, 24);
        world.address("lo", FAR, 32);
        cloud.startChassis("hv1", "hv2");
        var open = tenant.group("open");
        for (var protocol : List.of("icmp", "tcp", "udp")) {
            tenant.allow(open, Map.of("protocol", protocol));
        }
        var out = tenant.network("out", "203.0.113.0/24", Tenant.outside("physnet1"));
        outside = out.id();
        var inside = tenant.network("inside", "10.0.0.0/24");
        router = tenant.router(inside);
        shared = IpAddress.parse(cloud.api()
                .update("routers", "router", router, Map.of("external_gateway_info", Map.of("network_id", outside)))
                .at("/external_gateway_info/external_fixed_ips/0/ip_address")
                .asString());
        alice = machine("alice", inside, "hv1", open);
        bob = machine("bob", inside, "hv1", open);
        carol = machine("carol", inside, "hv2", open);
        floating = floating(alice);
        tenant.awaitActive(alice, bob, carol);
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static Machine machine(String name, Network network, String chassis, String group) {
        return tenant.machine(name, network, chassis, Map.of("security_groups", List.of(group)));
    }

    private static IpAddress floating(Machine machine) {
        var made = cloud.api()
                .create("floatingips", "floatingip", Map.of("floating_network_id", outside, "port_id", machine.port()));
        Wait.until(
                "the floating IP to be ACTIVE",
                SOON,
                () -> cloud.api()
                        .show("floatingips", "floatingip", made.get("id").asString())
                        .get("status")
                        .asString()
                        .equals("ACTIVE"));
        return IpAddress.parse(made.get("floating_ip_address").asString());
    }

    /** What the provider sees as the source of this machine's pings. */
    private static void assertSeenAs(IpAddress address, Machine machine) {
        Wait.until("ping outside from " + machine.server().name(), SOON, () -> machine.pings(FAR));
        try (var seen = world.capture("icmp and dst " + FAR)) {
            assertThat(machine.pings(FAR)).isTrue();
            assertThat(seen.await(3, SOON)).allSatisfy(line -> assertThat(line).contains(address + " > " + FAR));
        }
    }

    @Test
    @Order(1)
    void aFloatingIpIsReachedFromOutsideAndSpeaksThere() {
        Wait.until(
                "ping of " + floating, SOON, () -> world.ping(floating, 3, FAST).allAnswered());
        assertSeenAs(floating, alice);
        try (var _ = alice.server().listenTcp(WEB);
                var conversation = world.converse(floating, WEB, SOON)) {
            assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
        }
        assertThat(world.probe(floating, 1)).contains("From " + floating, "Time to live exceeded");
    }

    @Test
    @Order(2)
    void serversOfBothChassisShareTheAddressOfTheirRouter() {
        for (var machine : List.of(bob, carol)) {
            assertSeenAs(shared, machine);
            try (var _ = world.listenTcp(WEB);
                    var conversation = machine.server().converse(FAR, WEB, SOON)) {
                assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
            }
        }
        assertThat(world.ping(shared, 3, FAST).allAnswered()).isTrue();
    }

    @Test
    @Order(2)
    void ofAConnectionThatIsSeenOutsideItIsKnownWhoseItIs() {
        try (var _ = world.listenTcp(WEB);
                var seen = world.capture("tcp[tcpflags] == tcp-syn and dst " + FAR);
                var _ = carol.server().converse(FAR, WEB, SOON)) {
            var source = Pattern.compile(Pattern.quote(shared + ".") + "(\\d+) > ")
                    .matcher(seen.await(1, SOON).getFirst());
            assertThat(source.find()).isTrue();
            var holder = cloud.api()
                    .get("/dragonflow/v1/nat?address=%s&port=%s".formatted(shared, source.group(1)))
                    .at("/holders/0");
            assertThat(holder.get("port_id").asString()).isEqualTo(carol.port());
            assertThat(holder.get("chassis").asString()).isEqualTo("hv2");
        }
    }

    @Test
    @Order(3)
    void fromInsideAFloatingIpOfTheSameChassisIsReachedAlsoWhileTheAgentIsKilledAndStarted() {
        var other = floating(bob);
        try {
            Wait.until("ping from one floating IP to another", SOON, () -> alice.pings(other));
            assertThat(bob.pings(floating)).isTrue();
            Wait.until("ping from the other chassis", SOON, () -> carol.pings(other));
            try (var near = alice.server().pingContinuously(other, FAST);
                    var far = carol.server().pingContinuously(other, FAST)) {
                Restart.losesNothing(cloud.agent("hv1"), near, far);
            }
        } finally {
            cloud.api()
                    .delete(
                            "floatingips",
                            cloud.api()
                                    .get("/v2.0/floatingips?port_id=" + bob.port())
                                    .at("/floatingips/0/id")
                                    .asString());
        }
        assertSeenAs(shared, bob);
    }

    @Test
    @Order(4)
    void portsOfAFloatingIpLeadToAServerAlsoWhileTheAgentIsKilledAndStarted() {
        var made = cloud.api().create("floatingips", "floatingip", Map.of("floating_network_id", outside));
        var address = IpAddress.parse(made.get("floating_ip_address").asString());
        var forwardings = "floatingips/" + made.get("id").asString() + "/port_forwardings";
        forward(forwardings, Map.of("protocol", "tcp", "external_port", 8080, "internal_port", WEB));
        forward(forwardings, Map.of("protocol", "udp", "external_port", 8080, "internal_port", WEB));
        forward(
                forwardings,
                Map.of("protocol", "tcp", "external_port_range", "9000:9009", "internal_port_range", "7000:7009"));
        try (var _ = carol.server().listenTcp(WEB);
                var _ = carol.server().listenUdp(WEB);
                var _ = carol.server().listenTcp(7004);
                var pinging = carol.server().pingContinuously(FAR, FAST)) {
            awaitForwarded(address);
            try (var conversation = world.converse(address, 8080, SOON)) {
                assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
                Restart.losesNothing(
                        cloud.agent("hv2"),
                        () -> {
                            awaitForwarded(address);
                            assertThat(conversation.echoes(1 << 12, SOON)).isTrue();
                        },
                        pinging);
                awaitForwarded(address);
                assertThat(conversation.echoes(1 << 12, SOON)).isTrue();
            }
        }
    }

    private static void forward(String forwardings, Map<String, ?> ports) {
        var forwarding = new HashMap<String, Object>(ports);
        forwarding.put("internal_port_id", carol.port());
        forwarding.put("internal_ip_address", carol.address().toString());
        cloud.api().create(forwardings, "port_forwarding", forwarding);
    }

    private static void awaitForwarded(IpAddress address) {
        Wait.until("a forwarded TCP port", SOON, () -> world.tcp(address, 8080, SOON) == Reach.CONNECTED);
        Wait.until("one of a range", SOON, () -> world.tcp(address, 9004, SOON) == Reach.CONNECTED);
        Wait.until(
                "a forwarded UDP port", SOON, () -> world.udp(address, 8080, Duration.ofSeconds(1)) == Reach.CONNECTED);
    }

    @Test
    @Order(5)
    void anAgentThatIsKilledAndStartedLosesNoPacketAndNoConnection() {
        assertSeenAs(floating, alice);
        assertSeenAs(shared, bob);
        try (var _ = world.listenTcp(WEB);
                var conversation = bob.server().converse(FAR, WEB, SOON);
                var floats = alice.server().pingContinuously(FAR, FAST);
                var shares = bob.server().pingContinuously(FAR, FAST)) {
            Restart.losesNothing(
                    cloud.agent("hv1"),
                    () -> assertThat(conversation.echoes(1 << 12, SOON)).isTrue(),
                    floats,
                    shares);
            assertThat(conversation.echoes(1 << 12, SOON)).isTrue();
        }
    }

    @Test
    @Order(5)
    void whoSpeaksWhereNobodyListensIsRefusedAlsoAfterTheAgentsAreKilledAndStarted() {
        awaitRefused();
        awaitRefusedByMachines();
        try (var shares = bob.server().pingContinuously(FAR, FAST)) {
            Restart.losesNothing(
                    List.of(cloud.agent("hv1"), cloud.agent("hv2")), NorthSouthTest::awaitRefusedByMachines, shares);
        }
        awaitRefused();
        awaitRefusedByMachines();
    }

    /** Nobody listens there, and the router says so. */
    private static void awaitRefused() {
        awaitRefused(() -> world.udp(shared, CLOSED, A_WHILE));
    }

    private static void awaitRefused(Supplier<Reach> attempt) {
        Wait.until("a refusal", SOON, () -> attempt.get() == Reach.REFUSED);
    }

    /** What they say speaks of a packet that was translated, and is translated as that was. */
    private static void awaitRefusedByMachines() {
        awaitRefused(() -> world.udp(floating, CLOSED, A_WHILE));
        for (var machine : List.of(alice, bob, carol)) {
            awaitRefused(() -> machine.server().udp(FAR, CLOSED, A_WHILE));
        }
    }

    @Test
    @Order(6)
    void theRouterIsMetWhereAPathIsWhenTheLinkOfItsChassisGoesDown() {
        var host = gatewayHost();
        var cable = host.equals("hv1") ? cable1 : cable2;
        var safe = host.equals("hv1") ? carol : bob;
        cable.cut();
        try {
            Wait.until(
                    "another chassis to stand for the router",
                    SOON,
                    () -> !gatewayHost().equals(host));
            Wait.until("ping outside by the other chassis", SOON, () -> safe.pings(FAR));
            Wait.until(
                    "ping of the router",
                    SOON,
                    () -> world.ping(shared, 3, FAST).allAnswered());
        } finally {
            cable.mend();
        }
        cloud.awaitDetours(host, 0);
        Wait.until("ping outside by both", SOON, () -> bob.pings(FAR) && carol.pings(FAR));
    }

    @Test
    @Order(6)
    void wherePeopleAndSwitchesOutsideLookForAFloatingIpTheyAreToldThatItIsAnothersNow() {
        var first = cloud.api()
                .create("floatingips", "floatingip", Map.of("floating_network_id", outside, "port_id", bob.port()));
        var address = IpAddress.parse(first.get("floating_ip_address").asString());
        Wait.until(
                "ping of " + address, SOON, () -> world.ping(address, 3, FAST).allAnswered());
        var before = world.neighbour(address);
        cloud.api().delete("floatingips", first.get("id").asString());
        try (var seen = world.capture("arp and arp[14:4] == arp[24:4]")) {
            var second = cloud.api()
                    .create(
                            "floatingips",
                            "floatingip",
                            Map.of(
                                    "floating_network_id",
                                    outside,
                                    "floating_ip_address",
                                    address.toString(),
                                    "port_id",
                                    carol.port()));
            seen.await(1, SOON);
            Wait.until(
                    "another link-layer address of " + address,
                    Duration.ofSeconds(1),
                    () -> !world.neighbour(address).equals(before));
            assertThat(world.ping(address, 3, FAST).allAnswered()).isTrue();
            cloud.api().delete("floatingips", second.get("id").asString());
        }
    }

    @Test
    @Order(6)
    void serversWhoseChassisHasNoLinkGoOutByAnotherChassisAndTheirConnectionsGoOn() {
        try (var _ = alice.server().listenTcp(WEB);
                var conversation = world.converse(floating, WEB, SOON);
                var floats = alice.server().pingContinuously(FAR, FAST);
                var shares = bob.server().pingContinuously(FAR, FAST)) {
            for (var pinging : List.of(floats, shares)) {
                pinging.awaitAnswers(AROUND, SOON);
            }
            cable1.cut();
            try {
                cloud.awaitDetours("hv1", 1);
                goesOn(conversation, floats, shares);
                assertThat(carol.pings(floating)).isTrue();
            } finally {
                cable1.mend();
            }
            cloud.awaitDetours("hv1", 0);
            goesOn(conversation, floats, shares);
            for (var pinging : List.of(floats, shares)) {
                var all = pinging.stop();
                System.out.printf("link cut and mended: %d of %d pings lost%n", all.lost(), all.sent());
                assertThat(all.lost()).isLessThan(2 * A_SECOND_OR_TWO);
            }
        }
    }

    @Test
    @Order(6)
    void theWayByAnotherChassisStaysWhileTheAgentsOfBothAreKilledAndStarted() {
        cable1.cut();
        try {
            cloud.awaitDetours("hv1", 1);
            Wait.until("ping outside by the other chassis", SOON, () -> alice.pings(FAR) && bob.pings(FAR));
            Wait.until(
                    "ping of " + floating,
                    SOON,
                    () -> world.ping(floating, 3, FAST).allAnswered());
            try (var _ = alice.server().listenTcp(WEB);
                    var conversation = world.converse(floating, WEB, SOON)) {
                var borrower = cloud.agent("hv1");
                var lender = cloud.agent("hv2");
                for (var away : List.of(List.of(borrower), List.of(lender), List.of(borrower, lender))) {
                    try (var floats = alice.server().pingContinuously(FAR, FAST);
                            var shares = bob.server().pingContinuously(FAR, FAST)) {
                        Restart.losesNothing(
                                away,
                                () -> assertThat(conversation.echoes(1 << 12, SOON))
                                        .isTrue(),
                                floats,
                                shares);
                    }
                    assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
                }
            }
        } finally {
            cable1.mend();
        }
        cloud.awaitDetours("hv1", 0);
    }

    private static void goesOn(Conversation conversation, Pinging... all) {
        assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
        for (var pinging : all) {
            pinging.awaitAnswers(AROUND, SOON);
        }
        assertThat(world.ping(floating, 3, FAST).allAnswered()).isTrue();
        assertThat(world.ping(shared, 3, FAST).allAnswered()).isTrue();
    }

    private static String gatewayHost() {
        return cloud.api()
                .get("/v2.0/ports?device_owner=network:router_gateway")
                .get("ports")
                .get(0)
                .get("binding:host_id")
                .asString();
    }

    @Test
    @Order(7)
    void aRouterThatDoesNotTranslateRoutesPlainly() {
        world.route(IpPrefix.parse("10.0.0.0/24"), shared);
        gateway(false);
        try {
            Wait.until("ping outside without translation", SOON, () -> carol.pings(FAR));
            assertSeenAs(carol.address(), carol);
            assertThat(world.ping(carol.address(), 3, FAST).allAnswered()).isTrue();
            assertThat(world.probe(carol.address(), 1)).contains("From " + shared, "Time to live exceeded");
            awaitUnreachable(IpAddress.parse("10.0.0.99"));
            try (var out = carol.server().pingContinuously(FAR, FAST);
                    var in = world.pingContinuously(carol.address(), FAST)) {
                Restart.losesNothing(List.of(cloud.agent("hv1"), cloud.agent("hv2")), () -> {}, out, in);
            }
            awaitUnreachable(IpAddress.parse("10.0.0.99"));
            awaitRefused();
        } finally {
            gateway(true);
        }
    }

    private static void awaitUnreachable(IpAddress nobody) {
        Wait.until("word of " + nobody, SOON, () -> {
            var said = world.probe(nobody, MANY_HOPS);
            return said.contains("From " + shared) && said.contains("Destination Host Unreachable");
        });
    }

    private static void gateway(boolean translates) {
        cloud.api()
                .update(
                        "routers",
                        "router",
                        router,
                        Map.of("external_gateway_info", Map.of("network_id", outside, "enable_snat", translates)));
    }

    @Test
    @Order(8)
    void whereChassisShareTheirOwnAddressesEachChassisIsSeenAsAnotherAlsoAfterARestart() {
        cloud.api().update("networks", "network", outside, Map.of("dragonflow:snat", "chassis"));
        // Until then pings are still answered by way of the router's address.
        for (var machine : List.of(bob, carol)) {
            try (var seen = world.capture("icmp and dst " + FAR + " and not src " + shared)) {
                Wait.until(
                        "ping outside by the chassis' address",
                        SOON,
                        () -> machine.pings(FAR) && !seen.lines().isEmpty());
            }
        }
        assertSeenAs(chassisAddress("hv1"), bob);
        assertSeenAs(chassisAddress("hv2"), carol);
        awaitRefusedByMachines();
        try (var _ = world.listenTcp(WEB);
                var conversation = bob.server().converse(FAR, WEB, SOON);
                var pinging = bob.server().pingContinuously(FAR, FAST)) {
            assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
            Restart.losesNothing(
                    cloud.agent("hv1"),
                    () -> assertThat(conversation.echoes(1 << 12, SOON)).isTrue(),
                    pinging);
            assertThat(conversation.echoes(1 << 18, SOON)).isTrue();
        }
        awaitRefusedByMachines();
        assertSeenAs(chassisAddress("hv1"), bob);
    }

    private static IpAddress chassisAddress(String chassis) {
        return IpAddress.parse(cloud.api()
                .get("/v2.0/ports?device_owner=network:floatingip_agent_gateway&binding:host_id=" + chassis)
                .get("ports")
                .get(0)
                .at("/fixed_ips/0/ip_address")
                .asString());
    }
}

package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;
import org.dragonflow.it.Tenant.Machine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Servers that tag their own frames: what stands behind VLAN 7 of each is a namespace of its own. Blue is in tunnels, green a VLAN of the
 * wire with a service tag, where provider stands too; plain has a wire of its own, where world stands.
 */
class TagsTest {
    private static final Duration FAST = Duration.ofMillis(10);
    private static final int OWN = 7;
    private static final int SERVICE = 100;
    private static final int WEB = 80;
    private static int behind;

    private static Cloud cloud;
    private static Machine alice;
    private static Machine nearBlue;
    private static Machine farBlue;
    private static Machine nearGreen;
    private static Machine farGreen;
    private static Machine nearPlain;
    private static Machine farPlain;
    private static Outsider world;
    private static Outsider provider;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("tags", Tenant.freePort());
        var tenant = new Tenant(cloud);
        cloud.startServer();
        for (var chassis : List.of("hv1", "hv2")) {
            cloud.lab().chassis(chassis).wire("physnet1");
            cloud.lab().chassis(chassis).wire("physnet2");
        }
        world = cloud.lab().outsider("world", "physnet2");
        provider = cloud.lab().outsider("provider", "physnet1");
        cloud.startChassis("hv1", "hv2");
        var blue = tenant.network("blue", "10.1.0.0/24", Map.of("vlan_transparent", true));
        var carrier = Map.of(
                "provider:network_type",
                "vlan",
                "provider:segmentation_id",
                SERVICE,
                "provider:physical_network",
                "physnet1",
                "qinq",
                true);
        var green = tenant.network("green", "10.2.0.0/24", carrier);
        var flat = Map.of(
                "provider:network_type", "flat", "provider:physical_network", "physnet2", "vlan_transparent", true);
        var plain = tenant.network("plain", "10.3.0.0/24", flat);
        var web = tenant.group("web");
        tenant.allow(web, Map.of("protocol", "icmp"));
        var groups = Map.of("security_groups", List.of(web));
        var open = Map.of("port_security_enabled", false);
        alice = tenant.machine("alice", blue, "hv1", groups);
        var bob = tenant.machine("bob", blue, "hv2", groups);
        var dave = tenant.machine("dave", green, "hv1", open);
        var erin = tenant.machine("erin", green, "hv2", open);
        var frank = tenant.machine("frank", plain, "hv1", groups);
        var gina = tenant.machine("gina", plain, "hv2", groups);
        tenant.awaitActive(alice, bob, dave, erin, frank, gina);
        Tenant.awaitPing(alice, bob.address());
        Tenant.awaitPing(dave, erin.address());
        Tenant.awaitPing(frank, gina.address());
        nearBlue = behind(tenant, alice, "nearblue", "10.9.0.1", true);
        farBlue = behind(tenant, bob, "farblue", "10.9.0.2", true);
        nearGreen = behind(tenant, dave, "neargreen", "10.9.0.1", false);
        farGreen = behind(tenant, erin, "fargreen", "10.9.0.2", false);
        nearPlain = behind(tenant, frank, "nearplain", "10.9.0.1", true);
        farPlain = behind(tenant, gina, "farplain", "10.9.0.2", true);
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    /** What stands behind the server's own VLAN, with an address that its port is allowed to have, if it must ask. */
    private static Machine behind(Tenant tenant, Machine server, String name, String ip, boolean isHeld) {
        var address = IpAddress.parse(ip);
        var mac = Mac.parse("fa:16:3e:00:07:%02x".formatted(++behind));
        var own = cloud.lab().server(name).withMac(mac);
        own.plugBehind(server.server(), OWN);
        own.address(address, 24);
        if (isHeld) {
            var pair = Map.of("ip_address", ip, "mac_address", mac.toString());
            tenant.update(server, Map.of("allowed_address_pairs", List.of(pair)));
        }
        return new Machine(server.port(), own, address);
    }

    @Test
    void aTagPassesThroughATunnelAndFreesFromNoRule() {
        Tenant.awaitPing(nearBlue, farBlue.address());
        assertThat(farBlue.pings(nearBlue.address())).isTrue();
        assertThat(nearBlue.pings(alice.address())).as("without the tag").isFalse();
        try (var _ = farBlue.server().listenTcp(WEB)) {
            assertThat(nearBlue.connects(farBlue.address(), WEB)).isFalse();
        }
        var stolen = IpAddress.parse("10.9.0.9");
        nearBlue.server().address(stolen, 24);
        var ping = nearBlue.server()
                .command("ping", "-n", "-c", "3", "-i", "0.1", "-W", "1", "-I", stolen.toString())
                .and(farBlue.address().toString())
                .run();
        assertThat(ping.succeeded()).isFalse();
        assertThat(nearBlue.pings(farBlue.address())).isTrue();
    }

    @Test
    void onTheWireTheTagIsWithinTheServiceTag() {
        Tenant.awaitPing(nearGreen, farGreen.address());
        var log = cloud.lab().directory("capture").resolve("service-tag.log");
        try (var wire = Capture.start(cloud.lab().chassis("hv1").space(), "to-physnet1", log)) {
            assertThat(farGreen.pings(nearGreen.address())).isTrue();
            Wait.until(
                    "both tags on the wire",
                    SOON,
                    () -> wire.lines().stream()
                            .anyMatch(line -> line.contains("802.1Q-QinQ")
                                    && line.contains("vlan 100,")
                                    && line.contains("vlan 7,")
                                    && line.contains("ICMP")));
        }
    }

    @Test
    void whoIsOutsideSpeaksByTheTagWithinTheServiceTagAlsoWhileTheAgentIsKilledAndStarted() {
        var outside = IpAddress.parse("10.9.0.3");
        provider.address(provider.vlan(SERVICE, OWN), outside, 24);
        Tenant.awaitPing(nearGreen, outside);
        Tenant.awaitPing(farGreen, outside);
        try (var wire = provider.capture();
                var _ = nearGreen.server().listenTcp(WEB);
                var conversation = provider.converse(nearGreen.address(), WEB, SOON);
                var out = nearGreen.server().pingContinuously(outside, FAST);
                var in = provider.pingContinuously(nearGreen.address(), FAST)) {
            assertThat(conversation.echoes(1 << 14, SOON)).isTrue();
            Restart.losesNothing(
                    cloud.agent("hv1"),
                    () -> assertThat(conversation.echoes(1 << 14, SOON)).isTrue(),
                    out,
                    in);
            assertThat(conversation.echoes(1 << 14, SOON)).isTrue();
            assertThat(wire.lines().stream().filter(line -> line.contains(outside.toString())))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).contains("802.1Q-QinQ", "vlan 100,", "vlan 7,"));
        }
        assertThat(cloud.agent("hv1").flowMods()).isZero();
    }

    @Test
    void onAFlatWireTheTagIsThatOfAVlanWhichWhoIsOutsideHasToo() {
        var outside = IpAddress.parse("10.9.0.3");
        world.address(world.vlan(OWN), outside, 24);
        Tenant.awaitPing(nearPlain, farPlain.address());
        Tenant.awaitPing(nearPlain, outside);
        assertThat(world.ping(farPlain.address(), 3, FAST).allAnswered()).isTrue();
        try (var wire = world.capture("icmp or vlan")) {
            assertThat(farPlain.pings(nearPlain.address())).isTrue();
            assertThat(farPlain.pings(outside)).isTrue();
            Wait.until("the pings on the wire", SOON, () -> pings(wire).size() >= 6);
            assertThat(pings(wire))
                    .allSatisfy(line -> assertThat(line).contains("vlan 7,").doesNotContain("QinQ"));
        }
        try (var _ = farPlain.server().listenTcp(WEB)) {
            assertThat(world.tcp(farPlain.address(), WEB, Duration.ofMillis(700)))
                    .isEqualTo(Reach.TIMED_OUT);
        }
    }

    private static List<String> pings(Capture wire) {
        return wire.lines().stream().filter(line -> line.contains("ICMP")).toList();
    }

    @Test
    void tagsPassWhileTheAgentIsKilledAndStartedAgain() {
        Tenant.awaitPing(nearBlue, farBlue.address());
        Tenant.awaitPing(nearGreen, farGreen.address());
        Tenant.awaitPing(nearPlain, farPlain.address());
        var agent = cloud.agent("hv1");
        try (var tunnelled = nearBlue.server().pingContinuously(farBlue.address(), FAST);
                var serviced = nearGreen.server().pingContinuously(farGreen.address(), FAST);
                var flat = nearPlain.server().pingContinuously(farPlain.address(), FAST)) {
            Restart.losesNothing(agent, tunnelled, serviced, flat);
        }
        assertThat(agent.flowMods()).isZero();
    }
}

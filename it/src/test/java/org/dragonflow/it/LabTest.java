package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two chassis whose switches forward like plain ones, joined by a tunnel; alice and bob share a chassis, carol has her own. */
class LabTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration FAST = Duration.ofMillis(10);
    private static final Duration REACH = Duration.ofMillis(1500);

    private static Lab lab;
    private static Chassis hv1;
    private static Chassis hv2;
    private static Server alice;
    private static Server bob;
    private static Server carol;

    @BeforeAll
    static void plugThemIn() {
        lab = Lab.open("labtest");
        hv1 = lab.chassis("hv1");
        hv2 = lab.chassis("hv2");
        tunnel(hv1, hv2);
        tunnel(hv2, hv1);
        alice = plugged("alice", hv1, 1);
        bob = plugged("bob", hv1, 2);
        carol = plugged("carol", hv2, 3);
    }

    private static void tunnel(Chassis from, Chassis to) {
        from.ovsVsctl(
                "add-port",
                "br-int",
                "peer",
                "--",
                "set",
                "Interface",
                "peer",
                "type=geneve",
                "options:remote_ip=" + to.tunnelAddress().ipv4());
        from.ovsOfctl("add-flow", "br-int", "actions=normal");
    }

    private static Server plugged(String name, Chassis chassis, int number) {
        var server = lab.server(name);
        server.withMac(new Mac(0x0a00_0000_0000L + number)).plug(chassis, name + "-port-of-the-lab");
        server.address(ipv4(number), 24);
        server.address(ipv6(number), 64);
        return server;
    }

    private static IpAddress ipv4(int number) {
        return Ipv4.parse("10.0.0.0").plus(number);
    }

    private static IpAddress ipv6(int number) {
        return Ipv6.parse("fd00::").plus(number);
    }

    @AfterAll
    static void close() {
        lab.close();
        assertThat(Command.of("ip", "netns", "list").require()).doesNotContain("df-labtest-");
        assertThat(Path.of("/run/dragonflow-lab/labtest")).doesNotExist();
        assertThat(Path.of("/sys/class/net/df-labtest")).doesNotExist();
    }

    @Test
    void aCaptureHoldsWhatTheCardSeesAndTheFilterLetsThrough() {
        try (var capture = bob.capture("icmp")) {
            alice.ping(ipv4(2), 2, FAST);
            assertThat(capture.await(4, SOON))
                    .allMatch(frame -> frame.contains("10.0.0.1") && frame.contains("ICMP echo"));
        }
    }

    @Test
    void aServerIsPluggedInAsNovaDoes() {
        assertThat(hv1.ovsVsctl("get", "Interface", alice.tap(), "external_ids"))
                .contains("iface-id=alice-port-of-the-lab")
                .contains("iface-status=active")
                .contains("attached-mac=\"0a:00:00:00:00:01\"")
                .contains("vm-uuid=\"" + alice.id());
        assertThat(alice.command("cat", "/sys/class/net/eth0/address").require())
                .isEqualTo("0a:00:00:00:00:01\n");
        assertThat(hv1.dumpFlows("br-int")).singleElement().asString().contains("actions=NORMAL");
    }

    @Test
    void serversOfOneChassisReachEachOtherInBothFamilies() {
        assertThat(alice.ping(ipv4(2), 5, FAST)).returns(0, Pings::lost);
        assertThat(alice.ping(ipv6(2), 5, FAST)).returns(0, Pings::lost);
    }

    @Test
    void serversReachEachOtherAcrossChassisAndTheTunnelIsWhatCarriesThem() {
        reach(alice, ipv4(3));
        try (var wire =
                Capture.start(hv2.space(), "uplink", hv2.directory().resolve("wire.log"), "udp", "port", "6081")) {
            var pings = alice.ping(ipv4(3), 5, FAST);
            assertThat(pings).returns(5, Pings::sent).returns(5, Pings::received);
            assertThat(pings.roundTrips()).hasSize(5).allMatch(time -> time.isPositive());
            assertThat(wire.await(10, SOON)).allMatch(frame -> frame.contains("Geneve"));
        }
        assertThat(alice.ping(ipv6(3), 5, FAST)).returns(0, Pings::lost);
    }

    @Test
    void theUnderlayCarriesTunnelsOverIpv6AsWell() {
        try {
            lead(hv1, hv2.tunnelAddress().ipv6());
            lead(hv2, hv1.tunnelAddress().ipv6());
            reach(alice, ipv4(3));
        } finally {
            lead(hv1, hv2.tunnelAddress().ipv4());
            lead(hv2, hv1.tunnelAddress().ipv4());
        }
    }

    private static void lead(Chassis from, IpAddress to) {
        from.ovsVsctl("set", "Interface", "peer", "options:remote_ip=\"" + to + "\"");
    }

    /** The first packets over a tunnel wait for ARP between the tunnel's ends. */
    private static void reach(Server from, IpAddress to) {
        await().atMost(SOON).until(() -> from.ping(to, 1, FAST).allAnswered());
    }

    @Test
    void aPortIsConnectedOrRefusedOrSilent() {
        reach(alice, ipv4(3));
        try (var tcp = carol.listenTcp(80);
                var udp = carol.listenUdp(53)) {
            assertThat(alice.tcp(ipv4(3), 80, REACH)).isEqualTo(Reach.CONNECTED);
            assertThat(alice.tcp(ipv6(3), 80, REACH)).isEqualTo(Reach.CONNECTED);
            assertThat(alice.udp(ipv4(3), 53, REACH)).isEqualTo(Reach.CONNECTED);
            assertThat(alice.udp(ipv6(3), 53, REACH)).isEqualTo(Reach.CONNECTED);
            assertThat(tcp.heard()).isEqualTo(2);
            assertThat(udp.heard()).isEqualTo(2);
        }
        assertThat(alice.tcp(ipv4(3), 80, REACH)).isEqualTo(Reach.REFUSED);
        assertThat(alice.udp(ipv4(3), 53, REACH)).isEqualTo(Reach.REFUSED);
        assertThat(alice.tcp(ipv4(99), 80, Duration.ofMillis(500))).isEqualTo(Reach.TIMED_OUT);
        assertThat(alice.udp(ipv4(99), 53, Duration.ofMillis(500))).isEqualTo(Reach.TIMED_OUT);
        assertThat(alice.tcp(IpAddress.parse("192.0.2.1"), 80, REACH)).isEqualTo(Reach.UNREACHABLE);
        assertThat(alice.udp(IpAddress.parse("192.0.2.1"), 53, REACH)).isEqualTo(Reach.UNREACHABLE);
    }

    @Test
    void aMegabyteGoesThereAndBackUnharmedAcrossChassis() {
        reach(alice, ipv4(3));
        try (var listening = carol.listenTcp(8080);
                var conversation = alice.converse(ipv4(3), 8080, SOON)) {
            assertThat(conversation.echoes(1 << 20, SOON)).isTrue();
            assertThat(listening.heard()).isEqualTo(1);
        }
    }

    @Test
    void aCutLinkLosesPacketsAndAMendedOneDoesNot() {
        reach(alice, ipv4(3));
        try (var pinging = alice.pingContinuously(ipv4(3), FAST)) {
            pinging.awaitAnswers(20, SOON);
            hv2.underlay().cut();
            assertThat(alice.ping(ipv4(3), 20, FAST))
                    .returns(0, Pings::received)
                    .returns(20, Pings::lost);
            hv2.underlay().mend();
            pinging.awaitAnswers(20, SOON);
            var pings = pinging.stop();
            assertThat(pings.lost()).isGreaterThan(10);
            assertThat(pings.longestGap()).isGreaterThan(Duration.ofMillis(250));
        }
        try (var pinging = alice.pingContinuously(ipv4(3), FAST)) {
            pinging.awaitAnswers(100, SOON);
            assertThat(pinging.stop()).returns(0, Pings::lost).matches(pings -> pings.sent() >= 100);
        }
    }

    @Test
    void aKilledSwitchIsNoticedAndForwardsAgainWhenRestarted() {
        assertThat(hv2.vswitch().isRunning()).isTrue();
        hv2.vswitch().kill();
        assertThat(hv2.vswitch().isRunning()).isFalse();
        assertThat(alice.ping(ipv4(3), 1, FAST).allAnswered()).isFalse();
        hv2.vswitch().start();
        hv2.ovsOfctl("add-flow", "br-int", "actions=normal");
        reach(alice, ipv4(3));
    }

    @Test
    void aKilledDatabaseKeepsWhatItHeldAndTheSwitchForwardsAgainWhenItIsBack() {
        hv1.database().kill();
        assertThat(hv1.database().isRunning()).isFalse();
        hv1.database().start();
        assertThat(hv1.ovsVsctl("list-ports", "br-int").lines()).contains(alice.tap(), bob.tap(), "peer");
        reach(alice, ipv4(2));
        assertThat(hv1.dumpFlows("br-int")).hasSize(1);
    }

    @Test
    void anUnpluggedServerLeavesNothingInTheSwitchAndCanBePluggedInElsewhere() {
        var dave = plugged("dave", hv1, 4);
        var tap = dave.tap();
        dave.unplug();
        assertThat(hv1.ovsVsctl("list-ports", "br-int").lines()).doesNotContain(tap);
        dave.withMtu(1300).plug(hv2, "dave-port-of-the-lab");
        dave.address(ipv4(4), 24);
        assertThat(carol.ping(ipv4(4), 1, FAST)).returns(0, Pings::lost);
        assertThat(dave.space().ip("link", "show", "eth0")).contains("mtu 1300");
        dave.unplug();
    }

    @Test
    void theRootNamespaceIsReachedFromAChassisEvenWhileItsTunnelLinkIsCut() {
        var root = lab.joinRoot();
        hv1.underlay().cut();
        try {
            for (var address : List.of(root.ipv4(), root.ipv6())) {
                hv1.command("ping", "-c", "1", "-W", "2", address.toString()).require();
            }
        } finally {
            hv1.underlay().mend();
        }
    }

    @Test
    void aRouteLeadsWhereItSays() {
        bob.route(IpPrefix.parse("192.0.2.0/24"), ipv4(3));
        assertThat(bob.space().ip("route", "get", "192.0.2.1")).contains("via 10.0.0.3 dev eth0");
    }

    @Test
    void whatRunsOnAChassisCanBeKilledAndItsEndIsSeen() {
        var sleeper = hv1.start(Command.of("sleep", "60"), hv1.directory().resolve("sleep.log"));
        assertThat(sleeper.isAlive()).isTrue();
        // The process is born outside and enters the namespace itself.
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                Command.of("ip", "netns", "pids", hv1.space().name())
                                        .require()
                                        .lines())
                        .contains(Long.toString(sleeper.pid())));
        sleeper.kill();
        assertThat(sleeper.status()).hasValue(128 + 9);
    }

    @Test
    void aLabThatIsOpenCannotBeOpenedOrSweptByAnother() {
        assertThatThrownBy(() -> Lab.open("labtest")).hasMessageContaining("in use by process");
        assertThatThrownBy(() -> Lab.sweep("labtest")).hasMessageContaining("in use by process");
        assertThat(hv1.vswitch().isRunning()).isTrue();
    }
}

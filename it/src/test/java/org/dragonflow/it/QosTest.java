package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv6;
import org.dragonflow.it.Tenant.Machine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Limits and marks as iperf3 and tcpdump see them: alice on hv1 has the policy, bob on hv2 has none, and world is outside. */
class QosTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration FAST = Duration.ofMillis(10);
    private static final int INTERVALS = 10;
    private static final int DATAGRAM = 1200;
    private static final int SMALL_DATAGRAM = 100;
    private static final Pattern INTERVAL = Pattern.compile("([\\d.]+) Kbits/sec");
    private static final Pattern COUNT = Pattern.compile("packet_in_count:(\\d+)");

    private static final IpAddress PROVIDER = IpAddress.parse("203.0.113.1");

    private static Cloud cloud;
    private static Tenant tenant;
    private static Tenant.Network blue;
    private static Machine alice;
    private static Machine bob;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("qos", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.lab().chassis("hv1").wire("physnet1");
        var world = cloud.lab().outsider("world", "physnet1");
        world.address(world.untagged(), PROVIDER, 24);
        cloud.startChassis("hv1", "hv2");
        blue = tenant.network("blue", "10.1.0.0/24");
        var six = cloud.api()
                .create(
                        "subnets",
                        "subnet",
                        Map.of("network_id", blue.id(), "ip_version", 6, "cidr", "2001:db8:1::/64"))
                .get("id")
                .asString();
        var free = tenant.openGroup();
        alice = machine(tenant, blue, "alice", "hv1", free, six, "a");
        bob = machine(tenant, blue, "bob", "hv2", free, six, "b");
        tenant.awaitActive(alice, bob);
        Tenant.awaitPing(alice, bob.address());
        var iperf = Command.of("iperf3", "-s", "--forceflush");
        bob.server()
                .start(iperf, cloud.lab().directory("bob").resolve("iperf.log"))
                .awaitLine("Server listening", SOON);
        world.space()
                .start(iperf, cloud.lab().directory("world").resolve("iperf.log"))
                .awaitLine("Server listening", SOON);
    }

    private static Machine machine(
            Tenant tenant, Tenant.Network network, String name, String chassis, String group, String six, String host) {
        var addresses = List.of(
                Map.of("subnet_id", network.subnet()), Map.of("subnet_id", six, "ip_address", "2001:db8:1::" + host));
        var made = tenant.machine(
                name, network, chassis, Map.of("security_groups", List.of(group), "fixed_ips", addresses));
        made.server().address(Ipv6.parse("2001:db8:1::" + host), 64);
        return made;
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    @AfterEach
    void free() {
        carry(null);
    }

    private static String policy() {
        return Rest.id(cloud.api().create("qos/policies", "policy", Map.of("name", "gold")));
    }

    private static String rules(String policy, String type) {
        return "qos/policies/%s/%s_rules".formatted(policy, type);
    }

    private static String limit(String policy, String direction, int kbps) {
        var rule = Map.of("max_kbps", kbps, "direction", direction);
        return Rest.id(cloud.api().create(rules(policy, "bandwidth_limit"), "bandwidth_limit_rule", rule));
    }

    private static void carry(@org.jspecify.annotations.Nullable String policy) {
        var change = new HashMap<String, Object>();
        change.put("qos_policy_id", policy);
        cloud.api().update("ports", "port", alice.port(), change);
    }

    /** The meters of the switch that alice is at, but for those of punted packets. */
    private static List<String> limits() {
        return Stream.of(cloud.lab()
                        .chassis("hv1")
                        .ovsOfctl("dump-meters", "br-int")
                        .split("\n\n", -1))
                .filter(meter -> !meter.contains("rate=50 burst_size=100"))
                .flatMap(meter -> Pattern.compile("rate=\\d+ burst_size=\\d+")
                        .matcher(meter)
                        .results())
                .map(java.util.regex.MatchResult::group)
                .sorted()
                .toList();
    }

    private static void awaitLimits(String... expected) {
        long began = System.nanoTime();
        Wait.until("meters " + List.of(expected), SOON, () -> limits().equals(List.of(expected)));
        System.out.printf(
                "%s: in the switch %d ms after the answer%n",
                List.of(expected), Duration.ofNanos(System.nanoTime() - began).toMillis());
    }

    /** Thousands of bits a second that arrive, once the burst is over. */
    private static double received(String... how) {
        return received(bob.address(), how);
    }

    private static double received(IpAddress server, String... how) {
        var client = Command.of("iperf3", "-c", server.toString(), "-J", "-O", "2", "-t", "4")
                .and(how);
        var end = JsonMapper.shared()
                .readTree(alice.server()
                        .command(client.words().toArray(String[]::new))
                        .within(LONG)
                        .require())
                .get("end");
        double kbps = end.at("/sum_received/bits_per_second").asDouble() / 1000;
        System.out.printf("iperf3 %s: %.0f kbit/s%n", List.of(how), kbps);
        return kbps;
    }

    private static double udp(int datagram, String rate, String... how) {
        return received(Stream.concat(Stream.of("-u", "-b", rate, "-l", Integer.toString(datagram)), Stream.of(how))
                .toArray(String[]::new));
    }

    private static boolean isAbout(int limit, double measured) {
        return measured > 0.6 * limit && measured < 1.15 * limit;
    }

    @Test
    void tcpAndUdpKeepToTheirBandwidthInBothDirections() {
        var policy = policy();
        limit(policy, "egress", 8000);
        limit(policy, "ingress", 5000);
        carry(policy);
        awaitLimits("rate=5000 burst_size=4000", "rate=8000 burst_size=6400");
        assertThat(received()).as("TCP out").matches(kbps -> isAbout(8000, kbps));
        assertThat(received("-R")).as("TCP in").matches(kbps -> isAbout(5000, kbps));
        assertThat(udp(DATAGRAM, "20M")).as("UDP out").matches(kbps -> isAbout(8000, kbps));
        assertThat(udp(DATAGRAM, "20M", "-R")).as("UDP in").matches(kbps -> isAbout(5000, kbps));
    }

    @Test
    void aLimitChangesAndGoesUnderAConnectionThatStays() {
        var policy = policy();
        var rule = limit(policy, "egress", 4000);
        var other = policy();
        limit(other, "egress", 8000);
        carry(policy);
        awaitLimits("rate=4000 burst_size=3200");
        try (var client = alice.server()
                .start(
                        Command.of("iperf3", "-c", bob.address().toString(), "-t", "600", "-i", "0.5", "-f", "k")
                                .and("--forceflush"),
                        cloud.lab().directory("alice").resolve("iperf.log"))) {
            awaitRate(client, kbps -> isAbout(4000, kbps));
            cloud.api()
                    .update(rules(policy, "bandwidth_limit"), "bandwidth_limit_rule", rule, Map.of("max_kbps", 16000));
            awaitLimits("rate=16000 burst_size=12800");
            awaitRate(client, kbps -> isAbout(16000, kbps));
            carry(other);
            awaitLimits("rate=8000 burst_size=6400");
            awaitRate(client, kbps -> isAbout(8000, kbps));
            carry(null);
            awaitLimits();
            awaitRate(client, kbps -> kbps > 25000);
            assertThat(client.isAlive()).isTrue();
            assertThat(client.printed()).doesNotContain("error");
        }
    }

    /** Waits until the mean rate of five seconds is as it should be: with a burst of most of a second, TCP goes in waves. */
    private static void awaitRate(Running client, DoublePredicate expected) {
        Wait.until("the rate of iperf3", LONG, () -> {
            var rates = INTERVAL.matcher(client.printed())
                    .results()
                    .mapToDouble(match -> Double.parseDouble(match.group(1)))
                    .toArray();
            return rates.length >= INTERVALS
                    && expected.test(Arrays.stream(rates, rates.length - INTERVALS, rates.length)
                            .average()
                            .orElseThrow());
        });
    }

    @Test
    void aPortSendsAndGetsNoMorePacketsThanItMay() {
        keepsToItsPackets(bob.address());
    }

    @Test
    void aPortSendsAndGetsNoMorePacketsOfIpv6ThanItMay() {
        keepsToItsPackets(Ipv6.parse("2001:db8:1::b"));
    }

    private static void keepsToItsPackets(IpAddress server) {
        var policy = policy();
        for (var direction : List.of("egress", "ingress")) {
            cloud.api()
                    .create(
                            rules(policy, "packet_rate_limit"),
                            "packet_rate_limit_rule",
                            Map.of("max_kpps", 1, "direction", direction));
        }
        carry(policy);
        awaitLimits("rate=1000 burst_size=800", "rate=1000 burst_size=800");
        assertThat(packets(server)).as("out").matches(pps -> isAbout(1000, pps));
        restart();
        awaitLimits("rate=1000 burst_size=800", "rate=1000 burst_size=800");
        assertThat(packets(server, "-R")).as("in").matches(pps -> isAbout(1000, pps));
    }

    /** Small datagrams a second that arrive, of three times as many as may be sent. */
    private static double packets(IpAddress server, String... how) {
        var words = Stream.concat(Stream.of("-u", "-b", "3M", "-l", Integer.toString(SMALL_DATAGRAM)), Stream.of(how));
        return received(server, words.toArray(String[]::new)) * 1000 / (8 * SMALL_DATAGRAM);
    }

    @Test
    void aFloatingIpAndTheAddressOfARouterKeepToTheirBandwidthInBothDirectionsAlsoAfterARestart() {
        var out = tenant.network("out", "203.0.113.0/24", Tenant.outside("physnet1"))
                .id();
        var router = tenant.router(blue);
        gateway(router, Map.of("network_id", out));
        var policy = policy();
        limit(policy, "egress", 8000);
        limit(policy, "ingress", 5000);
        var floating = Rest.id(cloud.api()
                .create(
                        "floatingips",
                        "floatingip",
                        Map.of("floating_network_id", out, "port_id", alice.port(), "qos_policy_id", policy)));
        keepsToItsLimits();
        assertThat(received(bob.address())).as("inside").matches(kbps -> kbps > 15_000);
        restart();
        awaitLimits("rate=5000 burst_size=4000", "rate=8000 burst_size=6400");
        assertThat(received(PROVIDER)).as("out, after a restart").matches(kbps -> isAbout(8000, kbps));
        cloud.api().delete("floatingips", floating);
        awaitLimits();
        gateway(router, Map.of("network_id", out, "qos_policy_id", policy));
        try {
            keepsToItsLimits();
            assertThat(received(bob.address())).as("inside").matches(kbps -> kbps > 15_000);
            restart();
            keepsToItsLimits();
        } finally {
            gateway(router, Map.of());
        }
        awaitLimits();
    }

    private static void gateway(String router, Map<String, ?> gateway) {
        cloud.api().update("routers", "router", router, Map.of("external_gateway_info", gateway));
    }

    private static void keepsToItsLimits() {
        awaitLimits("rate=5000 burst_size=4000", "rate=8000 burst_size=6400");
        Tenant.awaitPing(alice, PROVIDER);
        assertThat(received(PROVIDER)).as("out").matches(kbps -> isAbout(8000, kbps));
        assertThat(received(PROVIDER, "-R")).as("in").matches(kbps -> isAbout(5000, kbps));
    }

    @Test
    void whatAPortSendsArrivesMarkedAndWithItsWordOfCongestion() {
        var policy = policy();
        cloud.api().create(rules(policy, "dscp_marking"), "dscp_marking_rule", Map.of("dscp_mark", 46));
        carry(policy);
        awaitMarkedPings();
        try (var unmarked = alice.server().capture("icmp[icmptype] == icmp-echo and ip[1] & 0xfc == 0")) {
            bob.server().ping(alice.address(), 1, FAST);
            unmarked.await(1, SOON);
        }
    }

    private static void awaitMarkedPings() {
        var six = Ipv6.parse("2001:db8:1::b");
        // 0x2 is ECT(0); with DSCP 46 before it, 0xba.
        try (var four = bob.server().capture("icmp[icmptype] == icmp-echo and ip[1] == 0xba");
                var sixth = bob.server().capture("icmp6 and ip6[40] == 128 and ip6[0:2] & 0x0ff0 == 0x0ba0")) {
            Wait.until("marked pings", SOON, () -> {
                ping(bob.address().toString());
                ping(six.toString());
                return !four.lines().isEmpty() && !sixth.lines().isEmpty();
            });
        }
    }

    private static void ping(String target) {
        alice.server().command("ping", "-c", "1", "-W", "1", "-Q", "2", target).run();
    }

    @Test
    void anAgentThatIsKilledAndStartedLeavesTheMetersAndTheirCounts() {
        var policy = policy();
        limit(policy, "egress", 9000);
        carry(policy);
        awaitLimits("rate=9000 burst_size=7200");
        var six = Ipv6.parse("2001:db8:1::b");
        assertThat(received(six, "-u", "-b", "20M", "-l", Integer.toString(DATAGRAM)))
                .as("UDP over IPv6")
                .matches(kbps -> isAbout(9000, kbps));
        long before = counted();
        assertThat(before).isGreaterThan(1000);
        restart();
        assertThat(limits()).containsExactly("rate=9000 burst_size=7200");
        assertThat(counted()).isGreaterThan(before);
    }

    private static void restart() {
        var agent = cloud.agent("hv1");
        try (var pinging = alice.server().pingContinuously(bob.address(), FAST)) {
            Restart.losesNothing(agent, pinging);
        }
        assertThat(agent.flowMods()).isZero();
    }

    @Test
    void thePolicyOfANetworkHoldsForItsPortsAlsoAfterARestart() {
        var policy = policy();
        limit(policy, "egress", 7000);
        cloud.api().create(rules(policy, "dscp_marking"), "dscp_marking_rule", Map.of("dscp_mark", 46));
        carryAll(policy);
        try {
            awaitLimits("rate=7000 burst_size=5600");
            restart();
            assertThat(limits()).containsExactly("rate=7000 burst_size=5600");
            awaitMarkedPings();
        } finally {
            carryAll(null);
        }
        awaitLimits();
    }

    private static void carryAll(@org.jspecify.annotations.Nullable String policy) {
        var change = new HashMap<String, Object>();
        change.put("qos_policy_id", policy);
        cloud.api().update("networks", "network", blue.id(), change);
    }

    /** How many packets have come to the meters of the switch that alice is at. */
    private static long counted() {
        return COUNT.matcher(cloud.lab().chassis("hv1").ovsOfctl("meter-stats", "br-int"))
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .sum();
    }
}

package org.dragonflow.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dragonflow.flow.Header;
import org.dragonflow.trace.testing.OfprotoTrace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Holds the tracer to Open vSwitch: random packets through random flows in both. */
@EnabledIf("isInstalled")
class OvsAgreementTest {
    private static final int SWITCHES = 20;
    private static final int PACKETS = 40;

    private static OfprotoTrace ovs;

    static boolean isInstalled() {
        return OfprotoTrace.isInstalled();
    }

    @BeforeAll
    static void start() throws IOException {
        ovs = OfprotoTrace.start(RandomSwitch.PIPELINE, RandomSwitch.PORTS);
    }

    @AfterAll
    static void stop() {
        ovs.close();
    }

    @Test
    void everyLookupEveryHeaderAndEveryEndIsAsOfprotoTraceSays() throws IOException {
        var disagreements = new ArrayList<String>();
        for (int seed = 0; seed < SWITCHES; seed++) {
            var random = new Random(seed);
            var entries = new RandomSwitch(random).entries();
            ovs.install(entries);
            var tracer = new Tracer(RandomSwitch.PIPELINE, entries);
            var packets = new RandomPackets(random);
            for (int i = 0; i < PACKETS; i++) {
                var packet = arriving(packets, random);
                var difference = ovs.differencesFrom(tracer.trace(packet));
                if (!difference.isEmpty()) {
                    disagreements.add("seed %d, packet %d: %s".formatted(seed, i, difference));
                }
            }
        }
        assertThat(disagreements).isEmpty();
    }

    // The datapath keeps nothing from one packet to the next here: what it caches and what it tracks is checked
    // elsewhere.
    @Test
    void everyByteThatLeavesIsAsTheDatapathSendsIt() throws IOException {
        for (int seed = 100; seed < 100 + SWITCHES; seed++) {
            var random = new Random(seed);
            var entries = new RandomSwitch(random).entries();
            ovs.install(entries);
            ovs.appctl("revalidator/purge");
            var tracer = new Tracer(RandomSwitch.PIPELINE, entries);
            var packets = new RandomPackets(random);
            var before = sent();
            var expected = new ArrayList<String>();
            for (int i = 0; i < PACKETS; i++) {
                var packet = Packet.arriving(1 + random.nextInt(2), packets.whole());
                for (var out : tracer.trace(packet).outputs()) {
                    expected.add("p%d %s".formatted(out.port(), out.packet().frame()));
                }
                ovs.appctl("dpctl/flush-conntrack");
                ovs.appctl(
                        "netdev-dummy/receive",
                        "p" + packet.headers().number(Header.IN_PORT),
                        packet.frame().toString());
            }
            await().atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(20))
                    .untilAsserted(() -> assertThat(since(before)).containsExactlyInAnyOrderElementsOf(expected));
        }
    }

    private static List<String> since(List<String> before) throws IOException {
        var after = new ArrayList<>(sent());
        before.forEach(after::remove);
        return after;
    }

    private static List<String> sent() throws IOException {
        var all = new ArrayList<String>();
        for (int port = 1; port <= RandomSwitch.PORTS; port++) {
            for (var frame : ovs.sent(port)) {
                all.add("p%d %s".formatted(port, frame));
            }
        }
        return all;
    }

    private static Packet arriving(RandomPackets packets, Random random) {
        var packet = Packet.arriving(1 + random.nextInt(2), packets.next());
        return random.nextInt(4) > 0
                ? packet
                : packet.with(Header.TUN_ID, 1 + random.nextInt(2))
                        .with(Header.TUN_SRC, 0xc000_0201L)
                        .with(Header.TUN_DST, 0xc000_0202L)
                        .with(Header.TUN_METADATA0, random.nextInt(2));
    }
}

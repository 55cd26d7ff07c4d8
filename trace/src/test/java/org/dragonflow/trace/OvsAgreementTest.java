package org.dragonflow.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.dragonflow.trace.Draft.eth;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.dragonflow.packet.Bytes;
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

    // A datapath that measures by itself has both ways in one list of actions. Open vSwitch 3.1 gets those wrong for
    // some
    // packets that keep a tag, which what the apps route does not.
    @Test
    void aPacketIsMeasuredAsTheDatapathMeasuresIt() throws IOException {
        var first = RandomSwitch.PIPELINE.tables().get(0);
        var second = RandomSwitch.PIPELINE.tables().get(1);
        var larger = Field.reg("larger", 3, 7, 1);
        var tagged = Match.IPV4.and(Field.VLAN_VID, 0x1000, 0x1000);
        var hop = List.of(new Action.DecrementTtl(), new Action.CheckLarger(90, larger), Action.goTo(second));
        var entries = FlowTable.of(List.of(
                new Flow(first, 2, tagged, prepended(new Action.PopVlan(), hop), 1),
                new Flow(first, 1, Match.IPV4, hop, 2),
                new Flow(
                        second,
                        2,
                        Match.on(larger, 0).and(Match.IPV4),
                        List.of(
                                Action.set(Field.IPV4_DST, 0x0a00_0009),
                                new Action.PushVlan(0x8100),
                                Action.set(Field.VLAN_VID, 0x1005),
                                Action.output(3)),
                        3),
                new Flow(second, 1, Match.on(larger, 1), List.of(Action.output(4)), 4)));
        ovs.install(entries);
        ovs.measuring(true);
        var tracer = new Tracer(RandomSwitch.PIPELINE, entries);
        var before = sent();
        var expected = new ArrayList<String>();
        for (int length = 40; length <= 55; length++) {
            var plain =
                    eth().from(":0a").to(":0b").ip4("10.0.0.10", "10.0.0.11").udp(1000, 53, Bytes.zeros(length));
            for (var frame : List.of(plain.bytes(), plain.vlan(7).bytes())) {
                for (var out : tracer.trace(Packet.arriving(1, frame)).outputs()) {
                    expected.add("p%d %s".formatted(out.port(), out.packet().frame()));
                }
                ovs.appctl("netdev-dummy/receive", "p1", frame.toString());
            }
        }
        ovs.measuring(false);
        assertThat(expected).hasSize(32).anyMatch(out -> out.startsWith("p3")).anyMatch(out -> out.startsWith("p4"));
        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(since(before)).containsExactlyInAnyOrderElementsOf(expected));
    }

    private static List<Action> prepended(Action first, List<Action> rest) {
        return Stream.concat(Stream.of(first), rest.stream()).toList();
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

package org.dragonflow.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dragonflow.flow.Header;
import org.dragonflow.trace.testing.OfprotoTrace;
import org.dragonflow.trace.testing.ReferencePass;
import org.dragonflow.trace.testing.TracedPass;
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
                var difference = difference(tracer.trace(packet), packet);
                if (!difference.isEmpty()) {
                    disagreements.add("seed %d, packet %d: %s".formatted(seed, i, difference));
                }
            }
        }
        assertThat(disagreements).isEmpty();
    }

    private static Packet arriving(RandomPackets packets, Random random) {
        var packet = Packet.arriving(1 + random.nextInt(2), packets.next());
        return random.nextInt(4) > 0
                ? packet
                : packet.with(Header.TUN_ID, 1 + random.nextInt(2))
                        .with(Header.TUN_SRC, 0xc000_0201L)
                        .with(Header.TUN_DST, 0xc000_0202L);
    }

    private static List<String> difference(Trace trace, Packet packet) throws IOException {
        var ours = TracedPass.of(trace);
        var arguments = new ArrayList<>(List.of("br0", beside(packet)));
        ours.stream().skip(1).forEach(pass -> arguments.addAll(List.of("--ct-next", pass.state())));
        arguments.addAll(List.of("--names", packet.frame().toString()));
        var answer = ovs.appctl("ofproto/trace", arguments.toArray(String[]::new));
        var theirs = ReferencePass.parse(answer);
        if (ours.size() != theirs.size()) {
            return List.of("%d passes, theirs %d%n%s%n%s".formatted(ours.size(), theirs.size(), trace, answer));
        }
        for (int i = 0; i < ours.size(); i++) {
            if (ours.get(i).isReread()) {
                return List.of();
            }
            var differences = new ArrayList<>(ours.get(i).differencesFrom(theirs.get(i)));
            if (!differences.isEmpty()) {
                differences.add("\n" + trace + "\n" + answer);
                return differences;
            }
        }
        return List.of();
    }

    private static String beside(Packet packet) {
        var headers = packet.headers();
        var port = "in_port=" + headers.number(Header.IN_PORT);
        return headers.number(Header.TUN_DST) == 0
                ? port
                : port + ",tun_src=192.0.2.1,tun_dst=192.0.2.2,tun_id=" + headers.number(Header.TUN_ID);
    }
}

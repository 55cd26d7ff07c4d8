package org.dragonflow.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.dragonflow.trace.Draft.eth;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Table;
import org.dragonflow.trace.testing.OfprotoTrace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Errors about packets of translated connections leave the tracer byte for byte as they leave the datapath. Inside is port 1, outside 2. */
@EnabledIf("isInstalled")
class TranslatedErrorTest {
    private static final Table FIRST = Table.of("first", "test", "");
    private static final Table INSIDE = Table.of("inside", "test", "");
    private static final Table OUTSIDE = Table.of("outside", "test", "");
    private static final Pipeline PIPELINE = Pipeline.of(FIRST, INSIDE, OUTSIDE);

    static boolean isInstalled() {
        return OfprotoTrace.isInstalled();
    }

    private static Action translate(boolean source, String to, int port, Table next) {
        var address = IpAddress.parse(to);
        return new Action.Ct(
                true,
                false,
                new Action.Zone.Fixed(7),
                Optional.of(next),
                Optional.of(new Action.Nat(source, Optional.of(new Action.Nat.Range(address, address, port, port)))),
                List.of());
    }

    private static Action back(Table next) {
        return new Action.Ct(
                false, false, new Action.Zone.Fixed(7), Optional.of(next), Optional.of(Action.Nat.BACK), List.of());
    }

    private static FlowTable entries(Match ip, Field destination, String shared, String floating, String server) {
        var in = Match.on(Field.IN_PORT, 1);
        var out = Match.on(Field.IN_PORT, 2);
        return FlowTable.of(List.of(
                new Flow(FIRST, 1, and(in, ip), List.of(translate(true, shared, 5000, OUTSIDE)), 1),
                new Flow(FIRST, 1, and(out, ip), List.of(back(INSIDE)), 2),
                new Flow(
                        FIRST,
                        2,
                        and(out, ip).and(destination, IpAddress.parse(floating)),
                        List.of(translate(false, server, 8080, INSIDE)),
                        3),
                new Flow(INSIDE, 1, Match.ANY, List.of(Action.output(1)), 4),
                new Flow(OUTSIDE, 1, Match.ANY, List.of(Action.output(2)), 5)));
    }

    private static Match and(Match a, Match b) {
        var result = a;
        for (var test : b.tests()) {
            result = result.and(Field.of(test.header()), test.value().low());
        }
        return result;
    }

    private record Sent(int port, Draft draft) {}

    @Test
    void errorsAboutTranslatedPacketsOfIpv4() throws IOException {
        var client = "10.0.0.10";
        var server = "10.0.0.11";
        var far = "198.51.100.9";
        var shared = "203.0.113.7";
        var floating = "203.0.113.8";
        var asked = eth().ip4(client, far).udp(1000, 53);
        var seen = eth().ip4(shared, far).udp(5000, 53);
        var answer = eth().ip4(far, shared).udp(53, 5000);
        var got = eth().ip4(far, client).udp(53, 1000);
        var opened = eth().ip4(far, floating).tcp(9, 80);
        var opening = eth().ip4(far, server).tcp(9, 8080);
        var accepted = eth().ip4(server, far).tcp(8080, 9, 0x12);
        var accepts = eth().ip4(floating, far).tcp(80, 9, 0x12);
        agree(
                entries(Match.IPV4, Field.IPV4_DST, shared, floating, server),
                List.of(
                        new Sent(1, asked),
                        new Sent(2, answer),
                        new Sent(2, eth().ip4(far, shared).icmpUnreachable(seen)),
                        new Sent(2, eth().ip4("192.0.2.77", shared).icmpUnreachable(seen)),
                        new Sent(1, eth().ip4(client, far).icmpEcho()),
                        new Sent(
                                2,
                                eth().ip4("192.0.2.77", shared)
                                        .icmpUnreachable(eth().ip4(shared, far).icmpEcho())),
                        new Sent(1, eth().ip4(client, far).icmpUnreachable(got)),
                        new Sent(2, opened),
                        new Sent(1, eth().ip4(server, far).icmpUnreachable(opening)),
                        new Sent(1, accepted),
                        new Sent(2, eth().ip4(far, floating).icmpUnreachable(accepts))));
    }

    @Test
    void errorsAboutTranslatedPacketsOfIpv6() throws IOException {
        var client = "fd00::10";
        var server = "fd00::11";
        var far = "2001:db8:9::9";
        var shared = "2001:db8::7";
        var floating = "2001:db8::8";
        var asked = eth().ip6(client, far).udp(1000, 53);
        var seen = eth().ip6(shared, far).udp(5000, 53);
        var answer = eth().ip6(far, shared).udp(53, 5000);
        var got = eth().ip6(far, client).udp(53, 1000);
        // Of TCP, Open vSwitch 3.1 writes the checksum into the quoted addresses; no app translates IPv6.
        var opened = eth().ip6(far, floating).udp(9, 80);
        var opening = eth().ip6(far, server).udp(9, 8080);
        agree(
                entries(Match.IPV6, Field.IPV6_DST, shared, floating, server),
                List.of(
                        new Sent(1, asked),
                        new Sent(2, answer),
                        new Sent(2, eth().ip6(far, shared).icmpUnreachable(seen)),
                        new Sent(1, eth().ip6(client, far).icmpUnreachable(got)),
                        new Sent(2, opened),
                        new Sent(1, eth().ip6(server, far).icmpUnreachable(opening))));
    }

    private static void agree(FlowTable entries, List<Sent> packets) throws IOException {
        try (var ovs = OfprotoTrace.start(PIPELINE, 2)) {
            ovs.install(entries);
            var tracer = new Tracer(PIPELINE, entries);
            var connections = Conntrack.EMPTY;
            for (var packet : packets) {
                var bytes = packet.draft().from(":0a").to(":0b").bytes();
                var trace = tracer.trace(Packet.arriving(packet.port(), bytes), connections);
                connections = trace.connections();
                var before = sent(ovs);
                ovs.appctl("netdev-dummy/receive", "p" + packet.port(), bytes.toString());
                var expected = new ArrayList<>(before);
                trace.outputs().forEach(out -> expected.add(out.packet().frame().toString()));
                assertThat(trace.outputs()).isNotEmpty();
                await().atMost(Duration.ofSeconds(2))
                        .pollInterval(Duration.ofMillis(10))
                        .untilAsserted(() -> assertThat(sent(ovs)).containsExactlyInAnyOrderElementsOf(expected));
            }
        }
    }

    private static List<String> sent(OfprotoTrace ovs) throws IOException {
        var all = new ArrayList<>(ovs.sent(1));
        all.addAll(ovs.sent(2));
        return all;
    }
}

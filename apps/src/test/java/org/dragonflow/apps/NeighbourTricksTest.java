package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import java.util.List;
import org.dragonflow.address.Ipv6;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NdOption;
import org.dragonflow.packet.NeighbourDiscovery.NeighbourAdvertisement;
import org.dragonflow.packet.NeighbourDiscovery.NeighbourSolicitation;
import org.dragonflow.packet.RawIcmpv6;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Step;
import org.dragonflow.trace.Trace;
import org.junit.jupiter.api.Test;

/** What needs no rule of a security group cannot be used to go around the rules, nor around port security. */
class NeighbourTricksTest {
    private static final String SILENT = """
            chassis hv1 192.0.2.1
            network blue
            subnet blue6 on blue 2001:db8:0:0::/64
            network red
            subnet red6 on red 2001:db8:0:1::/64
            router r1
            port r1blue on blue mac :b1 ip 2001:db8:0:0::1 of r1
            port r1red on red mac :c1 ip 2001:db8:0:1::1 of r1
            group silent
            port alice on blue mac :0a ip 2001:db8:0:0::a at hv1 groups silent
            port bob on blue mac :0b ip 2001:db8:0:0::b at hv1 groups silent
            port carol on red mac :0c ip 2001:db8:0:1::c at hv1 groups silent
            """;

    private static Draft fromAlice(String mac, String to) {
        return eth().from(":0a").to(mac).ip6("2001:db8::a", to);
    }

    private static RawIcmpv6 message(int type) {
        return new RawIcmpv6(type, 0, 0, Bytes.zeros(16));
    }

    @Test
    void aSolicitationThatSaysAnAddressTwiceIsDropped() {
        var target = Ipv6.parse("2001:db8::77");
        var forged = new NdOption.SourceMac(Draft.mac(":66"));
        var twice = new NeighbourSolicitation(target, List.of(forged, forged));
        var cloud = Cloud.of(SILENT);
        assertThat(cloud.send("alice", fromAlice(":0b", "2001:db8::b").nd(twice)))
                .isDroppedIn(Tables.ND_SECURITY);
        var own = NeighbourSolicitation.of(target, Draft.mac(":0a"));
        assertThat(cloud.send("alice", fromAlice(":0b", "2001:db8::b").nd(own))).comesOutAt("bob");
    }

    /** Of a switch that sets flags or an option where there is none, OVS 3.1 writes behind the end of the packet, and may crash. */
    @Test
    void aSolicitationWithoutAnOptionIsAnsweredWithoutOne() {
        var cloud = Cloud.of(SILENT);
        var probe = new NeighbourSolicitation(Ipv6.parse("2001:db8::b"), List.of());
        var plain = cloud.send("alice", fromAlice(":0b", "2001:db8::b").nd(probe));
        var unnamed = cloud.send(
                "alice", eth().from(":0a").to(":0b").ip6("::", "ff02::1:ff00:b").nd(probe));
        for (var journey : List.of(plain, unnamed)) {
            assertThat(journey).comesOutAt("alice");
            assertThat(journey.traces().flatMap(Trace::lookups).map(Step.LookedUp::table))
                    .doesNotContain(Tables.ANSWER_ND);
            var answer = (Ipv6Packet) journey.at("alice").getFirst().ethernet().payload();
            assertThat(answer.source()).hasToString("2001:db8::b");
            assertThat(answer.peek())
                    .isEqualTo(new NeighbourAdvertisement(false, false, false, Ipv6.parse("2001:db8::b"), List.of()));
        }
        assertThat(unnamed.at("alice").getFirst().ethernet().destination()).hasToString("33:33:00:00:00:01");
    }

    @Test
    void whatHasPassedARouterIsNoNeighbourDiscovery() {
        for (int type : List.of(130, 131, 132, 133, 136, 143)) {
            var routed =
                    fromAlice(":b1", "2001:db8:0:1::c").carrying(message(type)).ttl(255);
            assertThat(Cloud.of(SILENT).send("alice", routed)).isDropped();
        }
    }

    @Test
    void aListenersReportMayLeaveOnItsOwnLinkOnly() {
        var cloud = Cloud.of(SILENT);
        var report = fromAlice("33:33:00:00:00:16", "ff02::16").carrying(message(143));
        assertThat(cloud.send("alice", report.ttl(1))).comesOutAt("bob");
        assertThat(cloud.send("alice", report.ttl(64))).isDropped();
    }
}

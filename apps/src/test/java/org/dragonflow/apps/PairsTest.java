package org.dragonflow.apps;

import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import org.dragonflow.packet.Tcp;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two filtered ports of one chassis: their connection is looked up once a packet, and held to the rules of both as if it were looked up twice. */
class PairsTest {
    private static final String HERE = """
            chassis hv1 192.0.2.1
            chassis hv2 192.0.2.2
            network blue
            subnet blue4 on blue 10.0.0.0/24
            subnet blue6 on blue 2001:db8::/64
            network red
            subnet red4 on red 10.0.1.0/24
            router r1
            port r1blue on blue mac :b1 ip 10.0.0.1 of r1
            port r1red on red mac :c1 ip 10.0.1.1 of r1
            port web on blue mac :0a ip 10.0.0.10 ip 2001:db8::a at hv1 groups web
            port near on blue mac :0b ip 10.0.0.11 ip 2001:db8::b at hv1 groups client
            port red on red mac :0c ip 10.0.1.12 at hv1 groups client
            group web
            rule web ingress tcp 80-80
            rule web ingress tcp 50000-50000
            rule web ingress udp 53-53
            rule web ingress icmp
            """ + Scenario.everythingMayLeave("client");

    private static final int CLIENT = 40_000;

    private static Draft near() {
        return eth().from(":0b").to(":0a").ip4("10.0.0.11", "10.0.0.10");
    }

    private static Draft web() {
        return eth().from(":0a").to(":0b").ip4("10.0.0.10", "10.0.0.11");
    }

    private static Draft red() {
        return eth().from(":0c").to(":c1").ip4("10.0.1.12", "10.0.0.10");
    }

    private static Draft webToRed() {
        return eth().from(":0a").to(":b1").ip4("10.0.0.10", "10.0.1.12");
    }

    private static Cloud connected(String scenario, int client, int server) {
        var cloud = Cloud.of(scenario);
        assertThat(cloud.send("near", near().tcp(client, server))).comesOutAt("web");
        assertThat(cloud.send("web", web().tcp(server, client, Tcp.SYN | Tcp.ACK)))
                .comesOutAt("near");
        assertThat(cloud.send("near", near().tcp(client, server, Tcp.ACK))).comesOutAt("web");
        return cloud;
    }

    private static Journey data(Cloud cloud) {
        return cloud.send("near", near().tcp(CLIENT, 80, Tcp.ACK));
    }

    private static Journey answer(Cloud cloud) {
        return cloud.send("web", web().tcp(80, CLIENT, Tcp.ACK));
    }

    @Test
    void aConnectionIsLookedUpOnceAPacketInBothDirections() {
        var cloud = connected(HERE, CLIENT, 80);
        assertThat(data(cloud)).comesOutAt("web").isLookedUp(1);
        assertThat(answer(cloud)).comesOutAt("near").isLookedUp(1);
    }

    @Test
    void soItIsAcrossARouter() {
        var cloud = Cloud.of(HERE);
        assertThat(cloud.send("red", red().tcp(CLIENT, 80))).comesOutAt("web").isLookedUp(2);
        assertThat(cloud.send("web", webToRed().tcp(80, CLIENT, Tcp.SYN | Tcp.ACK)))
                .comesOutAt("red")
                .isLookedUp(1);
        assertThat(cloud.send("red", red().tcp(CLIENT, 80, Tcp.ACK)))
                .comesOutAt("web")
                .isLookedUp(1);
    }

    /** Which zone is asked first is a guess by port numbers; a wrong one costs a lookup more, and nothing else. */
    @ParameterizedTest
    @CsvSource({"50000,50000", "1023,50000", "1023,80"})
    void whateverThePortsAreAnAnswerNeedsNoRule(int client, int server) {
        var cloud = connected(HERE, client, server);
        assertThat(cloud.send("web", web().tcp(server, client, Tcp.ACK))).comesOutAt("near");
        assertThat(cloud.send("near", near().tcp(client, server, Tcp.ACK))).comesOutAt("web");
        assertThat(cloud.send("web", web().tcp(server, client + 1, Tcp.ACK))).isDropped();
        assertThat(cloud.send("near", near().tcp(client, server + 1))).isDropped();
    }

    @Test
    void whatLooksLikeAnAnswerAndIsNoneIsForTheRules() {
        var cloud = Cloud.of(HERE);
        assertThat(cloud.send("web", web().tcp(80, CLIENT, Tcp.SYN | Tcp.ACK))).isDropped();
        assertThat(cloud.send("web", web().udp(53, CLIENT))).isDropped();
        assertThat(cloud.send("near", near().udp(53, CLIENT))).isDropped();
        assertThat(cloud.send("near", near().udp(CLIENT, 53))).comesOutAt("web");
        assertThat(cloud.send("web", web().udp(53, CLIENT))).comesOutAt("near");
    }

    @Test
    void theRulesOfTheTargetStopAConnectionInBothDirectionsAndLetItGoOn() {
        var cloud = connected(HERE, CLIENT, 80);
        cloud.change(Scenario.of(HERE.replace("rule web ingress tcp 80-80\n", "")));
        assertThat(data(cloud)).isDroppedIn(Tables.TO_PORT_VERDICT);
        assertThat(answer(cloud)).isDroppedIn(Tables.FROM_PORT_STATE);
        cloud.change(Scenario.of(HERE));
        assertThat(data(cloud)).comesOutAt("web");
        assertThat(answer(cloud)).comesOutAt("near");
    }

    @Test
    void theRulesOfTheSenderDoSoToo() {
        var cloud = connected(HERE, CLIENT, 80);
        cloud.change(Scenario.of(HERE.replace(Scenario.everythingMayLeave("client"), "group client\n")));
        assertThat(data(cloud)).isDroppedIn(Tables.FROM_PORT_VERDICT);
        assertThat(answer(cloud)).isDroppedIn(Tables.FROM_PORT_STATE);
        cloud.change(Scenario.of(HERE));
        assertThat(data(cloud)).comesOutAt("web");
        assertThat(answer(cloud)).comesOutAt("near");
    }

    @Test
    void onePortsRulesDoNotSpeakForTheOthers() {
        var shut = HERE.replace("rule web ingress tcp 80-80\n", "");
        var cloud = connected(HERE, CLIENT, 80);
        cloud.change(Scenario.of(shut.replace(Scenario.everythingMayLeave("client"), "group client\n")));
        assertThat(data(cloud)).isDropped();
        cloud.change(Scenario.of(shut));
        assertThat(data(cloud)).isDropped();
        assertThat(answer(cloud)).isDropped();
        cloud.change(Scenario.of(HERE));
        assertThat(data(cloud)).comesOutAt("web");
        assertThat(answer(cloud)).comesOutAt("near");
    }

    @Test
    void anErrorPassesInBothDirectionsWhileItsConnectionMay() {
        var cloud = connected(HERE, CLIENT, 80);
        var sent = near().tcp(CLIENT, 80, Tcp.ACK);
        var answered = web().tcp(80, CLIENT, Tcp.ACK);
        assertThat(cloud.send("web", web().icmpUnreachable(sent))).comesOutAt("near");
        cloud.change(Scenario.of(HERE.replace("rule web ingress icmp\n", "")));
        assertThat(cloud.send("near", near().icmpUnreachable(answered))).comesOutAt("web");
        assertThat(cloud.send("near", near().icmpUnreachable(web().tcp(81, CLIENT))))
                .isDropped();
    }

    @Test
    void whatAServerIsRefusedOnceItMaySendAgain() {
        var shut = HERE.replace("rule web ingress udp 53-53\n", "");
        var cloud = Cloud.of(shut);
        assertThat(cloud.send("near", near().udp(CLIENT, 53))).isDropped();
        cloud.change(Scenario.of(HERE));
        assertThat(cloud.send("near", near().udp(CLIENT, 53))).comesOutAt("web");
        assertThat(cloud.send("web", web().udp(53, CLIENT))).comesOutAt("near");
    }

    @Test
    void aClientThatStaysHearsAServerThatHasMovedAway() {
        var moved = Scenario.of(HERE.replace("ip 2001:db8::a at hv1", "ip 2001:db8::a at hv2"));
        var cloud = connected(HERE, CLIENT, 80).change(moved);
        // As it is sent by the server on its new chassis, where no connection is known.
        cloud.change(moved.and("rule web egress"));
        assertThat(answer(cloud)).comesOutAt("near");
        assertThat(data(cloud)).comesOutAt("web");
    }

    @Test
    void aServerThatStaysHearsAClientThatHasMovedAwayAndMayAnswer() {
        var cloud = connected(HERE, CLIENT, 80)
                .change(Scenario.of(HERE.replace("ip 2001:db8::b at hv1", "ip 2001:db8::b at hv2")));
        assertThat(data(cloud)).comesOutAt("web");
        assertThat(answer(cloud)).comesOutAt("near");
    }

    @Test
    void anotherPortThatGetsTheServersAddressAnswersNothingThatItWasNotAsked() {
        var cloud = connected(HERE, CLIENT, 80);
        cloud.change(Scenario.of(HERE.replace("10.0.0.10", "10.0.0.20") + """
                port thief on blue mac :0f ip 10.0.0.10 at hv1 groups thief
                group thief
                """));
        var packet = eth().from(":0f").to(":0b").ip4("10.0.0.10", "10.0.0.11").tcp(80, CLIENT, Tcp.ACK);
        assertThat(cloud.send("thief", packet)).isDropped();
    }

    @Test
    void aStatelessGroupOfTheSenderEntersNothingForEither() {
        var scenario =
                HERE.replace("groups client", "groups client,loose").replace("rule client egress", "rule loose egress")
                        + "group loose stateless\n";
        var cloud = Cloud.of(scenario);
        assertThat(cloud.send("near", near().tcp(CLIENT, 80))).comesOutAt("web");
        assertThat(cloud.send("web", web().tcp(80, CLIENT, Tcp.SYN | Tcp.ACK))).isDropped();
    }

    @Test
    void anAnswerThatTakesAnotherWayFindsItsConnectionToo() {
        var cloud = Cloud.of(HERE + """
                router r2 route 10.0.1.0/24 via 10.0.0.1
                port r2blue on blue mac :b2 ip 10.0.0.2 of r2
                """);
        assertThat(cloud.send("red", red().tcp(CLIENT, 80))).comesOutAt("web");
        var byAnotherRouter = eth().from(":0a").to(":b2").ip4("10.0.0.10", "10.0.1.12");
        assertThat(cloud.send("web", byAnotherRouter.tcp(80, CLIENT, Tcp.SYN | Tcp.ACK)))
                .comesOutAt("red");
    }

    @Test
    void aClientThatSpeaksFromAFurtherAddressOfItsOwnIsAnswered() {
        var cloud = Cloud.of(HERE.replace("at hv1 groups client", "at hv1 pair 10.0.0.99 groups client"));
        var further = eth().from(":0b").to(":0a").ip4("10.0.0.99", "10.0.0.10");
        assertThat(cloud.send("near", further.tcp(CLIENT, 80))).comesOutAt("web");
        var answer = eth().from(":0a").to(":0b").ip4("10.0.0.10", "10.0.0.99");
        assertThat(cloud.send("web", answer.tcp(80, CLIENT, Tcp.SYN | Tcp.ACK))).comesOutAt("near");
    }

    @Test
    void networksThatOverlapKeepTheirConnectionsApart() {
        var cloud = Cloud.of(HERE + """
                network green
                subnet green4 on green 10.0.0.0/24
                router r3
                port r3green on green mac :d1 ip 10.0.0.1 of r3
                port r3red on red mac :d2 ip 10.0.1.3 of r3
                port twin on green mac :1a ip 10.0.0.10 at hv1 groups web
                port other on green mac :1b ip 10.0.0.11 at hv1 groups client
                """);
        var there = eth().from(":1b").to(":1a").ip4("10.0.0.11", "10.0.0.10");
        var back = eth().from(":1a").to(":1b").ip4("10.0.0.10", "10.0.0.11");
        assertThat(cloud.send("near", near().tcp(CLIENT, 80))).comesOutAt("web");
        assertThat(cloud.send("twin", back.tcp(80, CLIENT, Tcp.SYN | Tcp.ACK))).isDropped();
        assertThat(cloud.send("other", there.tcp(CLIENT, 80))).comesOutAt("twin");
        assertThat(cloud.send("twin", back.tcp(80, CLIENT, Tcp.SYN | Tcp.ACK))).comesOutAt("other");
        assertThat(cloud.send("web", web().tcp(80, CLIENT, Tcp.SYN | Tcp.ACK))).comesOutAt("near");
    }

    @Test
    void overIpv6ItIsTheSame() {
        var v6 = HERE + "rule web ingress ipv6 tcp 80-80\nrule client egress ipv6\n";
        var cloud = Cloud.of(v6);
        var there = eth().from(":0b").to(":0a").ip6("2001:db8::b", "2001:db8::a");
        var back = eth().from(":0a").to(":0b").ip6("2001:db8::a", "2001:db8::b");
        assertThat(cloud.send("near", there.tcp(CLIENT, 80))).comesOutAt("web");
        assertThat(cloud.send("web", back.tcp(80, CLIENT, Tcp.SYN | Tcp.ACK)))
                .comesOutAt("near")
                .isLookedUp(1);
        assertThat(cloud.send("near", there.tcp(CLIENT, 80, Tcp.ACK)))
                .comesOutAt("web")
                .isLookedUp(1);
    }
}

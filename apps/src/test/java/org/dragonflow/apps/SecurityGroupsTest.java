package org.dragonflow.apps;

import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.dragonflow.flow.Flow;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Tcp;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What rules allow passes, with the answers to it; nothing else does. */
class SecurityGroupsTest {
    private static final String WEB = """
            chassis hv1 192.0.2.1
            chassis hv2 192.0.2.2
            network blue
            subnet blue4 on blue 10.0.0.0/24
            subnet blue6 on blue 2001:db8::/64
            port web on blue mac :0a ip 10.0.0.10 ip 2001:db8::a at hv1 groups web
            port near on blue mac :0b ip 10.0.0.11 ip 2001:db8::b at hv1 groups client
            port far on blue mac :0c ip 10.0.0.12 ip 2001:db8::c at hv2 groups client
            port other on blue mac :0d ip 10.0.0.13 ip 2001:db8::d at hv2 groups other
            """
            + Scenario.everythingMayLeave("web") + Scenario.everythingMayLeave("client")
            + Scenario.everythingMayLeave("other");

    private static Scenario with(String rules) {
        return Scenario.of(WEB).and(rules);
    }

    private static Draft from(String port) {
        return switch (port) {
            case "web" -> eth().from(":0a").to(":0b").ip4("10.0.0.10", "10.0.0.11");
            case "near" -> eth().from(":0b").to(":0a").ip4("10.0.0.11", "10.0.0.10");
            case "far" -> eth().from(":0c").to(":0a").ip4("10.0.0.12", "10.0.0.10");
            default -> eth().from(":0d").to(":0a").ip4("10.0.0.13", "10.0.0.10");
        };
    }

    private static Journey syn(Cloud cloud, String port, int destination) {
        return cloud.send(port, from(port).tcp(40_000, destination));
    }

    @Test
    void withoutARuleNothingComesIn() {
        assertThat(syn(Cloud.of(WEB), "near", 80)).isDroppedIn(Tables.TO_PORT_VERDICT);
        assertThat(syn(Cloud.of(WEB), "far", 80)).isDroppedIn(Tables.TO_PORT_VERDICT);
    }

    @Test
    void aPortWithoutGroupsNeitherSpeaksNorHears() {
        var cloud = Cloud.of(with("port near on blue mac :0b ip 10.0.0.11 at hv1\nrule web ingress"));
        assertThat(syn(cloud, "near", 80)).isDropped();
        assertThat(cloud.send("web", from("web").tcp(1, 2))).isDropped();
    }

    @Test
    void anOpenPortIsNotFiltered() {
        var cloud = Cloud.of(with("port near on blue mac :0b ip 10.0.0.11 at hv1 open\nrule web ingress"));
        assertThat(syn(cloud, "near", 80)).comesOutAt("web");
        assertThat(cloud.send("web", from("web").tcp(1, 2))).comesOutAt("near");
    }

    @ParameterizedTest
    @CsvSource({"79,false", "80,true", "85,true", "90,true", "91,false"})
    void aRangeOfPortsIsAllowedFromEndToEnd(int port, boolean passes) {
        var journey = syn(Cloud.of(with("rule web ingress tcp 80-90")), "far", port);
        assertThat(journey).comesOutAt(passes ? new String[] {"web"} : new String[0]);
    }

    @Test
    void anAnswerNeedsNoRuleAndAnUnaskedPacketDoes() {
        var cloud = Cloud.of(with("rule web ingress tcp 80-80"));
        var answer = from("web").tcp(80, 40_000, Tcp.SYN | Tcp.ACK);
        assertThat(cloud.send("web", from("web").tcp(1, 2))).isDropped();
        assertThat(syn(cloud, "near", 80)).comesOutAt("web");
        assertThat(cloud.send("web", answer)).comesOutAt("near");
    }

    @Test
    void anAnswerAcrossChassisNeedsNoRuleEither() {
        var cloud = Cloud.of(with("rule web ingress tcp 80-80"));
        assertThat(syn(cloud, "far", 80)).comesOutAt("web");
        assertThat(cloud.send(
                        "web",
                        eth().from(":0a")
                                .to(":0c")
                                .ip4("10.0.0.10", "10.0.0.12")
                                .tcp(80, 40_000, Tcp.SYN | Tcp.ACK)))
                .comesOutAt("far");
    }

    @Test
    void whatTheSendersRulesLetOutStillMeetsTheReceiversRules() {
        // In one zone for both ports, the connection that the sender committed would pass the receiver unasked.
        var cloud = Cloud.of(WEB);
        assertThat(syn(cloud, "near", 80)).isDropped();
        assertThat(syn(cloud, "near", 80)).isDropped();
    }

    @Test
    void anEstablishedConnectionStopsWhenItsRuleGoesAndGoesOnWhenTheRuleIsBack() {
        var scenario = with("rule web ingress tcp 80-80");
        var rule = scenario.northbound()
                .find(org.dragonflow.model.Query.all(SecurityGroupRule.class))
                .filter(r -> r.portRangeMin().isPresent())
                .findFirst()
                .orElseThrow();
        var cloud = Cloud.of(scenario);
        var data = from("near").tcp(40_000, 80, Tcp.ACK);
        var answer = from("web").tcp(80, 40_000, Tcp.ACK);
        syn(cloud, "near", 80);
        cloud.send("web", from("web").tcp(80, 40_000, Tcp.SYN | Tcp.ACK));
        assertThat(cloud.send("near", data)).comesOutAt("web");
        cloud.change(scenario.without(SecurityGroupRule.class, rule.id().value()));
        assertThat(cloud.send("near", data)).isDropped();
        assertThat(cloud.send("web", answer)).isDropped();
        cloud.change(scenario.and("rule web ingress tcp 80-80"));
        assertThat(cloud.send("near", data)).comesOutAt("web");
        assertThat(cloud.send("web", answer)).comesOutAt("near");
    }

    @Test
    void aRemoteGroupMeansItsMembersWhereverTheyAre() {
        var cloud = Cloud.of(with("rule web ingress tcp 22-22 from group client"));
        assertThat(syn(cloud, "near", 22)).comesOutAt("web");
        assertThat(syn(cloud, "far", 22)).comesOutAt("web");
        assertThat(syn(cloud, "far", 23)).isDropped();
        assertThat(syn(cloud, "other", 22)).isDropped();
    }

    @Test
    void aRemoteGroupWithoutPortsMeansEverythingFromItsMembers() {
        var cloud = Cloud.of(with("rule web ingress ipv6 from group client"));
        assertThat(cloud.send(
                        "far",
                        eth().from(":0c")
                                .to(":0a")
                                .ip6("2001:db8::c", "2001:db8::a")
                                .icmpEcho()))
                .comesOutAt("web");
        assertThat(cloud.send(
                        "other",
                        eth().from(":0d")
                                .to(":0a")
                                .ip6("2001:db8::d", "2001:db8::a")
                                .icmpEcho()))
                .isDropped();
        assertThat(syn(cloud, "far", 22)).isDropped();
    }

    @Test
    void twoGroupsThatAllowTheSamePortFromDifferentPeersKeepThemApart() {
        var cloud = Cloud.of(with("""
                port web on blue mac :0a ip 10.0.0.10 at hv1 groups web,extra
                group extra
                rule web ingress tcp 22-22 from group client
                rule extra ingress tcp 23-23 from group other
                """));
        assertThat(syn(cloud, "far", 22)).comesOutAt("web");
        assertThat(syn(cloud, "far", 23)).isDropped();
        assertThat(syn(cloud, "other", 23)).comesOutAt("web");
        assertThat(syn(cloud, "other", 22)).isDropped();
    }

    @Test
    void anAddressGroupAndAPrefixMeanTheirBlocks() {
        var cloud = Cloud.of(
                with(
                        "addresses lan 10.0.0.12/30\nrule web ingress tcp 22-22 from addresses lan\nrule web ingress tcp 23-23 from 10.0.0.11/32"));
        assertThat(syn(cloud, "far", 22)).comesOutAt("web");
        assertThat(syn(cloud, "other", 22)).comesOutAt("web");
        assertThat(syn(cloud, "near", 22)).isDropped();
        assertThat(syn(cloud, "near", 23)).comesOutAt("web");
        assertThat(syn(cloud, "far", 23)).isDropped();
    }

    @Test
    void aStatelessGroupAllowsBothWaysOnlyByRules() {
        var scenario = with("group web stateless\nrule web ingress tcp 80-80\nrule client ingress tcp 40000-40000");
        var cloud = Cloud.of(scenario);
        assertThat(syn(cloud, "near", 80)).comesOutAt("web");
        assertThat(cloud.send("web", from("web").tcp(80, 40_000, Tcp.SYN | Tcp.ACK)))
                .comesOutAt("near");
        var silent = scenario.northbound()
                .find(SecurityGroupRule.of(Scenario.group("web")))
                .filter(r -> r.direction() == SecurityGroupRule.Direction.EGRESS)
                .map(r -> r.id().value())
                .toList();
        silent.forEach(id -> scenario.without(SecurityGroupRule.class, id));
        cloud.change(scenario);
        assertThat(cloud.send("web", from("web").tcp(80, 40_000, Tcp.SYN | Tcp.ACK)))
                .isDropped();
    }

    @Test
    void icmpIsAllowedByTypeAndCode() {
        var cloud = Cloud.of(with("rule web ingress icmp 8-0"));
        assertThat(cloud.send("near", from("near").icmpEcho())).comesOutAt("web");
        assertThat(syn(cloud, "near", 80)).isDropped();
    }

    @Test
    void anIcmpErrorAboutAnAllowedConnectionPasses() {
        var cloud = Cloud.of(with("rule web ingress udp 53-53"));
        var question = from("near").udp(5_000, 53);
        assertThat(cloud.send("near", question)).comesOutAt("web");
        assertThat(cloud.send("web", from("web").icmpUnreachable(question))).comesOutAt("near");
    }

    @Test
    void egressIsHeldToRulesToo() {
        var scenario = with("rule web ingress");
        scenario.northbound()
                .find(SecurityGroupRule.of(Scenario.group("client")))
                .forEach(r -> scenario.without(SecurityGroupRule.class, r.id().value()));
        assertThat(syn(Cloud.of(scenario), "near", 80)).isDroppedIn(Tables.FROM_PORT_VERDICT);
        assertThat(syn(Cloud.of(scenario.and("rule client egress tcp 443-443 from group web")), "near", 443))
                .comesOutAt("web");
    }

    @Test
    void flowsGrowWithPortsAndRulesAndMembersAndNotWithTheirProduct() {
        var few = count(4, 5);
        var morePorts = count(8, 5);
        var moreRules = count(4, 10);
        var both = count(8, 10);
        org.assertj.core.api.Assertions.assertThat(both - morePorts).isEqualTo(moreRules - few);
    }

    private static long count(int ports, int rules) {
        var text = new StringBuilder(WEB);
        IntStream.range(0, ports)
                .forEach(i -> text.append(
                        "port p%d on blue mac :%02x ip 10.0.0.%d at hv1 groups web\n".formatted(i, 100 + i, 100 + i)));
        IntStream.range(0, rules)
                .forEach(i -> text.append("rule web ingress tcp %d-%d from group web\n".formatted(2 * i, 2 * i)));
        var tables =
                List.of(Tables.TO_PORT_RULES, Tables.TO_PORT_GROUPS, Tables.FROM_PORT_RULES, Tables.FROM_PORT_GROUPS);
        return Cloud.of(text.toString())
                .compiler("hv1")
                .flows()
                .flows()
                .map(Flow::table)
                .filter(tables::contains)
                .count();
    }

    @ParameterizedTest
    @CsvSource({"0,65535", "1,65535", "0,0", "65535,65535", "80,90", "1024,65535", "5,6", "32767,32769"})
    void blocksOfPortsAreTheRangeAndNothingElse(int first, int last) {
        var blocks = Protocols.blocks(first, last);
        for (int port = 0; port <= 0xffff; port++) {
            int p = port;
            long covering =
                    blocks.stream().filter(b -> (p & b.mask()) == b.value()).count();
            org.assertj.core.api.Assertions.assertThat(covering).isEqualTo(port >= first && port <= last ? 1 : 0);
        }
    }

    // ---- Pieces.

    private static List<Draft> pieces(String port, int destination) {
        return from(port).udp(40_000, destination, Bytes.zeros(24)).pieces(16, 1);
    }

    private static List<Draft> pieces6(String port, int destination) {
        var frame = port.equals("near") ? eth().from(":0b") : eth().from(":0c");
        return frame.to(":0a")
                .ip6(port.equals("near") ? "2001:db8::b" : "2001:db8::c", "2001:db8::a")
                .udp(40_000, destination, Bytes.zeros(24))
                .pieces(16, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"near", "far"})
    void ofAPacketInPiecesTheFirstIsJudgedByItsPortAndTheOthersWaitForIt(String port) {
        var cloud = Cloud.of(with("rule web ingress udp 53-53\nrule web ingress ipv6 udp 53-53"));
        for (var allowed : List.of(pieces(port, 53), pieces6(port, 53))) {
            assertThat(cloud.send(port, allowed.get(0))).comesOutAt("web");
            assertThat(cloud.send(port, allowed.get(1))).comesOutAt("web");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"near", "far"})
    void whereTheFirstPieceMayNotComeInNoneDoes(String port) {
        var cloud = Cloud.of(with("rule web ingress udp 53-53\nrule web ingress ipv6 udp 53-53"));
        for (var shut : List.of(pieces(port, 54), pieces6(port, 54))) {
            assertThat(cloud.send(port, shut.get(0))).isDropped();
            assertThat(cloud.send(port, shut.get(1))).isDropped();
        }
    }

    @Test
    void ofAPingInPiecesTheTypeIsKnown() {
        var ping = from("near").icmpEcho();
        var open = Cloud.of(with("rule web ingress icmp 8-0"));
        assertThat(open.send("near", ping.pieces(8, 1).get(0))).comesOutAt("web");
        assertThat(open.send("near", ping.pieces(8, 1).get(1))).comesOutAt("web");
        // To a switch that shows none, the type of a piece is 0.
        var shut = Cloud.of(with("rule web ingress icmp 0-0"));
        assertThat(shut.send("near", ping.pieces(8, 1).get(0))).isDropped();
        assertThat(shut.send("near", ping.pieces(8, 1).get(1))).isDropped();
    }

    /** Its answers are stopped by the next whole packet. */
    @ParameterizedTest
    @ValueSource(strings = {"near", "far"})
    void aFirstPieceThatIsAllowedNoMoreIsDroppedAndMarksNothing(String port) {
        var scenario = with("rule web ingress udp 53-53\nrule web ingress udp 54-54");
        var cloud = Cloud.of(scenario);
        var answer = eth().from(":0a")
                .to(port.equals("near") ? ":0b" : ":0c")
                .ip4("10.0.0.10", port.equals("near") ? "10.0.0.11" : "10.0.0.12")
                .udp(53, 40_000);
        assertThat(cloud.send(port, from(port).udp(40_000, 53))).comesOutAt("web");
        assertThat(cloud.send("web", answer)).comesOutAt(port);
        var rule = scenario.northbound()
                .find(org.dragonflow.model.Query.all(SecurityGroupRule.class))
                .filter(r -> r.portRangeMin().equals(java.util.Optional.of(53)))
                .findFirst()
                .orElseThrow();
        cloud.change(scenario.without(SecurityGroupRule.class, rule.id().value()));
        var pieces = pieces(port, 53);
        assertThat(cloud.send(port, pieces.get(0))).isDropped();
        assertThat(cloud.send("web", answer)).comesOutAt(port);
        assertThat(cloud.send(port, from(port).udp(40_000, 53))).isDropped();
        assertThat(cloud.send("web", answer)).isDropped();
        assertThat(cloud.send(port, pieces.get(0))).isDropped();
    }

    /** Both ports know it by themselves then, and before it is answered the two know it together. Its answers do not look like some, so the one who gives them is asked first. */
    @Test
    void aConnectionThatAPieceBeganStopsBothWaysWhenItsRuleGoes() {
        var scenario = with("rule web ingress udp 50000-50000");
        var cloud = Cloud.of(scenario);
        var asking = from("near").udp(25, 50_000);
        var answer = from("web").udp(50_000, 25);
        assertThat(cloud.send(
                        "near",
                        from("near")
                                .udp(25, 50_000, Bytes.zeros(24))
                                .pieces(16, 1)
                                .getFirst()))
                .comesOutAt("web");
        assertThat(cloud.send("near", asking)).comesOutAt("web");
        assertThat(cloud.send("web", answer)).comesOutAt("near");
        assertThat(cloud.send("near", asking)).comesOutAt("web");
        var rule = scenario.northbound()
                .find(org.dragonflow.model.Query.all(SecurityGroupRule.class))
                .filter(r -> r.portRangeMin().isPresent())
                .findFirst()
                .orElseThrow();
        cloud.change(scenario.without(SecurityGroupRule.class, rule.id().value()));
        assertThat(cloud.send("near", asking)).isDropped();
        assertThat(cloud.send("web", answer)).isDropped();
    }
}

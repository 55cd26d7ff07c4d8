package org.dragonflow.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.dragonflow.apps.Scenario;
import org.dragonflow.explain.Explanation.Kind;
import org.dragonflow.explain.Explanation.Verdict;
import org.junit.jupiter.api.Test;

/** What a person is told of packets that arrive, and of those that do not. */
class RehearsalTest {
    private static final String CLOUD = """
            chassis hv1 192.0.2.1
            chassis hv2 192.0.2.2
            network blue
            subnet blue4 on blue 10.0.0.0/24 gateway 10.0.0.1 dhcp
            subnet blue6 on blue 2001:db8:0:0::/64 gateway 2001:db8::1
            network red
            subnet red4 on red 10.0.1.0/24 gateway 10.0.1.1
            router r1
            port r1blue on blue mac :b1 ip 10.0.0.1 ip 2001:db8:0:0::1 of r1
            port r1red on red mac :c1 ip 10.0.1.1 of r1
            group web
            rule web egress
            rule web egress ipv6
            rule web ingress icmp
            rule web ingress ipv6 icmpv6
            rule web ingress tcp 80
            rule web ingress tcp 443 from group web
            group deaf
            rule deaf ingress
            port alice on blue mac :0a ip 10.0.0.10 ip 2001:db8::a at hv1 groups web
            port bob on blue mac :0b ip 10.0.0.11 ip 2001:db8::b at hv1 groups web
            port carol on blue mac :0c ip 10.0.0.12 ip 2001:db8::c at hv2 groups web
            port dave on red mac :0d ip 10.0.1.13 at hv2 groups web
            port eve on blue mac :0e ip 10.0.0.14 at hv1 groups deaf
            port frank on blue mac :0f ip 10.0.0.15 groups web
            port grace on blue mac :1a ip 10.0.0.16 at hv9 groups web
            """;

    private static Explanation explain(String cloud, String from, String packet, Audience audience) {
        var scenario = Scenario.of(cloud);
        return new Rehearsal().explain(scenario.northbound(), scenario.port(from), Probe.parse(packet), audience);
    }

    private static Explanation explain(String from, String packet) {
        return explain(CLOUD, from, packet, Audience.OPERATOR);
    }

    private static void expect(String from, String packet, Verdict verdict, String summary) {
        var explanation = explain(from, packet);
        assertThat(explanation.summary()).isEqualTo(summary);
        assertThat(explanation.verdict()).isEqualTo(verdict);
    }

    @Test
    void aNeighbourOnTheSameChassisGetsThePacket() {
        expect(
                "alice",
                "icmp to 10.0.0.11",
                Verdict.DELIVERED,
                "delivered to port bob, on network blue, on the same chassis");
        expect(
                "alice",
                "icmp to 2001:db8::b",
                Verdict.DELIVERED,
                "delivered to port bob, on network blue, on the same chassis");
    }

    @Test
    void aNeighbourOnAnotherChassisGetsThePacketThroughATunnel() {
        expect(
                "alice",
                "tcp to 10.0.0.12:80",
                Verdict.DELIVERED,
                "delivered to port carol, on network blue, from hv1 through a tunnel to hv2");
    }

    @Test
    void aPacketToAnotherNetworkIsRouted() {
        expect(
                "alice",
                "icmp to 10.0.1.13 ttl 9",
                Verdict.DELIVERED,
                "delivered to port dave, routed by router r1, from hv1 through a tunnel to hv2");
        var end = explain("alice", "icmp to 10.0.1.13 ttl 9")
                .hops()
                .getLast()
                .ends()
                .getLast();
        assertThat(end.kind()).isEqualTo(Kind.DELIVERED);
        assertThat(end.text()).contains("port dave gets icmp type 8 from 10.0.0.10 to 10.0.1.13, ttl 8");
    }

    @Test
    void aQuestionForMetadataIsHandedToTheChassis() {
        expect(
                "alice",
                "tcp to 169.254.169.254:80",
                Verdict.ANSWERED,
                "handed to the services of its chassis (metadata, names), which know port alice by its port");
        assertThat(explain("alice", "arp who-has 169.254.169.254").summary())
                .endsWith("169.254.169.254 is at 02:00:a9:fe:a9:fe, the services of its chassis");
    }

    @Test
    void aSpoofedSourceIsHeldAgainstThePortsAddresses() {
        expect(
                "alice",
                "icmp to 10.0.0.11 from 10.0.0.99",
                Verdict.DROPPED,
                "port security: port alice may not send from 10.0.0.99 with 02:00:00:00:00:0a; it has"
                        + " 10.0.0.10 with 02:00:00:00:00:0a, 2001:db8::a with 02:00:00:00:00:0a");
        assertThat(explain("alice", "arp who-has 10.0.0.11 from-mac 02:00:00:00:00:99")
                        .summary())
                .startsWith("port security: port alice may not send from 10.0.0.10 with 02:00:00:00:00:99");
    }

    @Test
    void whatNoGroupAllowsIsNamedWithTheGroup() {
        expect(
                "alice",
                "tcp to 10.0.0.11:22",
                Verdict.DROPPED,
                "security group web of port bob has no ingress rule for tcp 22 from 10.0.0.10");
        expect(
                "eve",
                "tcp to 10.0.0.11:80",
                Verdict.DROPPED,
                "security group deaf of port eve has no egress rule for tcp 80 to 10.0.0.11");
    }

    @Test
    void aPortWithoutGroupsIsToldThatItHasNone() {
        var explanation = explain(
                CLOUD + "port mute on blue mac :2a ip 10.0.0.42 at hv1\n",
                "mute",
                "icmp to 10.0.0.11",
                Audience.OPERATOR);
        assertThat(explanation.summary()).isEqualTo("port mute has no security group, so nothing may leave it");
    }

    @Test
    void aRuleAboutMembersIsNamedWithTheMemberThatMetIt() {
        var explanation = explain("alice", "tcp to 10.0.0.11:443");
        assertThat(explanation.verdict()).isEqualTo(Verdict.DELIVERED);
        assertThat(explanation.hops().getFirst().stages())
                .filteredOn(stage -> stage.table().equals("to_port_rules"))
                .singleElement()
                .satisfies(stage -> assertThat(stage.why())
                        .isEqualTo("allowed by rule \"ingress IPv4 tcp 443 from security group web\" of security group"
                                + " web, port alice"));
    }

    private static final String LIMITS = """
            policy gold egress 1000 mark 46
            policy silver packets ingress 2
            apply gold to port alice
            apply silver to network blue
            """;

    @Test
    void limitsAndMarksAreNamedWithTheirPolicies() {
        var explanation = explain(CLOUD + LIMITS, "alice", "icmp to 10.0.0.11", Audience.of("p1"));
        assertThat(explanation.verdict()).isEqualTo(Verdict.DELIVERED);
        assertThat(explanation.notes())
                .containsExactly(
                        "what port alice sends is marked by QoS policy gold with DSCP 46",
                        "what port alice sends is limited by QoS policy gold to 1000 kbit/s, 800 kbit at once",
                        "what port bob gets is limited by QoS policy silver to 2000 packets/s, 1600 packets at once");
        assertThat(explanation.hops().getFirst().stages())
                .filteredOn(stage -> stage.table().equals("from_port_bandwidth"))
                .singleElement()
                .satisfies(
                        stage -> assertThat(stage.why())
                                .isEqualTo(
                                        "what port alice sends is limited by QoS policy gold to 1000 kbit/s, 800 kbit at once"));
    }

    @Test
    void limitsOfTheWayOutsideAreNamedWithTheirPolicies() {
        var cloud = CLOUD + """
                network out flat on physnet1
                subnet out4 on out 203.0.113.0/24 gateway 203.0.113.1
                chassis hv1 192.0.2.1 wires physnet1
                gateway r1 on out mac :c1 ip 203.0.113.5 at hv1
                floating f1 on out mac :f1 ip 203.0.113.7 of r1 for alice 10.0.0.10 at hv1
                policy gold egress 1000
                apply gold to floating f1
                """;
        assertThat(explain(cloud, "alice", "icmp to 203.0.113.9", Audience.of("p1"))
                        .notes())
                .contains(
                        "what goes out by a floating IP is limited by QoS policy gold to 1000 kbit/s, 800 kbit at once");
        assertThat(explain(
                                cloud.replace("apply gold to floating f1", "apply gold to router r1")
                                        .replace(
                                                "floating f1 on out mac :f1 ip 203.0.113.7 of r1 for alice 10.0.0.10 at hv1",
                                                "lease alice of r1 203.0.113.5 4096 256"),
                                "alice",
                                "icmp to 203.0.113.9",
                                Audience.of("p1"))
                        .notes())
                .contains("what goes out by router r1 is limited by QoS policy gold to 1000 kbit/s, 800 kbit at once");
    }

    @Test
    void anOperatorIsToldTheMeterAndAStrangerNoFigures() {
        assertThat(explain(CLOUD + LIMITS, "alice", "icmp to 10.0.0.11", Audience.OPERATOR)
                        .notes())
                .anyMatch(note -> note.matches("what port alice sends is limited by .* \\(meter \\d+\\)"));
        assertThat(explain(CLOUD + LIMITS, "alice", "icmp to 10.0.0.11", Audience.of("p2"))
                        .notes())
                .contains("what a port of another project sends is limited by a QoS policy of another project");
    }

    @Test
    void aRouterWithoutARouteSaysSo() {
        expect(
                "alice",
                "icmp to 192.168.7.7",
                Verdict.DROPPED,
                "router r1 has no route to 192.168.7.7; it tells port alice by ICMP");
        expect(
                "alice",
                "icmp to 10.0.1.99",
                Verdict.DROPPED,
                "router r1 finds no port with 10.0.1.99 on network red; it tells port alice by ICMP");
        expect(
                "alice",
                "icmp to 10.0.1.13 ttl 1",
                Verdict.DROPPED,
                "no hop is left at router r1 (ttl 1); it tells port alice by ICMP");
    }

    @Test
    void aLinkLayerAddressThatNobodyHasLeadsNowhere() {
        expect(
                "alice",
                "icmp to 10.0.0.11 to-mac 02:00:00:00:00:77",
                Verdict.DROPPED,
                "no port on network blue has the address 02:00:00:00:00:77");
    }

    @Test
    void anAddressThatNobodyHasIsAskedForInVain() {
        var explanation = explain("alice", "icmp to 10.0.0.99");
        assertThat(explanation.verdict()).isEqualTo(Verdict.DROPPED);
        assertThat(explanation.summary())
                .startsWith("port alice asks who has 10.0.0.99, and nobody answers: no port on network blue has it");
        assertThat(explain("alice", "icmp to 10.0.0.15").summary())
                .startsWith(
                        "port alice asks who has 10.0.0.15, and nobody answers: port frank has it, but is bound to no"
                                + " chassis");
    }

    @Test
    void aRouterAnswersPingItself() {
        expect("alice", "icmp to 10.0.0.1", Verdict.ANSWERED, "answered by router r1 itself, from 10.0.0.1");
        expect("alice", "icmp to 10.0.1.1", Verdict.ANSWERED, "answered by router r1 itself, from 10.0.1.1");
        expect(
                "alice",
                "tcp to 10.0.0.1:22",
                Verdict.DROPPED,
                "router r1 has 10.0.0.1 itself, and answers nothing but ping there; it tells port alice by ICMP");
    }

    @Test
    void neighboursAreAnsweredForInTheSwitch() {
        expect(
                "alice",
                "arp who-has 10.0.0.12",
                Verdict.ANSWERED,
                "answered in the switch: 10.0.0.12 is at 02:00:00:00:00:0c, port carol");
        expect(
                "alice",
                "nd who-has 2001:db8::1",
                Verdict.ANSWERED,
                "answered in the switch: 2001:db8::1 is at 02:00:00:00:00:b1, port r1blue");
    }

    @Test
    void dhcpIsAnsweredWithThePortsAddress() {
        expect("alice", "dhcp", Verdict.ANSWERED, "answered by DHCP: OFFER of 10.0.0.10 from 10.0.0.1");
    }

    @Test
    void aPortThatIsNowhereSendsNothing() {
        expect(
                "frank",
                "icmp to 10.0.0.11",
                Verdict.UNSENT,
                "port frank is bound to no chassis, so nothing can leave it; bind it (binding:host_id)");
        expect(
                "grace",
                "icmp to 10.0.0.11",
                Verdict.UNSENT,
                "port grace is bound to chassis hv9, which has not joined");
        expect(
                "alice",
                "icmp to 10.0.0.16",
                Verdict.DROPPED,
                "port grace is bound to chassis hv9, which has not joined");
        expect(
                "r1blue",
                "icmp to 10.0.0.11",
                Verdict.UNSENT,
                "port r1blue is a router's; packets start at the ports of hosts");
    }

    @Test
    void aHostWithoutARouteOrAnAddressSendsNothing() {
        expect(
                "dave",
                "icmp to 2001:db8::b",
                Verdict.UNSENT,
                "port dave has no IPv6 address to send from; say one with: from ADDRESS");
    }

    @Test
    void anAdministrativelyDownPortNeitherSendsNorReceives() {
        var topology = Scenario.of(CLOUD).northbound();
        var down = Ports.down(Scenario.of(CLOUD).port("bob"));
        var now = topology.put(down);
        var rehearsal = new Rehearsal();
        var alice = Scenario.of(CLOUD).port("alice");
        assertThat(rehearsal
                        .explain(topology, alice, Probe.parse("icmp to 10.0.0.11"), Audience.OPERATOR)
                        .verdict())
                .isEqualTo(Verdict.DELIVERED);
        assertThat(rehearsal
                        .explain(now, alice, Probe.parse("icmp to 10.0.0.11"), Audience.OPERATOR)
                        .summary())
                .isEqualTo("port bob is administratively down (admin_state_up is false)");
        assertThat(rehearsal
                        .explain(now, down, Probe.parse("icmp to 10.0.0.10"), Audience.OPERATOR)
                        .summary())
                .isEqualTo("port bob is administratively down (admin_state_up is false)");
        assertThat(rehearsal
                        .explain(topology, alice, Probe.parse("icmp to 10.0.0.11"), Audience.OPERATOR)
                        .verdict())
                .isEqualTo(Verdict.DELIVERED);
    }

    @Test
    void everyStageSaysWhoseFlowItWas() {
        var explanation = explain("alice", "tcp to 10.0.0.12:80");
        assertThat(explanation.hops())
                .extracting(Explanation.Hop::chassis)
                .containsExactly("chassis hv1", "chassis hv2");
        assertThat(explanation.hops().stream().flatMap(hop -> hop.stages().stream()))
                .allSatisfy(
                        stage -> assertThat(stage.makers()).as(stage.table()).isNotEmpty())
                .allSatisfy(stage -> assertThat(stage.flow()).isPresent());
        assertThat(explanation.hops().getFirst().stages().getFirst().why()).isEqualTo("classifier/plugged: port alice");
    }

    @Test
    void aProjectLearnsNothingOfOthersAndOfChassis() {
        var explanation = explain(CLOUD, "alice", "tcp to 10.0.0.12:80", Audience.of("p2"));
        assertThat(explanation.toString())
                .contains("delivered to a port of another project", "on another chassis")
                .doesNotContain("carol", "hv1", "hv2", "192.0.2");
    }

    @Test
    void whatTheControllerSaysOfIpv6IsTold() {
        var cloud = CLOUD.replace("gateway 2001:db8::1", "gateway 2001:db8::1 dhcp mode dhcpv6-stateful");
        assertThat(explain(cloud, "alice", "rs", Audience.OPERATOR).summary())
                .isEqualTo("answered by router advertisement: a default router, with 2001:db8::/64");
        assertThat(explain(cloud, "alice", "dhcp6", Audience.OPERATOR).summary())
                .startsWith("answered by DHCPv6: ADVERTISE from fe80::");
        assertThat(explain("alice", "rs").verdict()).isEqualTo(Verdict.DROPPED);
    }

    @Test
    void aLinkLocalAddressIsNotRouted() {
        expect(
                "alice",
                "icmp to 2001:db8:9::1 from fe80::ff:fe00:a to-mac 02:00:00:00:00:b1",
                Verdict.DROPPED,
                "router r1 does not pass on packets from fe80::ff:fe00:a, which means something on its own link only; it"
                        + " tells port alice by ICMP");
    }

    @Test
    void chassisOfDifferentVersionsAreSaidNotToReachEachOther() {
        var mixed = CLOUD.replace("chassis hv2 192.0.2.2", "chassis hv2 2001:db8:ff::2");
        assertThat(explain(mixed, "alice", "icmp to 10.0.0.12", Audience.OPERATOR)
                        .summary())
                .contains("port carol is on chassis hv2, which cannot be reached from here");
        var sixes = mixed.replace("chassis hv1 192.0.2.1", "chassis hv1 2001:db8:ff::1");
        assertThat(explain(sixes, "alice", "icmp to 10.0.0.12", Audience.OPERATOR)
                        .summary())
                .isEqualTo("delivered to port carol, on network blue, from hv1 through a tunnel to hv2");
    }

    @Test
    void aBroadcastReachesEachChassisOnce() {
        var explanation = explain("alice", "udp to 255.255.255.255:9 to-mac ff:ff:ff:ff:ff:ff");
        assertThat(explanation.hops()).hasSize(2);
    }

    @Test
    void aSubportSendsAndGetsItsPacketsByTheCardOfItsTrunk() {
        var trunk = CLOUD + """
            port sub on red mac :0a ip 10.0.1.10 at hv1 groups web
            trunk alice carries sub 101
            """;
        var out = explain(trunk, "sub", "icmp to 10.0.1.13", Audience.OPERATOR);
        assertThat(out.summary()).isEqualTo("delivered to port dave, on network red, from hv1 through a tunnel to hv2");
        var in = explain(trunk, "dave", "icmp to 10.0.1.10", Audience.OPERATOR);
        assertThat(in.summary()).isEqualTo("delivered to port sub, on network red, from hv2 through a tunnel to hv1");
        var across = explain(trunk, "alice", "icmp to 10.0.1.10", Audience.OPERATOR);
        assertThat(across.summary()).isEqualTo("delivered to port sub, routed by router r1, on the same chassis");
        var asked = explain(trunk, "sub", "arp who-has 10.0.1.1", Audience.OPERATOR);
        assertThat(asked.verdict()).isEqualTo(Verdict.ANSWERED);
    }
}

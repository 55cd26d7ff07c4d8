package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;

import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Mac;
import org.dragonflow.packet.Dhcpv4;
import org.dragonflow.packet.Dhcpv4MessageType;
import org.dragonflow.packet.Dhcpv4Option;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Udp;
import org.junit.jupiter.api.Test;

/** DHCP for IPv4 as a client sees it. */
class DhcpTest {
    private static final Mac ALICE = Scenario.mac(":0a");
    private static final String BLUE = """
            chassis hv1 192.0.2.1
            network blue mtu 1400
            subnet blue4 on blue 10.0.0.0/24 gateway 10.0.0.1 dhcp dns 9.9.9.9 dns 8.8.8.8 route 10.9.0.0/16 via 10.0.0.9
            network plain
            subnet plain4 on plain 10.0.5.0/24 dhcp
            network silent
            subnet silent4 on silent 10.0.6.0/24 gateway 10.0.6.1
            port alice on blue mac :0a ip 10.0.0.10 at hv1 groups none option tftp-server boot.example option 67 image option mtu 1300
            port bob on plain mac :0b ip 10.0.5.10 at hv1 groups none
            port carol on silent mac :0c ip 10.0.6.10 at hv1 groups none
            group none
            """;

    private static Optional<Dhcpv4> ask(String port, Mac mac, Dhcpv4 question) {
        var journey = Cloud.of(BLUE)
                .send(
                        port,
                        eth().from(mac)
                                .to(Mac.BROADCAST)
                                .ip4("0.0.0.0", "255.255.255.255")
                                .udp(68, 67, question.encode()));
        return journey.at(port).stream().findFirst().map(packet -> {
            var udp = (Udp) ((Ipv4Packet) packet.ethernet().payload()).transport();
            return Dhcpv4.decode(udp.payload()).orThrow();
        });
    }

    private static Optional<Dhcpv4> ask(Dhcpv4MessageType type, Dhcpv4Option... options) {
        return ask("alice", ALICE, Dhcpv4.request(type, 7, ALICE, options));
    }

    @Test
    void aClientIsOfferedItsPortsAddress() {
        var offer = ask(Dhcpv4MessageType.DISCOVER).orElseThrow();
        assertThat(offer.messageType()).contains(Dhcpv4MessageType.OFFER);
        assertThat(offer.yiaddr()).hasToString("10.0.0.10");
        assertThat(offer.xid()).isEqualTo(7);
        assertThat(offer.serverId().map(Ipv4::toString)).contains("10.0.0.1");
    }

    @Test
    void itIsToldAllThatTheSubnetAndThePortSay() {
        var ack = ask(
                        Dhcpv4MessageType.REQUEST,
                        Dhcpv4Option.requestedAddress(Ipv4.parse("10.0.0.10")),
                        Dhcpv4Option.serverId(Ipv4.parse("10.0.0.1")))
                .orElseThrow();
        assertThat(ack.messageType()).contains(Dhcpv4MessageType.ACK);
        assertThat(ack.find(Dhcpv4Option.SUBNET_MASK).orElseThrow().asAddress().map(Ipv4::toString))
                .contains("255.255.255.0");
        assertThat(ack.find(Dhcpv4Option.ROUTERS).orElseThrow().asAddresses()).containsExactly(Ipv4.parse("10.0.0.1"));
        assertThat(ack.find(Dhcpv4Option.DNS_SERVERS).orElseThrow().asAddresses())
                .containsExactly(Ipv4.parse("9.9.9.9"), Ipv4.parse("8.8.8.8"));
        assertThat(ack.find(Dhcpv4Option.LEASE_TIME).orElseThrow().asDuration()).contains(Dhcp4.LEASE_TIME);
        assertThat(ack.find(Dhcpv4Option.MTU).orElseThrow().asShort()).contains(1300);
        assertThat(ack.find(66).orElseThrow().asText()).isEqualTo("boot.example");
        assertThat(ack.find(67).orElseThrow().asText()).isEqualTo("image");
        assertThat(ack.find(Dhcpv4Option.CLASSLESS_ROUTES).orElseThrow().asRoutes())
                .isEqualTo(List.of(
                        new Dhcpv4Option.Route(IpPrefix.parse("169.254.169.254/32"), Ipv4.ANY),
                        new Dhcpv4Option.Route(IpPrefix.parse("10.9.0.0/16"), Ipv4.parse("10.0.0.9")),
                        new Dhcpv4Option.Route(IpPrefix.parse("0.0.0.0/0"), Ipv4.parse("10.0.0.1"))));
    }

    @Test
    void aClientThatAsksForAnotherAddressIsRefused() {
        var refusal = ask(Dhcpv4MessageType.REQUEST, Dhcpv4Option.requestedAddress(Ipv4.parse("10.0.0.77")))
                .orElseThrow();
        assertThat(refusal.messageType()).contains(Dhcpv4MessageType.NAK);
    }

    @Test
    void aRequestToAnotherServerIsNotOurs() {
        assertThat(ask(
                        Dhcpv4MessageType.REQUEST,
                        Dhcpv4Option.requestedAddress(Ipv4.parse("10.0.0.10")),
                        Dhcpv4Option.serverId(Ipv4.parse("10.0.0.66"))))
                .isEmpty();
    }

    @Test
    void aRenewalIsAnsweredToTheClientsAddress() {
        var renewal = Dhcpv4.request(Dhcpv4MessageType.REQUEST, 8, ALICE).withCiaddr(Ipv4.parse("10.0.0.10"));
        var journey = Cloud.of(BLUE)
                .send(
                        "alice",
                        eth().from(ALICE).to(":b1").ip4("10.0.0.10", "10.0.0.1").udp(68, 67, renewal.encode()));
        var reply = (Ipv4Packet) journey.at("alice").getFirst().ethernet().payload();
        assertThat(reply.destination()).hasToString("10.0.0.10");
    }

    @Test
    void aDeclineAndAReleaseNeedNoAnswerAndTheNextQuestionGetsTheSameAddress() {
        assertThat(ask(Dhcpv4MessageType.DECLINE, Dhcpv4Option.requestedAddress(Ipv4.parse("10.0.0.10"))))
                .isEmpty();
        assertThat(ask(Dhcpv4MessageType.RELEASE)).isEmpty();
        assertThat(ask(Dhcpv4MessageType.DISCOVER).orElseThrow().yiaddr()).hasToString("10.0.0.10");
    }

    @Test
    void aSubnetWithoutGatewayIsServedToo() {
        var offer = ask("bob", Scenario.mac(":0b"), Dhcpv4.request(Dhcpv4MessageType.DISCOVER, 9, Scenario.mac(":0b")))
                .orElseThrow();
        assertThat(offer.yiaddr()).hasToString("10.0.5.10");
        assertThat(offer.find(Dhcpv4Option.ROUTERS)).isEmpty();
        assertThat(offer.serverId()).contains(Dhcp4.SERVER);
    }

    @Test
    void whereNoRouterIsTheMetadataServiceIsOnTheLinkAndTheResolverToo() {
        var offer = ask("bob", Scenario.mac(":0b"), Dhcpv4.request(Dhcpv4MessageType.DISCOVER, 9, Scenario.mac(":0b")))
                .orElseThrow();
        assertThat(offer.find(Dhcpv4Option.CLASSLESS_ROUTES).orElseThrow().asRoutes())
                .containsExactly(new Dhcpv4Option.Route(IpPrefix.parse("169.254.169.254/32"), Ipv4.ANY));
        assertThat(offer.find(Dhcpv4Option.DNS_SERVERS).orElseThrow().asAddresses())
                .containsExactly(Metadata.ADDRESS);
    }

    @Test
    void whereARouterIsItIsTheWayToTheMetadataServiceAsToAllElse() {
        var routed = Cloud.of(Scenario.of(BLUE).and("""
                router r1
                port gate on plain mac :fe ip 10.0.5.1 of r1
                subnet plain4 on plain 10.0.5.0/24 gateway 10.0.5.1 dhcp
                """));
        var question = Dhcpv4.request(Dhcpv4MessageType.DISCOVER, 9, Scenario.mac(":0b"));
        var journey = routed.send(
                "bob",
                eth().from(":0b")
                        .to(Mac.BROADCAST)
                        .ip4("0.0.0.0", "255.255.255.255")
                        .udp(68, 67, question.encode()));
        var udp = (Udp) ((Ipv4Packet) journey.at("bob").getFirst().ethernet().payload()).transport();
        var offer = Dhcpv4.decode(udp.payload()).orThrow();
        assertThat(offer.find(Dhcpv4Option.CLASSLESS_ROUTES)).isEmpty();
        assertThat(offer.find(Dhcpv4Option.ROUTERS).orElseThrow().asAddresses())
                .containsExactly(Ipv4.parse("10.0.5.1"));
    }

    @Test
    void aSubnetWithoutDhcpIsNotServed() {
        assertThat(ask(
                        "carol",
                        Scenario.mac(":0c"),
                        Dhcpv4.request(Dhcpv4MessageType.DISCOVER, 9, Scenario.mac(":0c"))))
                .isEmpty();
    }

    @Test
    void garbageOnTheDhcpPortIsNotAnswered() {
        var journey = Cloud.of(BLUE)
                .send(
                        "alice",
                        eth().from(ALICE)
                                .to(Mac.BROADCAST)
                                .ip4("0.0.0.0", "255.255.255.255")
                                .udp(68, 67));
        assertThat(journey.ports()).isEmpty();
        assertThat(journey.punts()).hasSize(1);
    }
}

package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Dhcpv6;
import org.dragonflow.packet.Dhcpv6MessageType;
import org.dragonflow.packet.Dhcpv6Option;
import org.dragonflow.packet.Dhcpv6Option.Association;
import org.dragonflow.packet.Dhcpv6Option.Lease;
import org.dragonflow.packet.Dhcpv6Option.Status;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.Udp;
import org.junit.jupiter.api.Test;

/** DHCP for IPv6 as a client sees it. */
class Dhcp6Test {
    private static final Dhcpv6Option CLIENT = Dhcpv6Option.clientId(Bytes.hex("00030001fa163e00000a"));
    private static final Ipv6 OWN = Ipv6.parse("2001:db8:1::a");
    private static final Ipv6 SECOND = Ipv6.parse("2001:db8:7::a");
    private static final Ipv6 OTHER = Ipv6.parse("2001:db8:1::77");
    private static final String BLUE = """
            chassis hv1 192.0.2.1
            chassis hv2 192.0.2.2
            network blue domain blue.example.
            subnet blue4 on blue 10.0.0.0/24 dhcp dns 9.9.9.9
            subnet blue6 on blue 2001:db8:1::/64 dhcp mode dhcpv6-stateful dns 2001:db8::53
            subnet blue7 on blue 2001:db8:7::/64 dhcp mode dhcpv6-stateful
            network plain
            subnet plain6 on plain 2001:db8:2::/64 dhcp
            network formed
            subnet formed6 on formed 2001:db8:3::/64 dhcp mode slaac
            network informed
            subnet informed6 on informed 2001:db8:4::/64 dhcp mode dhcpv6-stateless dns 2001:db8::53
            network unnamed
            subnet unnamed6 on unnamed 2001:db8:6::/64 dhcp mode dhcpv6-stateless
            network outside
            subnet outside6 on outside 2001:db8:5::/64 dhcp announced dhcpv6-stateful
            group none
            port alice on blue mac :0a ip 10.0.0.10 ip 2001:db8:1::a ip 2001:db8:7::a at hv1 groups none option6 bootfile-url tftp://[2001:db8::1]/pxe option6 option6:bootfile-param a,b=1 option6 ntp-server 2001:db8::123,time.example option6 31 2001:db8::31 option6 1 evil option6 sntp-server nonsense
            port bob on plain mac :0b ip 2001:db8:2::b at hv1 groups none
            port carol on formed mac :0c ip 2001:db8:3::c at hv1 groups none
            port dave on informed mac :0d ip 2001:db8:4::d at hv1 groups none
            port frank on unnamed mac :0f ip 2001:db8:6::f at hv1 groups none
            port eve on outside mac :0e ip 2001:db8:5::e at hv1 groups none
            """;

    private static Optional<Ipv6Packet> reply(String port, Mac mac, Dhcpv6 question) {
        var journey = Cloud.of(BLUE)
                .send(
                        port,
                        eth().from(mac)
                                .to("33:33:00:01:00:02")
                                .ip6(mac.linkLocal().toString(), "ff02::1:2")
                                .udp(546, 547, question.encode()));
        assertThat(journey.ports()).allMatch(port::equals);
        return journey.at(port).stream().findFirst().map(packet ->
                (Ipv6Packet) packet.ethernet().payload());
    }

    private static Optional<Dhcpv6> ask(String port, Dhcpv6MessageType type, Dhcpv6Option... options) {
        var mac = Scenario.of(BLUE).port(port).macAddress();
        return reply(port, mac, Dhcpv6.of(type, 7, options))
                .map(packet ->
                        Dhcpv6.decode(((Udp) packet.transport()).payload()).orThrow());
    }

    private static Dhcpv6 solicited(Dhcpv6Option... associations) {
        var options =
                Stream.concat(Stream.of(CLIENT), Arrays.stream(associations)).toArray(Dhcpv6Option[]::new);
        return ask("alice", Dhcpv6MessageType.SOLICIT, options).orElseThrow();
    }

    private static Dhcpv6Option server() {
        return solicited().find(Dhcpv6Option.SERVER_ID).orElseThrow();
    }

    private static Dhcpv6Option wanting(int id, Ipv6... addresses) {
        var claims = Arrays.stream(addresses)
                .map(address -> Dhcpv6Option.lease(new Lease(address, Duration.ZERO, Duration.ZERO, List.of())))
                .toList();
        return Dhcpv6Option.association(Dhcpv6Option.IA_NA, new Association(id, Duration.ZERO, Duration.ZERO, claims));
    }

    private static List<Association> associations(Dhcpv6 message) {
        return message.all(Dhcpv6Option.IA_NA)
                .map(option -> option.asAssociation().orElseThrow())
                .toList();
    }

    private static Optional<Integer> status(List<Dhcpv6Option> options) {
        return options.stream()
                .filter(option -> option.code() == Dhcpv6Option.STATUS)
                .flatMap(option -> option.asStatus().stream())
                .map(Status::code)
                .findFirst();
    }

    @Test
    void whereNoResolverIsNamedItIsThatOfTheChassis() {
        var answer = ask("frank", Dhcpv6MessageType.INFORMATION_REQUEST, CLIENT).orElseThrow();
        assertThat(answer.find(Dhcpv6Option.DNS_SERVERS))
                .contains(Dhcpv6Option.ofAddresses(Dhcpv6Option.DNS_SERVERS, List.of(Metadata.ADDRESS6)));
    }

    @Test
    void aClientIsOfferedAllItsPortsAddresses() {
        var offer = solicited(wanting(1));
        assertThat(offer.type()).isEqualTo(Dhcpv6MessageType.ADVERTISE);
        assertThat(offer.transactionId()).isEqualTo(7);
        assertThat(offer.find(Dhcpv6Option.CLIENT_ID)).contains(CLIENT);
        assertThat(associations(offer)).hasSize(1);
        var given = associations(offer).getFirst();
        assertThat(given.id()).isEqualTo(1);
        assertThat(given.addresses()).containsExactly(OWN, SECOND);
        assertThat(given.renewal()).isPositive().isLessThan(given.rebinding());
        var lease = given.options().getFirst().asLease().orElseThrow();
        assertThat(lease.valid()).isEqualTo(Dhcp4.LEASE_TIME);
    }

    @Test
    void anAnswerComesFromALinkLocalAddressThatNobodyElseHas() {
        var mac = Scenario.mac(":0a");
        var packet = reply("alice", mac, Dhcpv6.of(Dhcpv6MessageType.SOLICIT, 1, CLIENT))
                .orElseThrow();
        assertThat(packet.source().isLinkLocal()).isTrue();
        assertThat(packet.source()).isNotEqualTo(mac.linkLocal());
        assertThat(packet.destination()).isEqualTo(mac.linkLocal());
        var udp = (Udp) packet.transport();
        assertThat(udp.sourcePort()).isEqualTo(547);
        assertThat(udp.destinationPort()).isEqualTo(546);
    }

    @Test
    void aClientInAHurryGetsItsAddressesAtOnce() {
        var reply = solicited(wanting(1), Dhcpv6Option.rapidCommit());
        assertThat(reply.type()).isEqualTo(Dhcpv6MessageType.REPLY);
        assertThat(reply.has(Dhcpv6Option.RAPID_COMMIT)).isTrue();
        assertThat(associations(reply).getFirst().addresses()).containsExactly(OWN, SECOND);
    }

    @Test
    void itIsToldAllThatTheSubnetsAndThePortSay() {
        var reply = ask("alice", Dhcpv6MessageType.REQUEST, CLIENT, server(), wanting(1))
                .orElseThrow();
        assertThat(reply.type()).isEqualTo(Dhcpv6MessageType.REPLY);
        assertThat(reply.find(Dhcpv6Option.DNS_SERVERS).orElseThrow().asAddresses())
                .containsExactly(Ipv6.parse("2001:db8::53"));
        assertThat(reply.find(Dhcpv6Option.DOMAIN_SEARCH).orElseThrow().asDomains())
                .containsExactly("blue.example");
        assertThat(reply.find(Dhcpv6Option.BOOT_FILE_URL).orElseThrow().asText())
                .isEqualTo("tftp://[2001:db8::1]/pxe");
        assertThat(reply.find(Dhcpv6Option.BOOT_FILE_PARAMETERS).orElseThrow().asParameters())
                .containsExactly("a", "b=1");
        var clocks = reply.find(Dhcpv6Option.NTP_SERVERS).orElseThrow().asOptions();
        assertThat(clocks.getFirst().asAddresses()).containsExactly(Ipv6.parse("2001:db8::123"));
        assertThat(clocks.getLast().asDomains()).containsExactly("time.example");
        assertThat(reply.all(Dhcpv6Option.CLIENT_ID)).containsExactly(CLIENT);
        assertThat(reply.has(31)).as("an option whose value cannot be").isFalse();
    }

    @Test
    void severalAssociationsShareTheAddresses() {
        var given = associations(solicited(wanting(1), wanting(2), wanting(3)));
        assertThat(given.get(0).addresses()).containsExactly(OWN);
        assertThat(given.get(1).addresses()).containsExactly(SECOND);
        assertThat(given.get(2).addresses()).isEmpty();
        assertThat(status(given.get(2).options())).contains(Status.NO_ADDRESSES);
    }

    @Test
    void anAssociationKeepsTheAddressesThatItHas() {
        for (var type : List.of(Dhcpv6MessageType.REQUEST, Dhcpv6MessageType.RENEW)) {
            var given = associations(ask("alice", type, CLIENT, server(), wanting(1, SECOND), wanting(2))
                    .orElseThrow());
            assertThat(given.get(0).addresses()).containsExactly(SECOND);
            assertThat(given.get(1).addresses()).containsExactly(OWN);
        }
    }

    @Test
    void anAddressThatIsNotThePortsIsOver() {
        var given = associations(ask("alice", Dhcpv6MessageType.REBIND, CLIENT, wanting(1, OTHER))
                        .orElseThrow())
                .getFirst();
        var leases = given.options().stream().flatMap(o -> o.asLease().stream()).toList();
        assertThat(leases).extracting(Lease::address).containsExactly(OWN, SECOND, OTHER);
        assertThat(leases.getLast().valid()).isZero();
        assertThat(leases.getFirst().valid()).isPositive();
    }

    @Test
    void temporaryAddressesAndPrefixesThereAreNone() {
        var prefixes = new Association(5, Duration.ZERO, Duration.ZERO, List.of());
        var offer =
                solicited(Dhcpv6Option.temporary(4, List.of()), Dhcpv6Option.association(Dhcpv6Option.IA_PD, prefixes));
        assertThat(offer.find(Dhcpv6Option.IA_TA).orElseThrow().asTemporaryId()).contains(4);
        var none = offer.find(Dhcpv6Option.IA_PD).orElseThrow().asAssociation().orElseThrow();
        assertThat(status(none.options())).contains(Status.NO_PREFIXES);
    }

    @Test
    void aClientThatWasAwayHearsWhetherItsAddressesAreStillItsOwn() {
        var yes = ask("alice", Dhcpv6MessageType.CONFIRM, CLIENT, wanting(1, OWN, SECOND));
        assertThat(status(yes.orElseThrow().options())).contains(Status.SUCCESS);
        var no = ask("alice", Dhcpv6MessageType.CONFIRM, CLIENT, wanting(1, OTHER));
        assertThat(status(no.orElseThrow().options())).contains(Status.NOT_ON_LINK);
        assertThat(ask("alice", Dhcpv6MessageType.CONFIRM, CLIENT, wanting(1))).isEmpty();
    }

    @Test
    void aReleaseAndADeclineAreAnsweredAndTheNextQuestionGetsTheSameAddresses() {
        for (var type : List.of(Dhcpv6MessageType.RELEASE, Dhcpv6MessageType.DECLINE)) {
            var reply = ask("alice", type, CLIENT, server(), wanting(1, OWN)).orElseThrow();
            assertThat(status(reply.options())).contains(Status.SUCCESS);
        }
        assertThat(associations(solicited(wanting(1))).getFirst().addresses()).containsExactly(OWN, SECOND);
    }

    @Test
    void whoFormsItsAddressesIsToldTheRest() {
        var reply = ask("dave", Dhcpv6MessageType.INFORMATION_REQUEST, CLIENT).orElseThrow();
        assertThat(reply.type()).isEqualTo(Dhcpv6MessageType.REPLY);
        assertThat(reply.find(Dhcpv6Option.DNS_SERVERS).orElseThrow().asAddresses())
                .containsExactly(Ipv6.parse("2001:db8::53"));
        assertThat(reply.find(Dhcpv6Option.INFORMATION_REFRESH_TIME)
                        .orElseThrow()
                        .asDuration())
                .contains(Dhcp6Options.REFRESH_TIME);
        var offer = ask("dave", Dhcpv6MessageType.SOLICIT, CLIENT, wanting(1)).orElseThrow();
        assertThat(status(associations(offer).getFirst().options())).contains(Status.NO_ADDRESSES);
        assertThat(ask("dave", Dhcpv6MessageType.INFORMATION_REQUEST)).isPresent();
    }

    @Test
    void aSubnetWithoutModesIsServedAndOneOfSlaacOrOfAnotherServerIsNot() {
        var offer = ask("bob", Dhcpv6MessageType.SOLICIT, CLIENT, wanting(1)).orElseThrow();
        assertThat(associations(offer).getFirst().addresses()).containsExactly(Ipv6.parse("2001:db8:2::b"));
        assertThat(ask("carol", Dhcpv6MessageType.SOLICIT, CLIENT, wanting(1))).isEmpty();
        assertThat(ask("eve", Dhcpv6MessageType.SOLICIT, CLIENT, wanting(1))).isEmpty();
    }

    @Test
    void whatIsNotAsItMustBeOrForAnotherServerIsNotAnswered() {
        var stranger = Dhcpv6Option.serverId(new UUID(1, 2));
        assertThat(ask("alice", Dhcpv6MessageType.SOLICIT, wanting(1))).isEmpty();
        assertThat(ask("alice", Dhcpv6MessageType.SOLICIT, CLIENT, server(), wanting(1)))
                .isEmpty();
        assertThat(ask("alice", Dhcpv6MessageType.REQUEST, CLIENT, wanting(1))).isEmpty();
        assertThat(ask("alice", Dhcpv6MessageType.REQUEST, CLIENT, stranger, wanting(1)))
                .isEmpty();
        assertThat(ask("alice", Dhcpv6MessageType.REBIND, CLIENT, stranger, wanting(1)))
                .isEmpty();
        assertThat(ask("alice", Dhcpv6MessageType.INFORMATION_REQUEST, stranger))
                .isEmpty();
        assertThat(ask("alice", Dhcpv6MessageType.INFORMATION_REQUEST, CLIENT, wanting(1)))
                .isEmpty();
        assertThat(ask("alice", Dhcpv6MessageType.REPLY, CLIENT)).isEmpty();
    }

    @Test
    void garbageOnTheDhcpPortIsNotAnswered() {
        var journey = Cloud.of(BLUE)
                .send(
                        "alice",
                        eth().from(":0a")
                                .to("33:33:00:01:00:02")
                                .ip6(Scenario.mac(":0a").linkLocal().toString(), "ff02::1:2")
                                .udp(546, 547, Bytes.hex("01")));
        assertThat(journey.ports()).isEmpty();
        assertThat(journey.punts()).hasSize(1);
    }

    @Test
    void theServerOfANetworkIsTheSameOnEveryChassis() {
        var moved = Cloud.of(Scenario.of(BLUE).and("port alice on blue mac :0a ip 2001:db8:1::a at hv2 groups none"));
        var mac = Scenario.mac(":0a");
        var journey = moved.send(
                "alice",
                eth().from(mac)
                        .to("33:33:00:01:00:02")
                        .ip6(mac.linkLocal().toString(), "ff02::1:2")
                        .udp(
                                546,
                                547,
                                Dhcpv6.of(Dhcpv6MessageType.SOLICIT, 1, CLIENT).encode()));
        var packet = (Ipv6Packet) journey.at("alice").getFirst().ethernet().payload();
        assertThat(Dhcpv6.decode(((Udp) packet.transport()).payload()).orThrow().find(Dhcpv6Option.SERVER_ID))
                .contains(server());
    }
}

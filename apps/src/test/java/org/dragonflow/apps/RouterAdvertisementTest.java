package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.Announcement;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NdOption;
import org.dragonflow.packet.NeighbourDiscovery.RouterAdvertisement;
import org.dragonflow.packet.NeighbourDiscovery.RouterSolicitation;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;

/** What hosts hear of their routers, and what of it is taken back. */
class RouterAdvertisementTest {
    private static final Mac ALICE = Scenario.mac(":0a");
    private static final Mac ROUTER = Scenario.mac(":b1");
    private static final String GROUPS = "group none\n";
    private static final String BLUE = GROUPS + """
            chassis hv1 192.0.2.1
            network blue mtu 1400 domain blue.example.
            subnet blue6 on blue 2001:db8:1::/64 gateway 2001:db8:1::1 dhcp mode slaac dns 2001:db8::53 route 2001:db8:f::/48 via 2001:db8:1::1
            router r1
            port r1blue on blue mac :b1 ip 2001:db8:1::1 of r1
            port alice on blue mac :0a ip 2001:db8:1::a at hv1 groups none
            port bob on blue mac :0b ip 2001:db8:1::b at hv1 groups none
            """;

    private static Journey solicit(Cloud cloud, String source, int hops, NdOption... options) {
        return cloud.send(
                "alice",
                eth().from(ALICE)
                        .to("33:33:00:00:00:02")
                        .ip6(source, "ff02::2")
                        .carrying(new RouterSolicitation(List.of(options)))
                        .ttl(hops));
    }

    private static String linkLocal() {
        return ALICE.linkLocal().toString();
    }

    private static List<RouterAdvertisement> heard(String scenario) {
        var journey = solicit(Cloud.of(scenario), linkLocal(), 255, new NdOption.SourceMac(ALICE));
        assertThat(journey.ports()).allMatch("alice"::equals);
        return journey.at("alice").stream()
                .map(packet -> advertisement(packet.ethernet()))
                .toList();
    }

    private static RouterAdvertisement advertisement(Ethernet packet) {
        return (RouterAdvertisement) ((Ipv6Packet) packet.payload()).transport();
    }

    private static Stream<NdOption> options(RouterAdvertisement advertisement, Class<?> kind) {
        return advertisement.options().stream().filter(kind::isInstance);
    }

    @Test
    void aHostThatAsksIsToldByTheRoutersLinkLocalAddress() {
        var journey = solicit(Cloud.of(BLUE), linkLocal(), 255, new NdOption.SourceMac(ALICE));
        assertThat(journey.ports()).containsExactly("alice");
        var frame = journey.at("alice").getFirst().ethernet();
        var packet = (Ipv6Packet) frame.payload();
        assertThat(frame.source()).isEqualTo(ROUTER);
        assertThat(frame.destination()).isEqualTo(ALICE);
        assertThat(packet.source()).isEqualTo(ROUTER.linkLocal());
        assertThat(packet.destination()).isEqualTo(ALICE.linkLocal());
        assertThat(packet.hopLimit()).isEqualTo(255);
        assertThat(advertisement(frame).options())
                .containsExactly(
                        new NdOption.SourceMac(ROUTER),
                        new NdOption.Mtu(1400),
                        new NdOption.Prefix(
                                IpPrefix.parse("2001:db8:1::/64"),
                                true,
                                true,
                                AdvertisedLink.VALID,
                                AdvertisedLink.PREFERRED),
                        new NdOption.DnsServers(AdvertisedLink.ROUTER_LIFETIME, List.of(Ipv6.parse("2001:db8::53"))),
                        new NdOption.SearchDomains(AdvertisedLink.ROUTER_LIFETIME, List.of("blue.example")),
                        new NdOption.Route(
                                IpPrefix.parse("2001:db8:f::/48"),
                                org.dragonflow.packet.RouterPreference.MEDIUM,
                                AdvertisedLink.ROUTER_LIFETIME));
    }

    @Test
    void whereNoResolverIsNamedItIsThatOfTheChassis() {
        var unnamed = heard(BLUE.replace(" dns 2001:db8::53", "")).getFirst();
        assertThat(options(unnamed, NdOption.DnsServers.class))
                .containsExactly(new NdOption.DnsServers(AdvertisedLink.ROUTER_LIFETIME, List.of(Metadata.ADDRESS6)));
        var taken = BLUE.replace(" dns 2001:db8::53", "") + "subnet near on blue fe80::/64\n";
        assertThat(options(heard(taken).getFirst(), NdOption.DnsServers.class))
                .as("where the address is a subnet's")
                .isEmpty();
    }

    @Test
    void aHostWithoutAnAddressIsToldAsAllAre() {
        var journey = solicit(Cloud.of(BLUE), "::", 255);
        var frame = journey.at("alice").getFirst().ethernet();
        assertThat(frame.destination()).isEqualTo(Ipv6.ALL_NODES.multicastMac());
        assertThat(((Ipv6Packet) frame.payload()).destination()).isEqualTo(Ipv6.ALL_NODES);
    }

    @Test
    void aQuestionThatIsNotAsItMustBeIsNotAnswered() {
        assertThat(solicit(Cloud.of(BLUE), "::", 255, new NdOption.SourceMac(ALICE))
                        .ports())
                .isEmpty();
        assertThat(solicit(Cloud.of(BLUE), linkLocal(), 64).ports()).isEmpty();
    }

    private static void assertFlags(String mode, boolean managed, boolean other, boolean autonomous) {
        var told = heard(BLUE.replace("mode slaac", mode)).getFirst();
        assertThat(told.managed()).as(mode).isEqualTo(managed);
        assertThat(told.otherConfiguration()).as(mode).isEqualTo(other);
        assertThat(options(told, NdOption.Prefix.class))
                .as(mode)
                .allMatch(option -> option instanceof NdOption.Prefix prefix
                        && prefix.autonomous() == autonomous
                        && prefix.onLink());
    }

    @Test
    void theFlagsFollowTheModeOfAnnouncement() {
        assertFlags("mode slaac", false, false, true);
        assertFlags("mode dhcpv6-stateless", false, true, true);
        assertFlags("mode dhcpv6-stateful", true, false, false);
        assertFlags("announced slaac", false, false, true);
        assertFlags("announced dhcpv6-stateful", true, false, false);
    }

    @Test
    void aSubnetWithoutAModeOfAnnouncementIsNotAnnounced() {
        assertThat(heard(BLUE.replace("mode slaac", ""))).isEmpty();
        assertThat(heard(BLUE.replace("mode slaac", "addressing slaac"))).isEmpty();
    }

    @Test
    void subnetsOfOneLinkAreAnnouncedTogether() {
        var told = heard(BLUE + """
                subnet blue7 on blue 2001:db8:7::/64 gateway 2001:db8:7::1 dhcp mode dhcpv6-stateful
                subnet blue8 on blue 2001:db8:8::/64 gateway 2001:db8:8::1
                port r1blue on blue mac :b1 ip 2001:db8:1::1 ip 2001:db8:7::1 ip 2001:db8:8::1 of r1
                """);
        assertThat(told).hasSize(1);
        assertThat(options(told.getFirst(), NdOption.Prefix.class)).hasSize(2);
        assertThat(told.getFirst().managed()).isTrue();
    }

    @Test
    void whoHasNotTheGatewaysAddressIsNoDefaultRouterAndTellsWhereItLeads() {
        var beside = """
                network red
                subnet red6 on red 2001:db8:2::/64
                port r1red on red mac :c1 ip 2001:db8:2::1 of r1
                router r1 route 2001:db8:9::/48 via 2001:db8:2::9 route ::/0 via 2001:db8:2::9
                """;
        for (var gateway : List.of("gateway 2001:db8:1::99", "")) {
            var told = heard(BLUE.replace("gateway 2001:db8:1::1", gateway) + beside)
                    .getFirst();
            assertThat(told.routerLifetime()).isZero();
            assertThat(options(told, NdOption.Route.class).map(option -> ((NdOption.Route) option).prefix()))
                    .containsExactly(
                            IpPrefix.parse("2001:db8:2::/64"),
                            IpPrefix.parse("2001:db8:9::/48"),
                            IpPrefix.parse("2001:db8:f::/48"));
        }
        assertThat(heard(BLUE + beside).getFirst().routerLifetime()).isEqualTo(AdvertisedLink.ROUTER_LIFETIME);
    }

    @Test
    void theGatewayMayBeTheRoutersLinkLocalAddress() {
        var told = heard(BLUE.replace("gateway 2001:db8:1::1", "gateway " + ROUTER.linkLocal()));
        assertThat(told.getFirst().routerLifetime()).isPositive();
    }

    @Test
    void moreThanFitsIntoOnePacketIsToldInSeveral() {
        var routes = new StringBuilder();
        IntStream.range(0, 60).forEach(i -> routes.append(" route 2001:db8:a:%x::/64 via 2001:db8:1::1".formatted(i)));
        var told = heard(BLUE.replace(" route 2001:db8:f::/48 via 2001:db8:1::1", routes));
        assertThat(told).hasSize(3);
        assertThat(told.stream().flatMap(one -> options(one, NdOption.Route.class)))
                .hasSize(60);
        assertThat(told).allMatch(one -> one.routerLifetime().isPositive());
    }

    @Test
    void aRouterThatIsDownSaysNothing() {
        var without = Scenario.of(BLUE).without(org.dragonflow.model.RouterInterface.class, "r1blue");
        assertThat(solicit(Cloud.of(without), linkLocal(), 255).at("alice")).isEmpty();
    }

    // ---- Unasked.

    private static List<Announcement> announced(String scenario) {
        var cloud = Cloud.of(scenario);
        return RouterAdvertisements.app(Id.of(Chassis.class, "hv1")).announcers().stream()
                .flatMap(announcer ->
                        announcer.announcements().apply(cloud.compiler("hv1").topology()))
                .toList();
    }

    @Test
    void everyServerHereIsToldOnItsOwnPort() {
        var told = announced(BLUE + "port carol on blue mac :0c ip 2001:db8:1::c at hv2 groups none");
        assertThat(told).hasSize(2);
        assertThat(told.stream().map(Announcement::exit).distinct()).hasSize(2);
        assertThat(told).allMatch(one -> one.packets().size() == 1);
        assertThat(told.getFirst().packets().getFirst().destination()).isEqualTo(Ipv6.ALL_NODES.multicastMac());
    }

    @Test
    void whereThereIsNothingToTellThereIsStillAListener() {
        assertThat(announced(BLUE.replace("mode slaac", "")))
                .hasSize(2)
                .allMatch(one -> one.packets().isEmpty());
    }

    private static List<RouterAdvertisement> revised(String before, String after) {
        var then = announced(before).getFirst().packets();
        var now = announced(after).getFirst().packets();
        return Retraction.revised(then, now).stream()
                .map(RouterAdvertisementTest::advertisement)
                .toList();
    }

    @Test
    void aPrefixThatIsGoneIsTakenBack() {
        var both = BLUE + """
                subnet blue7 on blue 2001:db8:7::/64 gateway 2001:db8:7::1 dhcp mode slaac
                port r1blue on blue mac :b1 ip 2001:db8:1::1 ip 2001:db8:7::1 of r1
                """;
        var said = revised(both, BLUE);
        assertThat(said).hasSize(2);
        assertThat(options(said.getLast(), NdOption.Prefix.class))
                .containsExactly(new NdOption.Prefix(
                        IpPrefix.parse("2001:db8:7::/64"), true, true, Duration.ZERO, Duration.ZERO));
        assertThat(said.getLast().routerLifetime()).isPositive();
        assertThat(revised(BLUE, both)).hasSize(1);
    }

    @Test
    void aResolverThatIsGoneIsTakenBackAndTheOthersStay() {
        var more = BLUE.replace("dns 2001:db8::53", "dns 2001:db8::53 dns 2001:db8::54");
        assertThat(options(revised(more, BLUE).getLast(), NdOption.DnsServers.class))
                .containsExactly(new NdOption.DnsServers(Duration.ZERO, List.of(Ipv6.parse("2001:db8::54"))));
    }

    @Test
    void aRouterThatIsGoneIsNoDefaultRouterAnyMore() {
        var said = revised(BLUE, BLUE.replace("mode slaac", ""));
        assertThat(said).hasSize(1);
        assertThat(said.getFirst().routerLifetime()).isZero();
        assertThat(options(said.getFirst(), NdOption.Prefix.class)).hasSize(1);
        assertThat(options(said.getFirst(), NdOption.Route.class)).hasSize(1);
    }
}

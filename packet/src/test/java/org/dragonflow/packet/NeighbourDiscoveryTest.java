package org.dragonflow.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.packet.NeighbourDiscovery.NeighbourAdvertisement;
import org.dragonflow.packet.NeighbourDiscovery.NeighbourSolicitation;
import org.dragonflow.packet.NeighbourDiscovery.RouterAdvertisement;
import org.dragonflow.packet.NeighbourDiscovery.RouterSolicitation;
import org.junit.jupiter.api.Test;

class NeighbourDiscoveryTest {
    private static final Mac ALICE = Mac.parse("fa:16:3e:00:00:0a");
    private static final Mac BOB = Mac.parse("fa:16:3e:00:00:0b");
    private static final String ALICE_BYTES = "fe80000000000000f8163efffe00000a\n";
    private static final String BOB_BYTES = "fe80000000000000f8163efffe00000b\n";
    private static final String SOLICITATION = """
            3333ff00000b fa163e00000a 86dd           # to the group of Bob
            60000000 0020 3a ff
            """
            + ALICE_BYTES
            + "ff0200000000000000000001ff00000b\n"
            + "8700 da2d 00000000                    # neighbour solicitation\n"
            + BOB_BYTES
            + "01 01 fa163e00000a                    # my address\n";

    private static Ethernet fromAlice(Ipv6 destination, NeighbourDiscovery message) {
        return Ethernet.of(ALICE, destination.multicastMac(), Ipv6Packet.of(ALICE.linkLocal(), destination, message));
    }

    @Test
    void aSolicitationAsksTheGroupOfItsTarget() {
        var target = BOB.linkLocal();
        Hex.assertSame(SOLICITATION, fromAlice(target.solicitedNode(), NeighbourSolicitation.of(target, ALICE)));
    }

    @Test
    void anAdvertisementTellsTheTarget() {
        Hex.assertSame(
                """
                fa163e00000a fa163e00000b 86dd
                60000000 0020 3a ff
                """
                        + BOB_BYTES
                        + ALICE_BYTES
                        + "8800 4299 60000000                    # neighbour advertisement: solicited, override\n"
                        + BOB_BYTES
                        + "02 01 fa163e00000b                    # my address\n",
                Ethernet.of(
                        BOB,
                        ALICE,
                        Ipv6Packet.of(
                                BOB.linkLocal(), ALICE.linkLocal(), NeighbourAdvertisement.of(BOB.linkLocal(), BOB))));
    }

    @Test
    void aRouterSolicitationIsItsBytes() {
        var solicitation = new RouterSolicitation(List.of(new NdOption.SourceMac(ALICE)));
        Hex.assertSame(
                """
                333300000002 fa163e00000a 86dd
                60000000 0010 3a ff
                """ + ALICE_BYTES + "ff020000000000000000000000000002\n" + "8500 0eec 00000000 0101fa163e00000a",
                fromAlice(Ipv6.ALL_ROUTERS, solicitation));
        assertThat(solicitation.sourceMac()).contains(ALICE);
        assertThat(solicitation.targetMac()).isEmpty();
    }

    @Test
    void aRouterAdvertisementDescribesItsLink() {
        var advertisement = new RouterAdvertisement(
                64,
                false,
                true,
                RouterPreference.HIGH,
                Duration.ofMinutes(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                List.of(
                        new NdOption.SourceMac(ALICE),
                        new NdOption.Mtu(1450),
                        new NdOption.Prefix(
                                IpPrefix.parse("2001:db8::/64"), true, true, Duration.ofDays(1), Duration.ofHours(4)),
                        new NdOption.Route(
                                IpPrefix.parse("2001:db8:1::/48"), RouterPreference.LOW, Duration.ofHours(1)),
                        new NdOption.DnsServers(Duration.ofMinutes(30), List.of(Ipv6.parse("2001:db8::53"))),
                        new NdOption.Unknown(31, Bytes.zeros(6))));
        Hex.assertSame("""
                333300000001 fa163e00000a 86dd
                60000000 0070 3a ff
                """ + ALICE_BYTES + """
                ff020000000000000000000000000001
                8600 563d                                # router advertisement
                40 48 0708 00007530 000003e8             # 64 hops, DHCPv6 for the rest, high; 1800 s; 30 s; 1 s
                01 01 fa163e00000a                       # my address
                05 01 0000 000005aa                      # MTU 1450
                03 04 40 c0 00015180 00003840 00000000   # prefix of 64 bits, on link, autonomous, 1 day, 4 hours
                20010db8000000000000000000000000
                18 02 30 18 00000e10 20010db800010000    # route of 48 bits, low, 1 hour
                19 03 0000 00000708                      # DNS server, 30 minutes
                20010db8000000000000000000000053
                1f 01 000000000000                       # something else
                """, fromAlice(Ipv6.ALL_NODES, advertisement));
    }

    @Test
    void searchDomainsArePaddedToWholeWords() {
        var advertisement = RouterAdvertisement.of(
                Duration.ZERO, new NdOption.SearchDomains(Duration.ofHours(1), List.of("a.example", "b")));
        Hex.assertSame("""
                333300000001 fa163e00000a 86dd
                60000000 0028 3a ff
                """ + ALICE_BYTES + """
                ff020000000000000000000000000001
                8600 1ce5                                # router advertisement
                40 00 0000 00000000 00000000             # no default router
                1f 03 0000 00000e10                      # search domains, 1 hour
                0161 076578616d706c65 00                 # a.example
                0162 00 0000                             # b
                """, fromAlice(Ipv6.ALL_NODES, advertisement));
    }

    @Test
    void searchDomainsThatPointOrEndInTheMiddleAreNotUnderstood() {
        for (var names : List.of("0161c000 00000000", "0761616161616161", "0000000000000000", "0161000000000001")) {
            var option = new NdOption.Unknown(31, Bytes.hex("0000 00000e10" + names));
            var frame = fromAlice(Ipv6.ALL_NODES, RouterAdvertisement.of(Duration.ZERO, option));
            assertThat(Ethernet.decode(frame.encode())).isEqualTo(new Decoded.Ok<>(frame));
        }
    }

    @Test
    void aMessageWithAnEmptyOptionIsKeptRawAndAFault() {
        var decoded =
                Ethernet.decode(Hex.bytes(SOLICITATION.replace("01 01", "01 00").replace("da2d", "da2e")));
        var raw = new RawIcmpv6(
                NeighbourDiscovery.NEIGHBOUR_SOLICITATION, 0, 0, Hex.value(BOB_BYTES + "0100fa163e00000a"));
        var packet = Ipv6Packet.of(ALICE.linkLocal(), BOB.linkLocal().solicitedNode(), raw)
                .withHops(NeighbourDiscovery.HOP_LIMIT);
        assertThat(decoded)
                .isEqualTo(new Decoded.Ok<>(
                        Ethernet.of(ALICE, packet.destination().multicastMac(), packet),
                        Set.of(Fault.TRANSPORT_LAYER)));
    }
}

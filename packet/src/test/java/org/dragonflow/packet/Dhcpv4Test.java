package org.dragonflow.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Mac;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Dhcpv4Test {
    private static final Mac ALICE = Mac.parse("fa:16:3e:00:00:0a");
    private static final Ipv4 ROUTER = Ipv4.parse("10.0.0.1");
    private static final Ipv4 ALICE_IP = Ipv4.parse("10.0.0.10");
    private static final String DISCOVER = fixed("01", "00000000", "", "") + """
            35 01 01              # discover
            32 04 0a00000a        # asks for 10.0.0.10
            3d 07 01fa163e00000a  # client id
            37 03 01 03 79        # wants mask, routers, classless routes
            ff
            """;

    /** What comes before the options: 236 bytes and the magic cookie. */
    private static String fixed(String op, String yiaddr, String sname, String file) {
        return op + " 01 06 00 cafe0001 0000 8000 # Ethernet, no hops, xid, secs, broadcast\n"
                + "00000000 " + yiaddr + " 00000000 00000000 # ciaddr, yiaddr, siaddr, giaddr\n"
                + "fa163e00000a 00000000000000000000 # chaddr\n"
                + sname + "00".repeat(64 - sname.length() / 2) + "\n"
                + file + "00".repeat(128 - file.length() / 2) + "\n"
                + "63825363 # magic cookie\n";
    }

    private static Dhcpv4 discover(Dhcpv4Option... options) {
        return Dhcpv4.request(Dhcpv4MessageType.DISCOVER, 0xcafe0001, ALICE, options)
                .withFlags(Dhcpv4.BROADCAST);
    }

    private static void assertSame(String annotated, Dhcpv4 message) {
        var shortest = Hex.value(annotated);
        var padded = shortest.plus(Bytes.zeros(Math.max(0, 300 - shortest.length())));
        assertThat(message.encode()).isEqualTo(padded);
        assertThat(Dhcpv4.decode(shortest)).isEqualTo(new Decoded.Ok<>(message));
        assertThat(Dhcpv4.decode(padded)).isEqualTo(new Decoded.Ok<>(message));
    }

    @Test
    void aDiscoverIsItsBytes() {
        var discover = discover(
                Dhcpv4Option.requestedAddress(ALICE_IP),
                Dhcpv4Option.clientId(Bytes.hex("01fa163e00000a")),
                Dhcpv4Option.parameterRequestList(
                        Dhcpv4Option.SUBNET_MASK, Dhcpv4Option.ROUTERS, Dhcpv4Option.CLASSLESS_ROUTES));
        assertSame(DISCOVER, discover);
        assertThat(discover.messageType()).contains(Dhcpv4MessageType.DISCOVER);
        assertThat(discover.requestedAddress()).contains(ALICE_IP);
        assertThat(discover.clientId()).contains(Bytes.hex("01fa163e00000a"));
        assertThat(discover.parameterRequestList()).containsExactly(1, 3, 121);
        assertThat(discover.isBroadcast()).isTrue();
        assertThat(discover.serverId()).isEmpty();
    }

    @Test
    void anAckTellsAllThatAHostNeeds() {
        var ack = discover()
                .reply(
                        Dhcpv4MessageType.ACK,
                        ALICE_IP,
                        List.of(
                                Dhcpv4Option.serverId(ROUTER),
                                Dhcpv4Option.leaseTime(Duration.ofDays(1)),
                                Dhcpv4Option.renewalTime(Duration.ofHours(12)),
                                Dhcpv4Option.rebindingTime(Duration.ofHours(21)),
                                Dhcpv4Option.subnetMask(24),
                                Dhcpv4Option.broadcastAddress(Ipv4.parse("10.0.0.255")),
                                Dhcpv4Option.routers(ROUTER),
                                Dhcpv4Option.dnsServers(List.of(ROUTER, Ipv4.parse("10.0.0.2"))),
                                Dhcpv4Option.hostName("alice"),
                                Dhcpv4Option.domainName("a.example"),
                                Dhcpv4Option.domainSearch(List.of("a.example", "example.")),
                                Dhcpv4Option.mtu(1450),
                                Dhcpv4Option.classlessRoutes(List.of(
                                        new Dhcpv4Option.Route(IpPrefix.parse("0.0.0.0/0"), ROUTER),
                                        new Dhcpv4Option.Route(IpPrefix.parse("10.17.0.0/17"), Ipv4.ANY),
                                        new Dhcpv4Option.Route(IpPrefix.parse("169.254.169.254/32"), ROUTER))),
                                Dhcpv4Option.tftpServerName("t"),
                                Dhcpv4Option.bootFileName("b"),
                                Dhcpv4Option.tftpServerAddress(ROUTER)));
        assertSame(fixed("02", "0a00000a", "", "") + """
                35 01 05              # acknowledged
                36 04 0a000001        # by 10.0.0.1
                33 04 00015180        # for a day
                3a 04 0000a8c0        # renew after 12 hours
                3b 04 00012750        # rebind after 21 hours
                01 04 ffffff00        # mask
                1c 04 0a0000ff        # broadcast
                03 04 0a000001        # router
                06 08 0a0000010a000002           # two DNS servers
                0c 05 616c696365                 # alice
                0f 09 612e6578616d706c65         # a.example
                77 14 0161 076578616d706c65 00 076578616d706c65 00   # search a.example, example
                1a 02 05aa            # MTU
                79 16                 # routes:
                00 0a000001           # default
                11 0a1100 00000000    # 10.17.0.0/17 is on the link
                20 a9fea9fe 0a000001  # metadata
                42 01 74              # TFTP server by name
                43 01 62              # boot file
                96 04 0a000001        # TFTP server by address
                ff
                """, ack);
    }

    @Test
    void optionsReadAsWhatTheyHold() {
        var routes = List.of(new Dhcpv4Option.Route(IpPrefix.parse("10.0.0.0/9"), ROUTER));
        assertThat(Dhcpv4Option.classlessRoutes(routes).asRoutes()).isEqualTo(routes);
        assertThat(Dhcpv4Option.mtu(1450).asShort()).contains(1450);
        assertThat(Dhcpv4Option.leaseTime(Dhcpv4Option.FOREVER).asDuration()).contains(Dhcpv4Option.FOREVER);
        assertThat(Dhcpv4Option.routers(ROUTER, ALICE_IP).asAddresses()).containsExactly(ROUTER, ALICE_IP);
        assertThat(Dhcpv4Option.ofText(12, "alice\0").asText()).isEqualTo("alice");
        assertThat(Dhcpv4Option.domainSearch(List.of("a.example.", "b")).asDomains())
                .containsExactly("a.example", "b");
    }

    @Test
    void aSearchListMayPointBackwards() {
        var compressed = new Dhcpv4Option(119, Bytes.hex("0161 076578616d706c65 00 0162 c002"));
        assertThat(compressed.asDomains()).containsExactly("a.example", "b.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c000", "0161c000", "c002 00", "40", "0161", "ff", "c0"})
    void aSearchListThatLeadsNowhereIsEmpty(String hex) {
        assertThat(new Dhcpv4Option(119, Bytes.hex(hex)).asDomains()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"21 0a000001 0a000001", "18 0a0000 0a0000", "20 0a00", "ff"})
    void malformedRoutesAreNone(String hex) {
        assertThat(new Dhcpv4Option(121, Bytes.hex(hex)).asRoutes()).isEmpty();
    }

    @Test
    void aLongOptionIsSplitAndJoined() {
        var value = Bytes.of("x".repeat(600).getBytes(StandardCharsets.US_ASCII));
        assertSame(
                fixed("01", "00000000", "", "")
                        + "350101"
                        + "e0ff" + "78".repeat(255) + "e0ff" + "78".repeat(255) + "e05a" + "78".repeat(90)
                        + "ff",
                discover(new Dhcpv4Option(224, value)));
    }

    @Test
    void optionsGoOnInFileAndThenInServerName() {
        var overloaded = fixed("01", "00000000", "0c02 6365 ff".replace(" ", ""), "0c03 616c69 ff".replace(" ", ""))
                + "350101 34 01 03 ff";
        var message = Dhcpv4.decode(Hex.value(overloaded)).orThrow();
        assertThat(message.hostName()).contains("alice");
        assertThat(message.options())
                .containsExactly(Dhcpv4Option.messageType(Dhcpv4MessageType.DISCOVER), Dhcpv4Option.hostName("alice"));
        assertThat(message.sname()).isEmpty();
        assertThat(message.file()).isEmpty();
    }

    @Test
    void namesEndAtTheFirstZero() {
        var message = Dhcpv4.decode(Hex.value(fixed("02", "00000000", "7372 76".replace(" ", ""), "6266") + "ff"))
                .orThrow();
        assertThat(message.sname()).isEqualTo("srv");
        assertThat(message.file()).isEqualTo("bf");
        assertThat(message.messageType()).isEmpty();
        assertThat(Dhcpv4.decode(message.encode()).orThrow()).isEqualTo(message);
    }

    @Test
    void anOptionOfTheWrongLengthReadsAsAbsent() {
        var odd = Dhcpv4.decode(Hex.value(fixed("01", "00000000", "", "") + "35020101 3203 0a0000 36050102030405 ff"))
                .orThrow();
        assertThat(odd.messageType()).isEmpty();
        assertThat(odd.requestedAddress()).isEmpty();
        assertThat(odd.serverId()).isEmpty();
        assertThat(odd.options()).hasSize(3);
    }

    @Test
    void everyTruncationIsBadUnlessOnlyTheEndMarkIsMissing() {
        var whole = Hex.value(DISCOVER);
        var boundaries = List.of(240, 243, 249, 258, 263);
        for (int length = 0; length < whole.length(); length++) {
            var decoded = Dhcpv4.decode(whole.head(length));
            assertThat(decoded.optional().isPresent()).as("%d bytes", length).isEqualTo(boundaries.contains(length));
        }
    }

    @Test
    void aMessageForOtherHardwareOrWithoutTheCookieIsBad() {
        assertThat(Dhcpv4.decode(Hex.value(DISCOVER.replaceFirst("01 01 06", "01 20 06"))))
                .isInstanceOf(Decoded.Bad.class);
        assertThat(Dhcpv4.decode(Hex.value(DISCOVER.replaceFirst("63825363", "63825364"))))
                .isInstanceOf(Decoded.Bad.class);
    }

    @Test
    void anOptionTwiceIsRefused() {
        assertThatThrownBy(() -> discover(Dhcpv4Option.mtu(1), Dhcpv4Option.mtu(2)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aReplyGoesBackThroughTheRelayThatAsked() {
        var relay = Ipv4.parse("10.9.0.1");
        var relayed = new Dhcpv4(
                Dhcpv4.BOOTREQUEST, 1, 7, 3, 0, ALICE_IP, Ipv4.ANY, Ipv4.ANY, relay, ALICE, "", "", List.of());
        var ack = relayed.reply(Dhcpv4MessageType.ACK, ALICE_IP, List.of());
        assertThat(ack.giaddr()).isEqualTo(relay);
        assertThat(ack.xid()).isEqualTo(7);
        assertThat(ack.ciaddr()).isEqualTo(ALICE_IP);
        assertThat(relayed.reply(Dhcpv4MessageType.NAK, Ipv4.ANY, List.of()).ciaddr())
                .isEqualTo(Ipv4.ANY);
    }
}

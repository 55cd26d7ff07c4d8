package org.dragonflow.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.junit.jupiter.api.Test;

class Ipv4Test {
    private static final Mac ALICE = Mac.parse("fa:16:3e:00:00:0a");
    private static final Mac BOB = Mac.parse("fa:16:3e:00:00:0b");
    private static final Ipv4 ALICE_IP = Ipv4.parse("10.0.0.10");
    private static final Ipv4 BOB_IP = Ipv4.parse("10.0.0.11");
    private static final String ETHERNET = "fa163e00000b fa163e00000a 0800  # Alice to Bob, IPv4\n";
    private static final String UDP = ETHERNET + """
            45 68 0021            # no options, DSCP 26, 33 bytes
            1234 4000             # id, may not be fragmented
            3f 11 151c            # TTL 63, UDP, checksum
            0a00000a 0a00000b     # 10.0.0.10 to 10.0.0.11
            3039 0035 000d 777f   # ports 12345 and 53, 13 bytes, checksum
            68656c6c6f            # hello
            """;
    private static final Udp HELLO = new Udp(12345, 53, Bytes.utf8("hello"));

    private static Ethernet fromAlice(Payload payload) {
        return Ethernet.of(ALICE, BOB, payload);
    }

    private static Ipv4Packet packet(Transport transport) {
        return Ipv4Packet.of(ALICE_IP, BOB_IP, transport);
    }

    private static Decoded<Ethernet> decode(String annotated) {
        return Ethernet.decode(Hex.bytes(annotated));
    }

    private static Ipv4Packet decodedPacket(String annotated) {
        return (Ipv4Packet) decode(annotated).orThrow().payload();
    }

    @Test
    void udpIsItsBytes() {
        Hex.assertSame(
                UDP,
                fromAlice(new Ipv4Packet(26, 0, 0x1234, true, false, 0, 63, ALICE_IP, BOB_IP, Bytes.EMPTY, HELLO)));
    }

    @Test
    void tcpKeepsFlagsAndOptions() {
        var syn = new Tcp(40_000, 80, 1, 0, Tcp.SYN, 64_240, 0, Bytes.hex("020405b4"), Bytes.EMPTY);
        Hex.assertSame(ETHERNET + """
                4500 002c 0000 4000 4006 26b8 0a00000a 0a00000b
                9c40 0050             # ports 40000 and 80
                00000001 00000000     # sequence, acknowledgement
                6002 faf0 ec8f 0000   # 6 words, SYN, window, checksum, not urgent
                020405b4              # maximum segment size 1460
                """, fromAlice(packet(syn)));
    }

    @Test
    void icmpFollowsAfterIpOptions() {
        var routerAlert = Bytes.hex("94040000");
        Hex.assertSame(
                ETHERNET + """
                4600 0022 0000 4000 4001 91c2 0a00000a 0a00000b
                94040000              # router alert
                0800 9695 0007 0001   # echo request 7, number 1
                6162
                """,
                fromAlice(new Ipv4Packet(
                        0,
                        0,
                        0,
                        true,
                        false,
                        0,
                        64,
                        ALICE_IP,
                        BOB_IP,
                        routerAlert,
                        Icmp.echoRequest(7, 1, Bytes.utf8("ab")))));
    }

    @Test
    void theTrailerOfAFrameIsDropped() {
        assertThat(decode(UDP + "00".repeat(13))).isEqualTo(decode(UDP));
    }

    @Test
    void aFirstFragmentIsRawButShowsItsPorts() {
        var first = decodedPacket(ETHERNET + """
                4500 001c 00ff 2000 4011 45be 0a00000a 0a00000b   # more fragments follow
                3039 0035 0500 0000                               # a UDP header that announces more than is here
                """);
        assertThat(first.isFragment()).isTrue();
        assertThat(first.transport()).isEqualTo(new RawTransport(Udp.PROTOCOL, Bytes.hex("3039003505000000")));
        assertThat(first.peek()).isEqualTo(new Udp(12345, 53, Bytes.EMPTY));
    }

    @Test
    void aLaterFragmentHasNoPortsToShow() {
        var later = ETHERNET + """
                4500 001c 00ff 0001 4011 65bd 0a00000a 0a00000b   # 8 bytes into the packet, the last
                3039 0035 0008 0000
                """;
        var packet = decodedPacket(later);
        assertThat(packet.peek()).isEqualTo(new RawTransport(Udp.PROTOCOL, Bytes.hex("3039003500080000")));
        Hex.assertSame(later, fromAlice(packet));
    }

    @Test
    void aWrongHeaderChecksumIsAFaultButReadable() {
        assertThat(decode(UDP.replace("151c", "151d")))
                .isEqualTo(new Decoded.Ok<>(decode(UDP).orThrow(), Set.of(Fault.IPV4_CHECKSUM)));
    }

    @Test
    void aWrongUdpChecksumIsAFaultButReadable() {
        assertThat(decode(UDP.replace("777f", "777e")))
                .isEqualTo(new Decoded.Ok<>(decode(UDP).orThrow(), Set.of(Fault.TRANSPORT_CHECKSUM)));
    }

    @Test
    void udpWithoutAChecksumIsSoundInIpv4() {
        assertThat(decode(UDP.replace("777f", "0000"))).isEqualTo(decode(UDP));
    }

    @Test
    void aUdpChecksumThatComesOutAsZeroIsSentAsAllOnes() {
        var sums = packet(new Udp(0, 0, Bytes.hex("0000"))).encode();
        int free = sums.at(26) << 8 | sums.at(27);
        var zero = packet(new Udp(0, 0, Bytes.of((byte) (free >>> 8), (byte) free)))
                .encode();
        assertThat(zero.slice(26, 28)).isEqualTo(Bytes.hex("ffff"));
        assertThat(Ipv4Packet.decode(zero).isSound()).isTrue();
    }

    @Test
    void aMalformedUdpHeaderLeavesThePacketReadable() {
        var raw = new RawTransport(Udp.PROTOCOL, Bytes.hex("30390035000e777f68656c6c6f"));
        var whole = decodedPacket(UDP);
        assertThat(decode(UDP.replace("000d", "000e")))
                .isEqualTo(new Decoded.Ok<>(fromAlice(whole.withTransport(raw)), Set.of(Fault.TRANSPORT_LAYER)));
    }

    @Test
    void aPacketLongerThanItsFrameIsKeptRaw() {
        var frame = Hex.bytes(UDP.replace("0021", "0022"));
        assertThat(Ethernet.decode(frame))
                .isEqualTo(new Decoded.Ok<>(
                        fromAlice(new RawPayload(
                                Ipv4Packet.ETHER_TYPE, Bytes.of(frame).slice(14, frame.length))),
                        Set.of(Fault.NETWORK_LAYER)));
    }

    @Test
    void anErrorQuotesAsMuchAsFitsInto576Bytes() {
        var original = packet(new Udp(1, 2, Bytes.zeros(1400)));
        var error = packet(Icmp.error(Icmp.UNREACHABLE, 4, 1300, original));
        assertThat(error.encode().length()).isEqualTo(576);
        assertThat(((Icmp) error.transport()).rest()).isEqualTo(1300);
    }

    @Test
    void anErrorTellsWhichPortsItIsAbout() {
        var error = Icmp.error(Icmp.TIME_EXCEEDED, 0, 0, packet(new Udp(1, 2, Bytes.zeros(1400))));
        assertThat(Ipv4Packet.decode(error.payload())).isInstanceOf(Decoded.Bad.class);
        var shortest = Ipv4Packet.decodeQuote(error.payload().head(28)).orThrow();
        assertThat(shortest.peek()).isEqualTo(new Udp(1, 2, Bytes.EMPTY));
        assertThat(shortest.destination()).isEqualTo(BOB_IP);
    }

    @Test
    void ipv4DoesNotCarryIcmpv6() {
        assertThatThrownBy(() -> packet(Icmpv6.echoRequest(1, 1, Bytes.EMPTY)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ipv6Packet.of(Ipv6.ANY, Ipv6.ANY, Icmp.echoRequest(1, 1, Bytes.EMPTY)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPayloadTooLongForItsLengthFieldIsRefused() {
        assertThatThrownBy(() -> packet(new Udp(1, 2, Bytes.zeros(65_520))).encode())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65548");
    }
}

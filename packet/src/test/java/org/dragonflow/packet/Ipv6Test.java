package org.dragonflow.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.junit.jupiter.api.Test;

class Ipv6Test {
    private static final Mac ALICE = Mac.parse("fa:16:3e:00:00:0a");
    private static final Mac BOB = Mac.parse("fa:16:3e:00:00:0b");
    private static final Ipv6 ALICE_IP = Ipv6.parse("2001:db8::a");
    private static final Ipv6 BOB_IP = Ipv6.parse("2001:db8::b");
    private static final String ETHERNET = "fa163e00000b fa163e00000a 86dd  # Alice to Bob, IPv6\n";
    private static final String ADDRESSES = """
            20010db800000000000000000000000a
            20010db800000000000000000000000b
            """;
    private static final String UDP = "3039 0035 000d 300d 68656c6c6f\n";
    private static final Udp HELLO = new Udp(12345, 53, Bytes.utf8("hello"));

    private static Ethernet fromAlice(Payload payload) {
        return Ethernet.of(ALICE, BOB, payload);
    }

    private static Ipv6Packet packet(Transport transport, Extension... extensions) {
        return Ipv6Packet.of(ALICE_IP, BOB_IP, transport).withExtensions(List.of(extensions));
    }

    private static Decoded<Ethernet> decode(String annotated) {
        return Ethernet.decode(Hex.bytes(annotated));
    }

    @Test
    void udpIsItsBytes() {
        Hex.assertSame(
                ETHERNET + """
                66 8 12345            # version 6, DSCP 26, no ECN, flow label
                000d 11 3f            # 13 bytes, UDP, 63 hops
                """ + ADDRESSES + UDP,
                fromAlice(new Ipv6Packet(26, 0, 0x12345, 63, ALICE_IP, BOB_IP, List.of(), HELLO)));
    }

    @Test
    void echoIsItsBytes() {
        Hex.assertSame(
                ETHERNET + "60000000 000a 3a 40" + ADDRESSES + "8000 c2c9 0007 0001 6162",
                fromAlice(packet(Icmpv6.echoRequest(7, 1, Bytes.utf8("ab")))));
    }

    @Test
    void everyExtensionHeaderIsKeptInItsPlace() {
        Hex.assertSame(
                ETHERNET + "60000000 0035 00 40" + ADDRESSES + """
                3c 00 0502 0000 0100          # hop by hop: router alert; then
                2b 00 0104 0000 0000          # destination: padding; then
                2c 01 fe00 0102 0304 0506 0708 090a 0b0c   # routing of an experimental type; then
                11 00 0000 cafe0001           # fragment: the only one; then UDP
                """ + UDP,
                fromAlice(packet(
                        HELLO,
                        new Extension.HopByHop(Bytes.hex("050200000100")),
                        new Extension.Destination(Bytes.hex("010400000000")),
                        new Extension.Routing(Bytes.hex("fe000102030405060708090a0b0c")),
                        new Extension.Fragment(0, false, 0xcafe0001))));
    }

    @Test
    void theChecksumIsThatOfTheFinalDestinationOfASegmentRoute() {
        var segments = Bytes.hex("0401 0000 0000" + "20010db800000000000000000000000c");
        Hex.assertSame(
                ETHERNET + "60000000 0025 2b 40" + ADDRESSES + """
                11 02 04 01 0000 0000                       # then UDP, segment routing, one segment is left:
                20010db800000000000000000000000c            # 2001:db8::c
                3039 0035 000d 300c 68656c6c6f
                """,
                fromAlice(packet(HELLO, new Extension.Routing(segments))));
    }

    @Test
    void aFirstFragmentIsRawButShowsItsPorts() {
        var first = fromAlice(packet(
                new RawTransport(Udp.PROTOCOL, Bytes.hex("3039003505000000")), new Extension.Fragment(0, true, 7)));
        Hex.assertSame(ETHERNET + "60000000 0010 2c 40" + ADDRESSES + "11 00 0001 00000007 3039 0035 0500 0000", first);
        assertThat(((Ipv6Packet) first.payload()).peek()).isEqualTo(new Udp(12345, 53, Bytes.EMPTY));
    }

    @Test
    void theHeadersOfALaterFragmentAreNotWalkedFurther() {
        var later = packet(
                new RawTransport(Extension.Destination.TYPE, Bytes.hex("1100010400000000")),
                new Extension.Fragment(5, false, 7));
        Hex.assertSame(
                ETHERNET + "60000000 0010 2c 40" + ADDRESSES + "3c 00 0028 00000007 1100010400000000",
                fromAlice(later));
        assertThat(later.peek()).isEqualTo(later.transport());
    }

    @Test
    void anExtensionHeaderThatIsCutOffIsKeptRawAndAFault() {
        assertThat(decode(ETHERNET + "60000000 0008 3c 40" + ADDRESSES + "11 01 010400000000"))
                .isEqualTo(new Decoded.Ok<>(
                        fromAlice(packet(new RawTransport(Extension.Destination.TYPE, Bytes.hex("1101010400000000")))),
                        Set.of(Fault.TRANSPORT_LAYER)));
    }

    @Test
    void udpWithoutAChecksumIsAFaultInIpv6() {
        var decoded = decode(ETHERNET + "60000000 000d 11 40" + ADDRESSES + UDP.replace("300d", "0000"));
        assertThat(decoded).isEqualTo(new Decoded.Ok<>(fromAlice(packet(HELLO)), Set.of(Fault.TRANSPORT_CHECKSUM)));
    }

    @Test
    void anErrorQuotesAsMuchAsFitsInto1280Bytes() {
        var original = packet(new Udp(1, 2, Bytes.zeros(1400)));
        var error = packet(Icmpv6.error(Icmpv6.PACKET_TOO_BIG, 0, 1300, original));
        assertThat(error.encode().length()).isEqualTo(1280);
        var message = (RawIcmpv6) error.transport();
        assertThat(message.isError()).isTrue();
        assertThat(message.rest()).isEqualTo(1300);
        assertThat(Ipv6Packet.decodeQuote(message.payload()).orThrow().peek())
                .isEqualTo(new Udp(1, 2, Bytes.zeros(1184)));
    }
}

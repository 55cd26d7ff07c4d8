package org.dragonflow.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Mac;
import org.junit.jupiter.api.Test;

class ArpTest {
    private static final Mac ALICE = Mac.parse("fa:16:3e:00:00:0a");
    private static final Mac BOB = Mac.parse("fa:16:3e:00:00:0b");
    private static final String REQUEST = """
            ffffffffffff fa163e00000a 0806  # to all, from Alice, ARP
            0001 0800 06 04 0001            # Ethernet, IPv4, request
            fa163e00000a 0a00000a           # Alice is 10.0.0.10
            000000000000 0a00000b           # who is 10.0.0.11?
            """;

    @Test
    void aRequestIsBroadcastWithoutATargetMac() {
        Hex.assertSame(
                REQUEST,
                Ethernet.of(
                        ALICE, Mac.BROADCAST, Arp.request(ALICE, Ipv4.parse("10.0.0.10"), Ipv4.parse("10.0.0.11"))));
    }

    @Test
    void aReplyInAVlanKeepsItsTags() {
        var tags = List.of(new VlanTag(VlanTag.SERVICE, 5, true, 100), VlanTag.of(4094));
        var reply = Arp.reply(BOB, Ipv4.parse("10.0.0.11"), ALICE, Ipv4.parse("10.0.0.10"));
        Hex.assertSame("""
                fa163e00000a fa163e00000b       # to Alice, from Bob
                88a8 b064                       # outer tag: priority 5, drop eligible, VLAN 100
                8100 0ffe                       # inner tag: VLAN 4094
                0806 0001 0800 06 04 0002       # ARP, Ethernet, IPv4, reply
                fa163e00000b 0a00000b           # Bob is 10.0.0.11
                fa163e00000a 0a00000a           # for Alice
                """, new Ethernet(ALICE, BOB, tags, reply));
    }

    @Test
    void thePaddingOfAShortFrameIsDropped() {
        var padded = Hex.bytes(REQUEST + "00".repeat(18));
        assertThat(Ethernet.decode(padded)).isEqualTo(Ethernet.decode(Hex.bytes(REQUEST)));
    }

    @Test
    void arpForAnotherNetworkProtocolIsKeptRaw() {
        var other = Hex.bytes(REQUEST.replace("0001 0800 06 04", "0001 86dd 06 10"));
        assertThat(Ethernet.decode(other).orThrow().payload())
                .isEqualTo(new RawPayload(Arp.ETHER_TYPE, Bytes.of(other).slice(14, other.length)));
    }

    @Test
    void arpThatIsCutOffIsKeptRawAndAFault() {
        var cut = Bytes.of(Hex.bytes(REQUEST)).head(41);
        assertThat(Ethernet.decode(cut.toArray()))
                .isEqualTo(new Decoded.Ok<>(
                        Ethernet.of(ALICE, Mac.BROADCAST, new RawPayload(Arp.ETHER_TYPE, cut.slice(14, 41))),
                        Set.of(Fault.NETWORK_LAYER)));
    }

    @Test
    void aFrameThatEndsInItsHeaderIsBad() {
        assertThat(Ethernet.decode(new byte[13])).isInstanceOf(Decoded.Bad.class);
    }
}

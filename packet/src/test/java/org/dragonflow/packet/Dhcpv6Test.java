package org.dragonflow.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.dragonflow.address.Ipv6;
import org.dragonflow.packet.Dhcpv6Option.Association;
import org.dragonflow.packet.Dhcpv6Option.Lease;
import org.dragonflow.packet.Dhcpv6Option.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Dhcpv6Test {
    private static final Ipv6 ALICE = Ipv6.parse("2001:db8::a");
    private static final UUID SERVER = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    private static final Bytes CLIENT = Bytes.hex("00030001fa163e00000a");
    private static final Association EMPTY = new Association(1, Duration.ZERO, Duration.ZERO, List.of());

    private static final String SOLICIT = """
            01 cafe01                        # solicit, transaction
            0001 000a 00030001fa163e00000a   # client: a card's address
            0003 000c 00000001 00000000 00000000   # an association without wishes
            0006 0004 0017 0018              # wants resolvers and domains
            0008 0002 0000                   # began just now
            000e 0000                        # rapid commit
            """;

    private static void assertSame(String annotated, Dhcpv6 message) {
        assertThat(message.encode()).isEqualTo(Hex.value(annotated));
        assertThat(Dhcpv6.decode(Hex.value(annotated))).isEqualTo(new Decoded.Ok<>(message));
    }

    @Test
    void aSolicitIsItsBytes() {
        var solicit = Dhcpv6.of(
                Dhcpv6MessageType.SOLICIT,
                0xcafe01,
                Dhcpv6Option.clientId(CLIENT),
                Dhcpv6Option.association(Dhcpv6Option.IA_NA, EMPTY),
                Dhcpv6Option.optionRequest(Dhcpv6Option.DNS_SERVERS, Dhcpv6Option.DOMAIN_SEARCH),
                new Dhcpv6Option(Dhcpv6Option.ELAPSED_TIME, Bytes.zeros(2)),
                Dhcpv6Option.rapidCommit());
        assertSame(SOLICIT, solicit);
        assertThat(solicit.requestedOptions()).containsExactly(23, 24);
        assertThat(solicit.has(Dhcpv6Option.RAPID_COMMIT)).isTrue();
        assertThat(solicit.has(Dhcpv6Option.SERVER_ID)).isFalse();
        assertThat(solicit.find(Dhcpv6Option.IA_NA).orElseThrow().asAssociation())
                .contains(EMPTY);
    }

    @Test
    void aReplyTellsAllThatAHostNeeds() {
        var lease = new Lease(ALICE, Duration.ofHours(12), Duration.ofDays(1), List.of());
        var association =
                new Association(1, Duration.ofHours(6), Duration.ofMinutes(576), List.of(Dhcpv6Option.lease(lease)));
        var reply = Dhcpv6.of(
                Dhcpv6MessageType.REPLY,
                0xcafe01,
                Dhcpv6Option.clientId(CLIENT),
                Dhcpv6Option.serverId(SERVER),
                Dhcpv6Option.preference(255),
                Dhcpv6Option.association(Dhcpv6Option.IA_NA, association),
                Dhcpv6Option.temporary(2, List.of(Dhcpv6Option.status(new Status(Status.NO_ADDRESSES, "none")))),
                Dhcpv6Option.ofAddresses(Dhcpv6Option.DNS_SERVERS, List.of(ALICE)),
                Dhcpv6Option.ofDomains(Dhcpv6Option.DOMAIN_SEARCH, List.of("a.example")),
                Dhcpv6Option.ofDuration(Dhcpv6Option.INFORMATION_REFRESH_TIME, Duration.ofHours(1)),
                Dhcpv6Option.ofText(Dhcpv6Option.BOOT_FILE_URL, "tftp://b/i"),
                Dhcpv6Option.bootFileParameters(List.of("ro", "x=1")));
        assertSame("""
                07 cafe01                                # reply
                0001 000a 00030001fa163e00000a           # client
                0002 0012 0004 00112233445566778899aabbccddeeff   # server: a UUID
                0007 0001 ff                             # look no further
                0003 0028 00000001 00005460 00008700     # association: renew after 6 hours, rebind after 9.6
                  0005 0018 20010db800000000000000000000000a 0000a8c0 00015180   # for 12 hours, 24 at most
                0004 000e 00000002                       # temporary addresses:
                  000d 0006 0002 6e6f6e65                # there are none
                0017 0010 20010db800000000000000000000000a   # resolver
                0018 000b 0161 076578616d706c65 00       # search a.example
                0020 0004 00000e10                       # ask again after an hour
                003b 000a 746674703a2f2f622f69           # boot file
                003c 0009 0002 726f 0003 783d31          # and its parameters
                """, reply);
        var found = reply.find(Dhcpv6Option.IA_NA).orElseThrow().asAssociation().orElseThrow();
        assertThat(found.addresses()).containsExactly(ALICE);
        assertThat(found.options().getFirst().asLease()).contains(lease);
        assertThat(reply.find(Dhcpv6Option.BOOT_FILE_PARAMETERS).orElseThrow().asParameters())
                .containsExactly("ro", "x=1");
        assertThat(reply.find(Dhcpv6Option.DOMAIN_SEARCH).orElseThrow().asDomains())
                .containsExactly("a.example");
        assertThat(reply.find(Dhcpv6Option.INFORMATION_REFRESH_TIME)
                        .orElseThrow()
                        .asDuration())
                .contains(Duration.ofHours(1));
        var temporary = reply.find(Dhcpv6Option.IA_TA).orElseThrow();
        assertThat(temporary.asTemporaryId()).contains(2);
    }

    @Test
    void aStatusReadsAsWhatItSays() {
        var status = new Status(Status.NOT_ON_LINK, "not here");
        assertThat(Dhcpv6Option.status(status).asStatus()).contains(status);
    }

    @Test
    void anAssociationMayBeThereTwice() {
        var other = new Association(2, Duration.ZERO, Duration.ZERO, List.of());
        var twice = Dhcpv6.of(
                Dhcpv6MessageType.REQUEST,
                1,
                Dhcpv6Option.association(Dhcpv6Option.IA_NA, EMPTY),
                Dhcpv6Option.association(Dhcpv6Option.IA_NA, other));
        assertThat(Dhcpv6.decode(twice.encode()).orThrow().all(Dhcpv6Option.IA_NA))
                .hasSize(2);
    }

    @Test
    void everyTruncationIsBadUnlessItEndsBetweenOptions() {
        var whole = Hex.value(SOLICIT);
        var boundaries = List.of(4, 18, 34, 42, 48);
        for (int length = 0; length < whole.length(); length++) {
            var decoded = Dhcpv6.decode(whole.head(length));
            assertThat(decoded.optional().isPresent()).as("%d bytes", length).isEqualTo(boundaries.contains(length));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0c 00 20010db8000000000000000000000001", "0d 000000", "00 000000", "ff 000000"})
    void whatRelaysSayAndWhatNobodyKnowsIsBad(String hex) {
        assertThat(Dhcpv6.decode(Bytes.hex(hex))).isInstanceOf(Decoded.Bad.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00000001", "00000001 00000000 000000", "00000001 00000000 00000000 0005 0018 20"})
    void aMalformedAssociationIsNone(String hex) {
        assertThat(new Dhcpv6Option(Dhcpv6Option.IA_NA, Bytes.hex(hex)).asAssociation())
                .isEmpty();
    }

    @Test
    void aTransactionHasTwentyFourBits() {
        assertThatThrownBy(() -> Dhcpv6.of(Dhcpv6MessageType.SOLICIT, 1 << 24))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

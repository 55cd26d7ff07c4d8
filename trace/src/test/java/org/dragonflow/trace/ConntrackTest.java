package org.dragonflow.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Header;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Tcp;
import org.junit.jupiter.api.Test;

class ConntrackTest {
    private static final Packet SYN =
            eth().ip4("10.0.0.1", "10.0.0.2").tcp(1000, 80).on(1);
    private static final Packet SYN_ACK =
            eth().ip4("10.0.0.2", "10.0.0.1").tcp(80, 1000, Tcp.SYN | Tcp.ACK).on(2);
    private static final long NEW = Conntrack.TRACKED | Conntrack.NEW;
    private static final long ESTABLISHED = Conntrack.TRACKED | Conntrack.ESTABLISHED;
    private static final long INVALID = Conntrack.TRACKED | Conntrack.INVALID;

    private static Conntrack.Request request(int zone, boolean commit, boolean force, Optional<Action.Nat> nat) {
        return new Conntrack.Request(
                zone, 0, commit, force, nat, label -> new Conntrack.Label(label.mark() + 1, Bits.of(9)));
    }

    private static final Conntrack.Request LOOK = request(1, false, false, Optional.empty());
    private static final Conntrack.Request COMMIT = request(1, true, false, Optional.empty());

    private static Action.Nat to(boolean source, String address) {
        var ip = IpAddress.parse(address);
        return new Action.Nat(source, Optional.of(new Action.Nat.Range(ip, ip, 0, 0)));
    }

    @Test
    void aConnectionIsNewUntilItIsAnswered() {
        assertThat(Conntrack.EMPTY.pass(SYN, LOOK).state()).isEqualTo(NEW);
        var committed = Conntrack.EMPTY.pass(SYN, COMMIT).after();
        assertThat(committed.pass(SYN, LOOK).state()).isEqualTo(NEW);
        var answered = committed.pass(SYN_ACK, LOOK);
        assertThat(answered.state()).isEqualTo(ESTABLISHED | Conntrack.REPLY);
        assertThat(answered.after().pass(SYN, LOOK).state()).isEqualTo(ESTABLISHED);
    }

    @Test
    void whatWasNotCommittedIsNotRemembered() {
        assertThat(Conntrack.EMPTY.pass(SYN, LOOK).after()).isEqualTo(Conntrack.EMPTY);
    }

    @Test
    void anotherZoneKnowsNothing() {
        var committed = Conntrack.EMPTY.pass(SYN, COMMIT).after();
        assertThat(committed
                        .pass(SYN_ACK, request(2, false, false, Optional.empty()))
                        .state())
                .isEqualTo(INVALID);
    }

    @Test
    void anAnswerBeginsNothing() {
        assertThat(Conntrack.EMPTY.pass(SYN_ACK, LOOK).state()).isEqualTo(INVALID);
        var echoReply = eth().ip4("10.0.0.2", "10.0.0.1").icmpEchoReply().on(1);
        assertThat(Conntrack.EMPTY.pass(echoReply, LOOK).state()).isEqualTo(INVALID);
    }

    @Test
    void aConnectionInItsMiddleIsTakenUp() {
        var ack = eth().ip4("10.0.0.1", "10.0.0.2").tcp(1000, 80, Tcp.ACK).on(1);
        assertThat(Conntrack.EMPTY.pass(ack, LOOK).state()).isEqualTo(NEW);
    }

    @Test
    void whatHasNoConnectionIsInvalid() {
        var solicitation = eth().ndSolicit("fe80::1", "fe80::2").on(1);
        assertThat(Conntrack.EMPTY.pass(solicitation, COMMIT).state()).isEqualTo(INVALID);
        assertThat(Conntrack.EMPTY.pass(solicitation, COMMIT).after().size()).isZero();
    }

    @Test
    void committingAgainChangesMarkAndLabel() {
        var once = Conntrack.EMPTY.pass(SYN, COMMIT).after();
        assertThat(once.pass(SYN, LOOK).label()).isEqualTo(new Conntrack.Label(1, Bits.of(9)));
        assertThat(once.pass(SYN, COMMIT).label().mark()).isEqualTo(2);
    }

    @Test
    void forceTurnsAConnectionRound() {
        var committed = Conntrack.EMPTY.pass(SYN, COMMIT).after();
        var ack = eth().ip4("10.0.0.2", "10.0.0.1").tcp(80, 1000, Tcp.ACK).on(2);
        var turned = committed.pass(ack, request(1, true, true, Optional.empty()));
        assertThat(turned.state()).isEqualTo(NEW);
        assertThat(turned.after().size()).isEqualTo(1);
    }

    @Test
    void piecesBelongToWhatTheFirstOfThemBelongsTo() {
        for (var pings : List.of(eth().ip4("10.0.0.1", "10.0.0.2"), eth().ip6("2001:db8::1", "2001:db8::2"))) {
            var whole = pings.udp(1000, 53, Bytes.zeros(24));
            var pieces = whole.pieces(16, 1);
            var first = pieces.get(0).on(1);
            var later = pieces.get(1).on(1);
            assertThat(Conntrack.EMPTY.pass(later, LOOK).isKept()).isTrue();
            var looked = Conntrack.EMPTY.pass(first, LOOK);
            assertThat(looked.state()).isEqualTo(NEW);
            assertThat(looked.after().pass(later, LOOK).state()).isEqualTo(NEW);
            assertThat(looked.after().pass(later, LOOK).original()).isEqualTo(Tuple.of(whole.bytes()));
            assertThat(looked.after()
                            .pass(later, request(2, false, false, Optional.empty()))
                            .isKept())
                    .isTrue();
            var committed = looked.after().pass(first, COMMIT).after();
            assertThat(committed.pass(whole.on(1), LOOK).label()).isEqualTo(new Conntrack.Label(1, Bits.of(9)));
        }
    }

    @Test
    void piecesAreTranslatedOfWhichOnlyTheFirstHasPorts() {
        var nat = request(1, true, false, Optional.of(to(false, "192.0.2.9")));
        var pieces =
                eth().ip4("10.0.0.1", "10.0.0.2").udp(1000, 53, Bytes.zeros(24)).pieces(16, 1);
        var first = Conntrack.EMPTY.pass(pieces.get(0).on(1), nat);
        var later = first.after().pass(pieces.get(1).on(1), nat);
        var expected = eth().ip4("10.0.0.1", "192.0.2.9")
                .udp(1000, 53, Bytes.zeros(24))
                .pieces(16, 1);
        assertThat(later.packet().frame()).isEqualTo(expected.get(1).bytes());
        assertThat(first.packet().headers().get(Header.IPV4_DST)).isEqualTo(Bits.of(0xc000_0209L));
    }

    @Test
    void aSourceIsTranslatedAndItsAnswersBack() {
        var nat = request(1, true, false, Optional.of(to(true, "192.0.2.9")));
        var out = Conntrack.EMPTY.pass(SYN, nat);
        assertThat(out.packet().headers().get(Header.IPV4_SRC)).isEqualTo(Bits.of(0xc000_0209L));
        assertThat(out.state()).isEqualTo(NEW | Conntrack.SOURCE_TRANSLATED);
        var expected = eth().ip4("192.0.2.9", "10.0.0.2").tcp(1000, 80);
        assertThat(out.packet().frame()).isEqualTo(expected.bytes());

        var reply = eth().ip4("10.0.0.2", "192.0.2.9")
                .tcp(80, 1000, Tcp.SYN | Tcp.ACK)
                .on(2);
        var back =
                out.after().pass(reply, request(1, false, false, Optional.of(new Action.Nat(true, Optional.empty()))));
        assertThat(back.packet().frame())
                .isEqualTo(eth().ip4("10.0.0.2", "10.0.0.1")
                        .tcp(80, 1000, Tcp.SYN | Tcp.ACK)
                        .bytes());
        assertThat(back.state()).isEqualTo(ESTABLISHED | Conntrack.REPLY | Conntrack.DESTINATION_TRANSLATED);
    }

    @Test
    void aSourcePortThatIsTakenBecomesAnother() {
        var nat = request(1, true, false, Optional.of(to(true, "192.0.2.9")));
        var one = Conntrack.EMPTY.pass(SYN, nat).after();
        var other = one.pass(eth().ip4("10.0.0.7", "10.0.0.2").tcp(1000, 80).on(1), nat);
        assertThat(other.state()).isEqualTo(NEW | Conntrack.SOURCE_TRANSLATED);
        assertThat(other.packet().headers().number(Header.TCP_SRC)).isNotEqualTo(1000);
    }

    @Test
    void aRangeOfPortsThatIsUsedUpMakesTheNextInvalid() {
        var ip = Ipv4.parse("192.0.2.9");
        var range = new Action.Nat.Range(ip, ip, 2000, 2000);
        var nat = request(1, true, false, Optional.of(new Action.Nat(true, Optional.of(range))));
        var one = Conntrack.EMPTY.pass(SYN, nat).after();
        var other = eth().ip4("10.0.0.7", "10.0.0.2").tcp(1000, 80).on(1);
        assertThat(one.pass(other, nat).state()).isEqualTo(INVALID);
    }

    @Test
    void noBytesBringItDown() {
        var random = new Random(1);
        var packets = new RandomPackets(random);
        for (int i = 0; i < 20_000; i++) {
            var bytes = packets.next().toArray();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            var packet = Packet.arriving(1, Bytes.of(bytes).head(random.nextInt(bytes.length + 1)));
            var turned = packet.headers()
                    .with(Header.IPV4_SRC, 1)
                    .with(Header.ND_TLL, 2)
                    .with(Header.TCP_DST, 3);
            var answer = Conntrack.EMPTY.pass(packet, COMMIT);
            assertThat(answer.state() > 0 || answer.isKept() && packet.headers().number(Header.IP_FRAG) != 0)
                    .isTrue();
            assertThat(packet.rewritten(turned).frame().length())
                    .isEqualTo(packet.frame().length());
        }
    }
}

package org.dragonflow.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv6;
import org.junit.jupiter.api.Test;

class MatchTest {
    private static final Field LOW = Field.reg("low", 3, 0, 8);
    private static final Field HIGH = Field.reg("high", 3, 8, 8);
    private static final Field WIDE = Field.named("wide", Header.XXREG1, 0, 128);

    @Test
    void slicesOfARegisterAreOneTest() {
        var match = Match.on(LOW, 0x12).and(HIGH, 0x34);
        assertThat(match.tests()).containsExactly(new Match.Test(Header.REG3, Bits.of(0x3412), Bits.of(0xffff)));
        assertThat(match).hasToString("reg3=0x3412/0xffff");
    }

    @Test
    void theOrderOfTestsDoesNotMatter() {
        var tests = List.of(
                Match.on(LOW, 1),
                Match.on(HIGH, 2),
                Match.IPV4,
                Match.on(Field.IN_PORT, 7),
                Match.on(WIDE, 99),
                Match.on(Field.ETH_SRC, 5));
        for (long seed = 0; seed < 50; seed++) {
            var shuffled = new ArrayList<>(tests);
            Collections.shuffle(shuffled, new Random(seed));
            var a = tests.stream().reduce(Match.ANY, Match::and);
            var b = shuffled.stream().reduce(Match.ANY, Match::and);
            assertThat(b).isEqualTo(a).hasSameHashCodeAs(a);
        }
    }

    @Test
    void aWideRegisterIsItsFourQuarters() {
        var address = Ipv6.parse("2001:db8::1");
        assertThat(Match.on(WIDE, address).tests())
                .extracting(Match.Test::header)
                .containsExactly(Header.REG4, Header.REG5, Header.REG6, Header.REG7);
        assertThat(Match.on(WIDE, address).requires(Header.REG4, 0x2001_0db8L)).isTrue();
    }

    @Test
    void bitsOutsideTheMaskDoNotCount() {
        assertThat(Match.ANY.and(Field.TCP_DST, 0x1234, 0xff00))
                .isEqualTo(Match.ANY.and(Field.TCP_DST, 0x12ff, 0xff00));
        assertThat(Match.ANY.and(Field.TCP_DST, 5, 0)).isEqualTo(Match.ANY);
        assertThat(Match.ANY.and(Field.IPV4_DST, IpPrefix.parse("0.0.0.0/0"))).isEqualTo(Match.ANY);
    }

    @Test
    void aBitCannotBeTestedForTwoValues() {
        assertThatThrownBy(() -> Match.on(LOW, 1).and(LOW, 2)).hasMessageContaining("reg3");
        assertThat(Match.on(LOW, 1).and(LOW, 1)).isEqualTo(Match.on(LOW, 1));
    }

    @Test
    void aValueTooWideForItsFieldIsRefused() {
        assertThatThrownBy(() -> Match.on(LOW, 0x100)).hasMessageContaining("low");
        assertThatThrownBy(() -> Field.reg("packet_in_operation", 0, 25, 8)).hasMessageContaining("reg0[25..32]");
    }

    @Test
    void theTestsMakeTheMatchAgain() {
        var match = Match.IPV6
                .and(Field.IPV6_SRC, IpPrefix.parse("2001:db8::/33"))
                .and(HIGH, 9)
                .and(WIDE, 3);
        assertThat(Match.of(match.tests())).isEqualTo(match);
    }
}

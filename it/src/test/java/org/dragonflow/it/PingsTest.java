package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PingsTest {
    private static final String OUTPUT = """
            PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
            [100.000000] 64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=1.50 ms
            [100.010000] 64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=0.5 ms
            [100.010100] 64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=0.6 ms (DUP!)
            [100.030000] no answer yet for icmp_seq=3
            [100.035000] From 10.0.0.9 icmp_seq=3 Destination Host Unreachable
            [100.040000] 64 bytes from 10.0.0.2: icmp_seq=4 ttl=64 time=0.5 ms
            [100.050000] no answer yet for icmp_seq=5
            """;

    @Test
    void aRepeatedAnswerCountsOnceAndAnErrorNotAtAll() {
        var pings = Pings.read(OUTPUT, 4);
        assertThat(pings).returns(3, Pings::received).returns(1, Pings::lost);
        assertThat(pings.roundTrips())
                .containsExactly(Duration.ofNanos(1_500_000), Duration.ofNanos(500_000), Duration.ofNanos(500_000));
        assertThat(pings.longestGap()).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void theNewestPingIsKnownEvenIfNobodyAnsweredIt() {
        assertThat(Pings.newest(OUTPUT)).isEqualTo(5);
        assertThat(Pings.newest("PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.\n"))
                .isZero();
    }

    @Test
    void numbersGoOnBeyondSixteenBits() {
        var output = new StringBuilder();
        for (int number = 1; number <= 70_000; number++) {
            output.append("[%d.000000] 64 bytes from 10.0.0.2: icmp_seq=%d ttl=64 time=0.5 ms%n"
                    .formatted(number, number & 0xffff));
        }
        assertThat(Pings.newest(output.toString())).isEqualTo(70_000);
        assertThat(Pings.read(output.toString(), 70_000).lost()).isZero();
    }
}

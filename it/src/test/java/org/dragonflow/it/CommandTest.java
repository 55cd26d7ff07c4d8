package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommandTest {
    @Test
    void aCommandGivesItsStatusAndBothOfItsOutputs() {
        var result = Command.of("sh", "-c", "cat; echo sorry >&2; exit 3")
                .reading("hello")
                .run();
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.stdout()).isEqualTo("hello");
        assertThat(result.stderr()).isEqualTo("sorry\n");
        assertThat(result.succeeded()).isFalse();
    }

    @Test
    void aRequiredCommandThatFailsSaysItsWholeLineAndWhatItPrinted() {
        assertThatThrownBy(() -> Command.of("ls", "/no such").with("A", "b").require())
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("A=b ls '/no such'")
                .hasMessageContaining("status 2")
                .hasMessageContaining("No such file");
    }

    @Test
    void aCommandThatTakesTooLongIsKilled() {
        var start = System.nanoTime();
        var result = Command.of("sleep", "60").within(Duration.ofMillis(100)).run();
        assertThat(result.timedOut()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
}

package org.dragonflow.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.dragonflow.server.http.Refusal;
import org.junit.jupiter.api.Test;

class CallersTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Caller ALICE =
            new Caller(Credentials.ofProject("alice", "blue", Set.of("member")), Policy.standard());

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final AtomicInteger asked = new AtomicInteger();
    private final Callers callers = new Callers(3, now::get);

    private Callers.Verdict alice() {
        asked.incrementAndGet();
        return new Callers.Verdict(Optional.of(ALICE), now.get().plusSeconds(60));
    }

    @Test
    void aSecretIsAskedOfOnceUntilItsTimeIsUp() {
        assertThat(callers.of("secret", this::alice)).contains(ALICE);
        now.set(NOW.plusSeconds(59));
        assertThat(callers.of("secret", this::alice)).contains(ALICE);
        assertThat(asked).hasValue(1);
        now.set(NOW.plusSeconds(60));
        callers.of("secret", this::alice);
        assertThat(asked).hasValue(2);
    }

    @Test
    void anAnswerThatWasNotGivenIsNotRemembered() {
        assertThatThrownBy(() -> callers.of("secret", () -> {
                    throw Refusal.unavailable("away");
                }))
                .isInstanceOf(Refusal.class)
                .hasMessage("away");
        assertThat(callers.of("secret", this::alice)).contains(ALICE);
    }

    @Test
    void thoseNotUsedForLongestAreForgottenFirst() {
        List.of("a", "b", "c", "a", "d").forEach(secret -> callers.of(secret, this::alice));
        assertThat(callers.size()).isEqualTo(3);
        assertThat(asked).hasValue(4);
        callers.of("a", this::alice);
        assertThat(asked).hasValue(4);
        callers.of("b", this::alice);
        assertThat(asked).hasValue(5);
    }

    @Test
    void manyWhoAskOfOneSecretAtATimeWaitForOneAnswer() throws Exception {
        var release = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = IntStream.range(0, 20)
                    .mapToObj(_ -> threads.submit(() -> callers.of("secret", () -> {
                        await(release);
                        return alice();
                    })))
                    .toList();
            release.countDown();
            for (var answer : answers) {
                assertThat(answer.get()).contains(ALICE);
            }
        }
        assertThat(asked).hasValue(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

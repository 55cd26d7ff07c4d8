package org.dragonflow.it;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what the world does in its own time, never for ever. */
public final class Wait {
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Wait() {}

    /** Waits until it holds; it is an {@link IllegalStateException} if it does not within the limit. */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        forAnswer(what, limit, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /** Waits for an answer that is there, and gives it. */
    public static <T> T forAnswer(String what, Duration limit, Supplier<Optional<T>> question) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            var answer = question.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("waited %d ms in vain for %s".formatted(limit.toMillis(), what));
            }
            pause();
        }
    }

    static void pause() {
        LockSupport.parkNanos(PAUSE.toNanos());
    }
}

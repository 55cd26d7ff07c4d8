package org.dragonflow.ovsdb;

import java.time.Duration;

/**
 * The limits of a connection.
 *
 * @param timeout how long to wait for a connection, and for the answer to a call
 * @param probeAfter after this much silence an echo is sent
 * @param deadAfter after this much silence the connection is given up
 * @param maxMessageBytes the longest message that is accepted
 * @param maxQueued how many notifications may wait for their consumer, and messages for the socket
 * @param backoff the waits between attempts to connect again
 */
public record Options(
        Duration timeout,
        Duration probeAfter,
        Duration deadAfter,
        int maxMessageBytes,
        int maxQueued,
        Backoff backoff) {
    private static final int MEBIBYTE = 1 << 20;

    public Options {
        if (!timeout.isPositive() || !probeAfter.isPositive() || deadAfter.compareTo(probeAfter) <= 0) {
            throw new IllegalArgumentException("timeout %s and probe %s must be positive, and dead %s after the probe"
                    .formatted(timeout, probeAfter, deadAfter));
        }
        if (maxMessageBytes < 1 || maxQueued < 1) {
            throw new IllegalArgumentException(
                    "limits must be positive: %d bytes, %d queued".formatted(maxMessageBytes, maxQueued));
        }
    }

    public static Options standard() {
        return new Options(
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                64 * MEBIBYTE,
                10_000,
                new Backoff(Duration.ofMillis(100), Duration.ofSeconds(8)));
    }

    public Options withTimeout(Duration value) {
        return new Options(value, probeAfter, deadAfter, maxMessageBytes, maxQueued, backoff);
    }

    public Options withProbe(Duration after, Duration dead) {
        return new Options(timeout, after, dead, maxMessageBytes, maxQueued, backoff);
    }

    public Options withMaxMessageBytes(int value) {
        return new Options(timeout, probeAfter, deadAfter, value, maxQueued, backoff);
    }

    public Options withMaxQueued(int value) {
        return new Options(timeout, probeAfter, deadAfter, maxMessageBytes, value, backoff);
    }

    public Options withBackoff(Backoff value) {
        return new Options(timeout, probeAfter, deadAfter, maxMessageBytes, maxQueued, value);
    }
}

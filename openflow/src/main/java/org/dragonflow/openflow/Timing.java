package org.dragonflow.openflow;

import java.time.Duration;

/**
 * How long a connection waits.
 *
 * @param idle silence after which the peer is asked for an echo
 * @param dead silence after which the peer is taken to be gone
 * @param answer within which a request must be answered
 * @param reconnect pause before the next attempt to connect
 */
public record Timing(Duration idle, Duration dead, Duration answer, Duration reconnect) {
    // A switch says nothing while it commits: half a second for 50,000 flows.
    public static final Timing STANDARD =
            new Timing(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofMillis(200));
}

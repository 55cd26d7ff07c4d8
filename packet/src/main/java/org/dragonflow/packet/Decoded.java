package org.dragonflow.packet;

import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/** What came of reading bytes from the network: a value, or the reason why there is none. */
public sealed interface Decoded<T> {
    /**
     * The bytes were readable.
     *
     * @param faults what was wrong nevertheless, such as a checksum; who is strict takes sound values only
     */
    record Ok<T>(T value, Set<Fault> faults) implements Decoded<T> {
        public Ok {
            faults = Set.copyOf(faults);
        }

        public Ok(T value) {
            this(value, Set.of());
        }
    }

    /** The bytes were not readable. */
    record Bad<T>(String reason) implements Decoded<T> {}

    /** Whether there is a value and nothing was wrong. */
    default boolean isSound() {
        return switch (this) {
            case Ok<T>(var _, var faults) -> faults.isEmpty();
            case Bad<T> _ -> false;
        };
    }

    /** The value if there is one, whatever its faults. */
    default Optional<T> optional() {
        return switch (this) {
            case Ok<T>(var value, var _) -> Optional.of(value);
            case Bad<T> _ -> Optional.empty();
        };
    }

    /** The value; for callers who know that the bytes are good, such as tests. */
    default T orThrow() {
        return switch (this) {
            case Ok<T>(var value, var _) -> value;
            case Bad<T>(var reason) -> throw new NoSuchElementException(reason);
        };
    }
}

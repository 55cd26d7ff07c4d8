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

        /** Whether nothing was wrong. */
        public boolean isSound() {
            return faults.isEmpty();
        }
    }

    /** The bytes were not readable. */
    record Bad<T>(String reason) implements Decoded<T> {}

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

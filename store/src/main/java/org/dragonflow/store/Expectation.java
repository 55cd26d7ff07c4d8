package org.dragonflow.store;

import java.util.Optional;

/** What a transaction takes to be so about one key; it is committed only if all of that still holds. */
public sealed interface Expectation {
    /** There is no row. */
    record Absent() implements Expectation {}

    /** There is a row, whatever its revision. */
    record Present() implements Expectation {}

    /** There is a row, and this commit wrote it last. */
    record At(long revision) implements Expectation {}

    static Expectation absent() {
        return new Absent();
    }

    static Expectation present() {
        return new Present();
    }

    static Expectation at(long revision) {
        return new At(revision);
    }

    default boolean holdsFor(Optional<Row> row) {
        return switch (this) {
            case Absent() -> row.isEmpty();
            case Present() -> row.isPresent();
            case At(var revision) -> row.isPresent() && row.get().revision() == revision;
        };
    }
}

package org.dragonflow.model;

import java.util.List;
import java.util.function.Function;

/** What came of reading data from outside: the value, or everything that is wrong with the data. */
public sealed interface Decoded<T> {
    /** The value; nothing was wrong. */
    record Ok<T>(T value) implements Decoded<T> {}

    /** At least one problem, in the order of the data. */
    record Bad<T>(List<Problem> problems) implements Decoded<T> {
        public Bad {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("data is not bad without a problem");
            }
        }
    }

    /** The value, or an exception that says all that is wrong: for data that the program itself wrote. */
    default T orThrow() {
        return switch (this) {
            case Ok<T>(var value) -> value;
            case Bad<T>(var problems) -> throw new IllegalArgumentException(problems.toString());
        };
    }

    /** The same problems, or what becomes of the value. */
    default <R> Decoded<R> map(Function<T, R> change) {
        return switch (this) {
            case Ok<T>(var value) -> new Ok<>(change.apply(value));
            case Bad<T>(var problems) -> new Bad<>(problems);
        };
    }
}

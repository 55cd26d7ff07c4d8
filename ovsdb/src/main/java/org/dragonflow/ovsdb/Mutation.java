package org.dragonflow.ovsdb;

/** A change of a column relative to what it holds (RFC 7047 section 5.1, mutation). */
public record Mutation(String column, Mutator mutator, Value value) {

    /** The changes there are. */
    public enum Mutator {
        ADD("+="),
        SUBTRACT("-="),
        MULTIPLY("*="),
        DIVIDE("/="),
        REMAINDER("%="),
        INSERT("insert"),
        DELETE("delete");

        private final String symbol;

        Mutator(String symbol) {
            this.symbol = symbol;
        }

        String symbol() {
            return symbol;
        }
    }

    /** Adds to a set, or to a map the pairs whose keys it has not. */
    public static Mutation insert(String column, Value value) {
        return new Mutation(column, Mutator.INSERT, value);
    }

    /** Takes from a set, or from a map by key or by pair. */
    public static Mutation delete(String column, Value value) {
        return new Mutation(column, Mutator.DELETE, value);
    }
}

package org.dragonflow.ovsdb;

/** A test that a row passes or not (RFC 7047 section 5.1, condition). */
public record Condition(String column, Comparison comparison, Value value) {

    /** The functions a condition may apply. */
    public enum Comparison {
        LESS("<"),
        AT_MOST("<="),
        EQUAL("=="),
        NOT_EQUAL("!="),
        AT_LEAST(">="),
        GREATER(">"),
        INCLUDES("includes"),
        EXCLUDES("excludes");

        private final String symbol;

        Comparison(String symbol) {
            this.symbol = symbol;
        }

        String symbol() {
            return symbol;
        }
    }

    public static Condition equal(String column, Value value) {
        return new Condition(column, Comparison.EQUAL, value);
    }

    public static Condition includes(String column, Value value) {
        return new Condition(column, Comparison.INCLUDES, value);
    }
}

package org.dragonflow.it.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that was measured, once a round.
 *
 * @param goal the number to hold, if there is one
 * @param note how it was measured, as far as the name does not say
 */
record Figure(String name, String unit, List<Double> rounds, Optional<Goal> goal, String note) {
    Figure {
        rounds = rounds.stream().sorted().toList();
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException(name + " was not measured");
        }
    }

    /** A number to hold. */
    record Goal(Side side, double value) {
        /** On which side of the number it is well. */
        enum Side {
            AT_MOST,
            AT_LEAST
        }

        static Goal atMost(double value) {
            return new Goal(Side.AT_MOST, value);
        }

        static Goal atLeast(double value) {
            return new Goal(Side.AT_LEAST, value);
        }

        boolean isMetBy(double measured) {
            return switch (side) {
                case AT_MOST -> measured <= value;
                case AT_LEAST -> measured >= value;
            };
        }

        @Override
        public String toString() {
            return switch (side) {
                        case AT_MOST -> "<= ";
                        case AT_LEAST -> ">= ";
                    }
                    + text(value);
        }
    }

    static Figure of(String name, String unit, List<Double> rounds) {
        return new Figure(name, unit, rounds, Optional.empty(), "");
    }

    static Figure once(String name, String unit, double value) {
        return of(name, unit, List.of(value));
    }

    Figure holding(Goal number) {
        return new Figure(name, unit, rounds, Optional.of(number), note);
    }

    Figure noting(String text) {
        return new Figure(name, unit, rounds, goal, text);
    }

    double median() {
        int half = rounds.size() / 2;
        return rounds.size() % 2 == 1 ? rounds.get(half) : (rounds.get(half - 1) + rounds.get(half)) / 2;
    }

    /** Whether the median holds the number; empty if there is none. */
    Optional<Boolean> isMet() {
        return goal.map(number -> number.isMetBy(median()));
    }

    private String verdict() {
        return goal.map(number -> "%s %s".formatted(number, number.isMetBy(median()) ? "met" : "MISSED"))
                .orElse("");
    }

    /** One line of the table. */
    String line() {
        return "  %-72s %10s %-6s %21s  %-18s%s"
                .formatted(
                        name,
                        text(median()),
                        unit,
                        rounds.size() == 1
                                ? "one round"
                                : "%s .. %s".formatted(text(rounds.getFirst()), text(rounds.getLast())),
                        verdict(),
                        note.isEmpty() ? "" : " " + note)
                .stripTrailing();
    }

    /** Three digits that count. */
    static String text(double value) {
        int decimals = value >= 100 || value == Math.rint(value) ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    Map<String, Object> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", name);
        json.put("unit", unit);
        json.put("median", median());
        json.put("min", rounds.getFirst());
        json.put("max", rounds.getLast());
        json.put("rounds", rounds.size());
        goal.ifPresent(number -> json.put("hold", number.toString()));
        isMet().ifPresent(met -> json.put("met", met));
        json.put("note", note);
        return json;
    }
}

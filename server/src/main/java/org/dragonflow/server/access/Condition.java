package org.dragonflow.server.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is left of a rule once it is known who asks: a question about the target alone.
 *
 * <p>For most callers little is left, such as {@code project_id = P or shared = true}, which an index answers. That is why a list costs what
 * the caller may see, and not what there is.
 */
public sealed interface Condition {
    boolean holds(Target target);

    /** Holds if a value of the attribute is this one. */
    record Is(String resource, String attribute, String value) implements Condition {
        @Override
        public boolean holds(Target target) {
            return target.values(resource, attribute).contains(value);
        }
    }

    /** Holds if a value of the attribute begins as the pattern says. */
    record Like(String resource, String attribute, Pattern pattern) implements Condition {
        @Override
        public boolean holds(Target target) {
            return target.values(resource, attribute).stream()
                    .anyMatch(value -> pattern.matcher(value).lookingAt());
        }
    }

    /** Holds if the other does not. */
    record Not(Condition of) implements Condition {
        @Override
        public boolean holds(Target target) {
            return !of.holds(target);
        }
    }

    /** Holds if all do; of none, always. */
    record All(List<Condition> of) implements Condition {
        public All {
            of = List.copyOf(of);
        }

        @Override
        public boolean holds(Target target) {
            for (var condition : of) {
                if (!condition.holds(target)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Holds if one does; of none, never. */
    record Any(List<Condition> of) implements Condition {
        public Any {
            of = List.copyOf(of);
        }

        @Override
        public boolean holds(Target target) {
            for (var condition : of) {
                if (condition.holds(target)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Equalities of which at least one holds wherever the condition does; empty if there are none such. */
    default Optional<List<Is>> alternatives() {
        return switch (this) {
            case Is is -> Optional.of(List.of(is));
            case Like _, Not _ -> Optional.empty();
            case All(var of) ->
                of.stream()
                        .map(Condition::alternatives)
                        .flatMap(Optional::stream)
                        .findFirst();
            case Any(var of) -> {
                var each = of.stream().map(Condition::alternatives).toList();
                yield each.stream().allMatch(Optional::isPresent)
                        ? Optional.of(each.stream()
                                .flatMap(Optional::stream)
                                .flatMap(List::stream)
                                .distinct()
                                .toList())
                        : Optional.empty();
            }
        };
    }

    /** For people: {@code project_id is blue or network's shared is true}. */
    default String text() {
        return switch (this) {
            case Is(var resource, var attribute, var value) -> "%s is %s".formatted(name(resource, attribute), value);
            case Like(var resource, var attribute, var pattern) ->
                "%s is like %s".formatted(name(resource, attribute), pattern);
            case Not(var of) -> "not (%s)".formatted(of.text());
            case All(var of) -> of.isEmpty() ? "always" : joined(of, " and ");
            case Any(var of) -> of.isEmpty() ? "never" : joined(of, " or ");
        };
    }

    private static String name(String resource, String attribute) {
        return resource.isEmpty() ? attribute : resource + "'s " + attribute;
    }

    private static String joined(List<Condition> of, String word) {
        return of.stream()
                .map(one -> one instanceof All || one instanceof Any ? "(%s)".formatted(one.text()) : one.text())
                .collect(Collectors.joining(word));
    }

    static Condition always() {
        return new All(List.of());
    }

    static Condition never() {
        return new Any(List.of());
    }

    static Condition of(boolean holds) {
        return holds ? always() : never();
    }

    static Condition not(Condition condition) {
        return condition.equals(always()) ? never() : condition.equals(never()) ? always() : new Not(condition);
    }

    static Condition all(Stream<Condition> conditions) {
        var all = new ArrayList<Condition>();
        for (var condition : conditions.toList()) {
            if (condition.equals(never())) {
                return condition;
            }
            switch (condition) {
                case All(var of) -> all.addAll(of);
                case Is _, Like _, Not _, Any _ -> all.add(condition);
            }
        }
        var distinct = all.stream().distinct().toList();
        return distinct.size() == 1 ? distinct.getFirst() : new All(distinct);
    }

    static Condition any(Stream<Condition> conditions) {
        var any = new ArrayList<Condition>();
        for (var condition : conditions.toList()) {
            if (condition.equals(always())) {
                return condition;
            }
            switch (condition) {
                case Any(var of) -> any.addAll(of);
                case Is _, Like _, Not _, All _ -> any.add(condition);
            }
        }
        var distinct = any.stream().distinct().toList();
        return distinct.size() == 1 ? distinct.getFirst() : new Any(distinct);
    }
}

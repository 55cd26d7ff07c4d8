package org.dragonflow.server.access;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A rule of the policy, as its text says it. */
sealed interface Check {
    /** {@code @} and the empty text always hold, {@code !} never. */
    record Constant(boolean holds) implements Check {}

    /** {@code role:member} */
    record Role(String name) implements Check {}

    /** {@code rule:admin_only}: what another rule says. */
    record Rule(String name) implements Check {}

    /** {@code project_id:%(network:project_id)s}: something of the caller is something of the target. */
    record SameAs(String credential, String resource, String attribute) implements Check {}

    /** {@code system_scope:all}: something of the caller is this. */
    record Has(String credential, String value) implements Check {}

    /** {@code field:networks:shared=True}, or {@code 'literal':%(attribute)s}: something of the target is this. */
    record Field(String resource, String attribute, String value) implements Check {}

    /** {@code field:port:device_owner=~^network:}: something of the target begins so. */
    record FieldLike(String resource, String attribute, Pattern pattern) implements Check {}

    record Not(Check of) implements Check {}

    record All(List<Check> of) implements Check {}

    record Any(List<Check> of) implements Check {}

    /** The names of the rules that it asks directly. */
    default Stream<String> rules() {
        return switch (this) {
            case Rule(var name) -> Stream.of(name);
            case Has(var credential, var _) ->
                credential.equals(Policy.IS_ADMIN) ? Stream.of(Policy.ADMIN) : Stream.empty();
            case Not(var of) -> of.rules();
            case All(var of) -> of.stream().flatMap(Check::rules);
            case Any(var of) -> of.stream().flatMap(Check::rules);
            case Constant _, Role _, SameAs _, Field _, FieldLike _ -> Stream.empty();
        };
    }

    /** What is left of it for this caller; {@code meaning} gives what the text of a rule comes to. */
    default Condition reduce(Credentials who, Function<String, Condition> meaning) {
        return switch (this) {
            case Constant(var holds) -> Condition.of(holds);
            case Role(var name) -> Condition.of(who.roles().contains(name));
            case Rule(var name) -> meaning.apply(name);
            case SameAs(var credential, var resource, var attribute) ->
                who.value(credential)
                        .<Condition>map(value -> new Condition.Is(resource, attribute, value))
                        .orElse(Condition.never());
            case Has(var credential, var value) ->
                credential.equals(Policy.IS_ADMIN)
                        ? (value.equals("true")
                                ? meaning.apply(Policy.ADMIN)
                                : Condition.not(meaning.apply(Policy.ADMIN)))
                        : Condition.of(
                                who.value(credential).filter(value::equals).isPresent());
            case Field(var resource, var attribute, var value) -> new Condition.Is(resource, attribute, value);
            case FieldLike(var resource, var attribute, var pattern) ->
                new Condition.Like(resource, attribute, pattern);
            case Not(var of) -> Condition.not(of.reduce(who, meaning));
            case All(var of) -> Condition.all(of.stream().map(check -> check.reduce(who, meaning)));
            case Any(var of) -> Condition.any(of.stream().map(check -> check.reduce(who, meaning)));
        };
    }
}

package org.dragonflow.flow;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One stage of the pipeline, as a contract: who writes it, what its flows may match and set, and where they may send a packet.
 *
 * <p>A table has no number. Its number is its position in the {@link Pipeline}.
 *
 * @param name snake_case, as Open vSwitch shows it
 * @param owner the app whose table it is
 * @param contributors the other apps that write it
 * @param matches fields that a flow may match
 * @param sets fields that a flow may change
 * @param back tables at or before this one that a flow may resubmit to, or go on in after a lookup of the connection; everything else must go forward
 * @param merging whether flows of one key, from several entities, join their actions as a set; in all other tables a key has one maker
 * @param doc one sentence for the reference page
 */
public record Table(
        String name,
        String owner,
        Set<String> contributors,
        Set<Field> matches,
        Set<Field> sets,
        Set<String> back,
        boolean merging,
        String doc) {

    public Table {
        contributors = frozen(contributors);
        matches = frozen(matches);
        sets = frozen(sets);
        back = frozen(back);
    }

    // In the order of declaration, for the reference page.
    private static <T> Set<T> frozen(Set<T> set) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(set));
    }

    public static Table of(String name, String owner, String doc) {
        return new Table(name, owner, Set.of(), Set.of(), Set.of(), Set.of(), false, doc);
    }

    /** A table that no pipeline declares, met in a switch under its number. */
    public static Table unknown(int number) {
        return of("table_" + number, "", "");
    }

    public Table matching(Field... fields) {
        return new Table(name, owner, contributors, plus(matches, fields), sets, back, merging, doc);
    }

    public Table setting(Field... fields) {
        return new Table(name, owner, contributors, matches, plus(sets, fields), back, merging, doc);
    }

    public Table contributors(String... apps) {
        return new Table(name, owner, plus(contributors, apps), matches, sets, back, merging, doc);
    }

    public Table mergingFlows() {
        return new Table(name, owner, contributors, matches, sets, back, true, doc);
    }

    public Table goingBackTo(Table... tables) {
        var names = Stream.of(tables).map(Table::name).toArray(String[]::new);
        return new Table(name, owner, contributors, matches, sets, plus(back, names), merging, doc);
    }

    private static <T> Set<T> plus(Set<T> set, T[] more) {
        var next = new LinkedHashSet<>(set);
        next.addAll(Arrays.asList(more));
        return next;
    }

    /** Whether the app may write flows here. */
    public boolean isWrittenBy(String app) {
        return owner.equals(app) || contributors.contains(app);
    }

    /** A name is unique in a pipeline, so it is all of a table's identity; and hashing it is cheap. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Table table && name.equals(table.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}

package org.dragonflow.ovsdb;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What a column may hold (RFC 7047 section 5.1): an atom, a set of atoms, or a map from atoms to atoms. */
public sealed interface Value {

    /** A single value; also the only form of a set that has exactly one element. */
    sealed interface Atom extends Value {}

    /** A string. */
    record Text(String value) implements Atom {}

    /** An integer. */
    record Whole(long value) implements Atom {}

    /** A finite number; the server writes one without a fraction as an integer, which reads as {@link Whole}. */
    record Real(double value) implements Atom {
        public Real {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("%s has no form in JSON".formatted(value));
            }
        }
    }

    /** A boolean. */
    record Truth(boolean value) implements Atom {}

    /** The row with this UUID. */
    record Ref(UUID uuid) implements Atom {}

    /** The row that an insert of the same transaction calls by this name. */
    record NamedRef(String name) implements Atom {}

    /** None or several atoms. */
    record SetOf(Set<Atom> atoms) implements Value {
        public static final SetOf EMPTY = new SetOf(Set.of());

        public SetOf {
            atoms = Set.copyOf(atoms);
            if (atoms.size() == 1) {
                throw new IllegalArgumentException("a set of one atom is written as that atom: %s".formatted(atoms));
            }
        }
    }

    /** A map. */
    record MapOf(Map<Atom, Atom> entries) implements Value {
        public MapOf {
            entries = Map.copyOf(entries);
        }
    }

    static Value text(String value) {
        return new Text(value);
    }

    static Value ref(UUID uuid) {
        return new Ref(uuid);
    }

    static Value set(Collection<? extends Atom> atoms) {
        var distinct = Set.<Atom>copyOf(atoms);
        return distinct.size() == 1 ? distinct.iterator().next() : new SetOf(distinct);
    }

    static Value texts(Collection<String> texts) {
        return set(texts.stream().map(Text::new).collect(Collectors.toSet()));
    }

    static Value map(Map<String, String> entries) {
        return new MapOf(entries.entrySet().stream()
                .collect(Collectors.toMap(entry -> new Text(entry.getKey()), entry -> new Text(entry.getValue()))));
    }

    /** The elements, if this is read as a set; a map has none. */
    default Set<Atom> atoms() {
        return switch (this) {
            case Atom atom -> Set.of(atom);
            case SetOf(var atoms) -> atoms;
            case MapOf _ -> Set.of();
        };
    }
}

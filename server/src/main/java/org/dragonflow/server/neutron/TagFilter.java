package org.dragonflow.server.neutron;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which tags a query string asks for: all of some, any of them, not all of them, or none. */
enum TagFilter {
    TAGS {
        @Override
        boolean accepts(Set<String> tags, Set<String> asked) {
            return tags.containsAll(asked);
        }
    },
    TAGS_ANY {
        @Override
        boolean accepts(Set<String> tags, Set<String> asked) {
            return asked.stream().anyMatch(tags::contains);
        }
    },
    NOT_TAGS {
        @Override
        boolean accepts(Set<String> tags, Set<String> asked) {
            return !tags.containsAll(asked);
        }
    },
    NOT_TAGS_ANY {
        @Override
        boolean accepts(Set<String> tags, Set<String> asked) {
            return asked.stream().noneMatch(tags::contains);
        }
    };

    abstract boolean accepts(Set<String> tags, Set<String> asked);

    /** The filter that a parameter of this name is. */
    static Optional<TagFilter> named(String parameter) {
        return Arrays.stream(values())
                .filter(filter ->
                        filter.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(parameter))
                .findFirst();
    }

    /** Whether an entity with these tags is what the values of the parameter ask for, each a list with commas. */
    boolean accepts(List<String> tags, List<String> texts) {
        var asked = new HashSet<String>();
        texts.forEach(text -> asked.addAll(List.of(text.split(",", -1))));
        return accepts(Set.copyOf(tags), asked);
    }
}

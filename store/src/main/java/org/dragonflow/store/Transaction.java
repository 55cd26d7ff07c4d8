package org.dragonflow.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Writes that take place together, if all expectations hold, or not at all.
 *
 * <p>Composition copies: to put together hundreds of keys, collect them and use the constructor.
 *
 * @param expectations what must hold, at most {@value Store#MAX_EXPECTATIONS} keys
 * @param writes what to do, at most {@value Store#MAX_WRITES}, in any order, one per key
 */
public record Transaction(Map<Key, Expectation> expectations, List<Write> writes) {
    public static final Transaction EMPTY = new Transaction(Map.of(), List.of());

    public Transaction {
        expectations = Collections.unmodifiableMap(new LinkedHashMap<>(expectations));
        writes = List.copyOf(writes);
        if (expectations.size() > Store.MAX_EXPECTATIONS) {
            throw tooMany("expectations", expectations.size(), Store.MAX_EXPECTATIONS);
        }
        if (writes.size() > Store.MAX_WRITES) {
            throw tooMany("writes", writes.size(), Store.MAX_WRITES);
        }
        requireOneWritePerKey(writes);
    }

    public Transaction expect(Key key, Expectation expectation) {
        var more = new LinkedHashMap<>(expectations);
        var before = more.put(key, expectation);
        if (before != null && !before.equals(expectation)) {
            throw new IllegalArgumentException(
                    "%s is expected to be both %s and %s".formatted(key, before, expectation));
        }
        return new Transaction(more, writes);
    }

    public Transaction put(Key key, Bytes value) {
        return and(new Write.Put(key, value));
    }

    public Transaction delete(Key key) {
        return and(new Write.Delete(key));
    }

    /** Asks whether the expectations hold, and does nothing. */
    Transaction withoutWrites() {
        return new Transaction(expectations, List.of());
    }

    /** For engines: the keys whose expectation does not hold, in the order in which they were expected. */
    public Set<Key> conflicts(Function<Key, Optional<Row>> current) {
        var keys = new LinkedHashSet<Key>();
        expectations.forEach((key, expectation) -> {
            if (!expectation.holdsFor(current.apply(key))) {
                keys.add(key);
            }
        });
        return keys;
    }

    /** For engines: what the writes change, in their order; to delete what is not there changes nothing. */
    public List<Change> changes(Function<Key, Optional<Row>> current) {
        var changes = new ArrayList<Change>(writes.size());
        for (var write : writes) {
            var before = current.apply(write.key()).map(Row::value);
            switch (write) {
                case Write.Put(var key, var value) -> changes.add(new Change(key, before, Optional.of(value)));
                case Write.Delete(var key) ->
                    before.ifPresent(value -> changes.add(new Change(key, before, Optional.empty())));
            }
        }
        return changes;
    }

    private Transaction and(Write write) {
        var more = new ArrayList<>(writes);
        more.add(write);
        return new Transaction(expectations, more);
    }

    private static void requireOneWritePerKey(List<Write> writes) {
        var keys = HashSet.<Key>newHashSet(writes.size());
        for (var write : writes) {
            if (!keys.add(write.key())) {
                throw new IllegalArgumentException("a transaction writes a key once: " + write.key());
            }
        }
    }

    private static IllegalArgumentException tooMany(String what, int count, int limit) {
        return new IllegalArgumentException(
                "a transaction has at most %d %s, this one has %d".formatted(limit, what, count));
    }
}

package org.dragonflow.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Elements that are found by a key of their own, at most one of each key, in no order.
 *
 * <p>The compiler keeps several references for every flow in such tables. A {@link java.util.HashMap} has an object for each of them, which
 * takes more memory and far more of the collector's time than the reference does. This one has none: linear probing, with deletion that
 * leaves no gaps (Knuth, The Art of Computer Programming, 6.4, algorithms L and R).
 */
final class Compact<K, E> {
    private static final int LEAST = 8;

    private final Function<E, K> keyOf;
    // As many as there are places; a place is free where the element is null.
    private @Nullable Object[] elements = new Object[LEAST];
    private int[] hashes = new int[LEAST];
    private int size;

    Compact(Function<E, K> keyOf) {
        this.keyOf = keyOf;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @Nullable
    E find(K key) {
        return element(place(key, spread(key)));
    }

    /** Puts the element in; the one of the same key, if there is one, makes way. */
    void put(E element) {
        // At most two thirds full, else the ways become long.
        if (3 * (size + 1) > 2 * elements.length) {
            resize(2 * elements.length);
        }
        var key = keyOf.apply(element);
        int hash = spread(key);
        int place = place(key, hash);
        size += elements[place] == null ? 1 : 0;
        elements[place] = element;
        hashes[place] = hash;
    }

    /** Takes out the element of this key; says whether there was one. */
    boolean remove(K key) {
        int gap = place(key, spread(key));
        if (elements[gap] == null) {
            return false;
        }
        // What was put behind the gap because its own place was taken moves up, or it would not be found again.
        for (int i = next(gap); elements[i] != null; i = next(i)) {
            if (distance(hashes[i], i) >= distance(gap, i)) {
                elements[gap] = elements[i];
                hashes[gap] = hashes[i];
                gap = i;
            }
        }
        elements[gap] = null;
        size--;
        if (elements.length > LEAST && 8 * size < elements.length) {
            resize(elements.length / 2);
        }
        return true;
    }

    Stream<E> stream() {
        return elements().stream();
    }

    /** All of them, as they are now. */
    List<E> elements() {
        var all = new ArrayList<E>(size);
        for (int i = 0; i < elements.length; i++) {
            var element = element(i);
            if (element != null) {
                all.add(element);
            }
        }
        return all;
    }

    /** Where the key is; if it is nowhere, the free place where it would be put. */
    private int place(K key, int hash) {
        int i = hash & elements.length - 1;
        for (var there = element(i); there != null; there = element(i)) {
            if (hashes[i] == hash && keyOf.apply(there).equals(key)) {
                return i;
            }
            i = next(i);
        }
        return i;
    }

    private int next(int place) {
        return place + 1 & elements.length - 1;
    }

    /** How many steps it is from the place that is meant to the place. */
    private int distance(int meant, int place) {
        return place - meant & elements.length - 1;
    }

    private void resize(int length) {
        var oldElements = elements;
        var oldHashes = hashes;
        elements = new Object[length];
        hashes = new int[length];
        for (int i = 0; i < oldElements.length; i++) {
            if (oldElements[i] != null) {
                int place = oldHashes[i] & length - 1;
                while (elements[place] != null) {
                    place = next(place);
                }
                elements[place] = oldElements[i];
                hashes[place] = oldHashes[i];
            }
        }
    }

    @SuppressWarnings("unchecked") // put puts nothing else there
    private @Nullable E element(int place) {
        return (E) elements[place];
    }

    // Hashes of names that are alike lie side by side, and would make one long way.
    private static int spread(Object key) {
        int h = key.hashCode() * 0x9e37_79b9;
        return h ^ h >>> 16;
    }
}

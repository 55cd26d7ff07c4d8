package org.dragonflow.model;

import org.jspecify.annotations.Nullable;

/**
 * Remembers values that were seen lately, so that equal ones which come again and again are kept once: names, texts, times.
 *
 * <p>It forgets what another value takes the place of. Any thread may use it: all that can go wrong is that a value is kept twice.
 */
public final class Recurring {
    /** Remembers nothing. */
    static final Recurring NOTHING = new Recurring(0);

    private static final int BITS = 12;

    private final @Nullable Object[] slots;

    public Recurring() {
        this(1 << BITS);
    }

    private Recurring(int slots) {
        this.slots = new Object[slots];
    }

    /** The value, or an equal one that is known already; it must be immutable. */
    @SuppressWarnings("unchecked") // what equals a value is of its class
    <T> T once(T value) {
        if (slots.length == 0) {
            return value;
        }
        int slot = value.hashCode() * 0x9e37_79b9 >>> Integer.SIZE - BITS;
        var known = slots[slot];
        if (value.equals(known)) {
            return (T) known;
        }
        slots[slot] = value;
        return value;
    }
}

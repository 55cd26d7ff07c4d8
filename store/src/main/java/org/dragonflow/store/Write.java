package org.dragonflow.store;

/** What a transaction does to one key. */
public sealed interface Write {
    Key key();

    /** Makes or replaces the row; a value has at most {@value Store#MAX_VALUE_BYTES} bytes. */
    record Put(Key key, Bytes value) implements Write {
        public Put {
            if (value.size() > Store.MAX_VALUE_BYTES) {
                throw new IllegalArgumentException("the value of %s has %d bytes, and may have %d"
                        .formatted(key, value.size(), Store.MAX_VALUE_BYTES));
            }
        }
    }

    /** Takes the row away; nothing happens if there is none. */
    record Delete(Key key) implements Write {}
}

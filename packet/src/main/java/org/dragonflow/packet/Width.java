package org.dragonflow.packet;

/** Refuses values that do not fit their field. */
final class Width {
    private Width() {}

    static void check(String field, long value, int bits) {
        if (value >>> bits != 0) {
            throw new IllegalArgumentException("%s has %d bits and cannot hold %d".formatted(field, bits, value));
        }
    }

    /** Options of IPv4 and TCP: whole words of 32 bits, 40 bytes at most. */
    static void checkOptions(String header, Bytes options) {
        if (options.length() % 4 != 0 || options.length() > 40) {
            throw new IllegalArgumentException(
                    "%s options come in words of 4 bytes, 40 at most, not %d".formatted(header, options.length()));
        }
    }
}

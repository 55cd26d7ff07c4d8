package org.dragonflow.packet;

/** The Internet checksum (RFC 1071). */
final class Checksum {
    private Checksum() {}

    /** Adds 16-bit words, the last one filled up with zero; not folded yet. */
    static long sum(byte[] data, int from, int to) {
        long sum = 0;
        int i = from;
        for (; i + 1 < to; i += 2) {
            sum += (data[i] & 0xff) << 8 | data[i + 1] & 0xff;
        }
        return i < to ? sum + ((data[i] & 0xff) << 8) : sum;
    }

    /** The four 16-bit words of a long, added. */
    static long sum(long words) {
        return (words >>> 48) + (words >>> 32 & 0xffff) + (words >>> 16 & 0xffff) + (words & 0xffff);
    }

    /** Folds the carries into 16 bits and complements. Of data that holds its own checksum this is 0. */
    static int of(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) ~folded & 0xffff;
    }
}

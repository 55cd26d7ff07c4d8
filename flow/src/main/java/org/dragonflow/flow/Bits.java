package org.dragonflow.flow;

/**
 * Up to 128 bits, unsigned: wide enough for every field that a flow may name.
 *
 * @param high bits 64 to 127
 * @param low bits 0 to 63
 */
public record Bits(long high, long low) {
    public static final Bits ZERO = new Bits(0, 0);
    private static final Bits ONE = new Bits(0, 1);

    public static Bits of(long low) {
        // Flags are set by most flows, and these are kept.
        return low == 0 ? ZERO : low == 1 ? ONE : new Bits(0, low);
    }

    /** The {@code width} least significant bits set; 0 to 128. */
    public static Bits ones(int width) {
        return new Bits(lowOnes(width - 64), lowOnes(width));
    }

    private static long lowOnes(int width) {
        return width >= 64 ? -1L : width <= 0 ? 0 : (1L << width) - 1;
    }

    public Bits and(Bits other) {
        return new Bits(high & other.high, low & other.low);
    }

    public Bits or(Bits other) {
        return new Bits(high | other.high, low | other.low);
    }

    public Bits not() {
        return new Bits(~high, ~low);
    }

    public Bits shiftLeft(int distance) {
        if (distance == 0) {
            return this;
        }
        return distance >= 64
                ? new Bits(low << (distance - 64), 0)
                : new Bits(high << distance | low >>> (64 - distance), low << distance);
    }

    public Bits shiftRight(int distance) {
        if (distance == 0) {
            return this;
        }
        return distance >= 64
                ? new Bits(0, high >>> (distance - 64))
                : new Bits(high >>> distance, low >>> distance | high << (64 - distance));
    }

    public boolean isZero() {
        return high == 0 && low == 0;
    }

    /** The number of bits up to the highest one that is set. */
    public int length() {
        return high != 0 ? 128 - Long.numberOfLeadingZeros(high) : 64 - Long.numberOfLeadingZeros(low);
    }

    @Override
    public String toString() {
        return high == 0 ? "0x" + Long.toHexString(low) : "0x%x%016x".formatted(high, low);
    }
}

package org.dragonflow.openflow;

import java.util.Arrays;
import java.util.HexFormat;
import org.dragonflow.flow.Bits;

/** Bytes being put together, in network byte order. */
final class WireWriter {
    private byte[] bytes;
    private int length;

    WireWriter(int capacity) {
        this.bytes = new byte[capacity];
    }

    int length() {
        return length;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    void clear() {
        length = 0;
    }

    // Call it in a statement of its own: it may replace the array.
    private int grow(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
        int from = length;
        length += more;
        return from;
    }

    WireWriter u8(int value) {
        int from = grow(1);
        bytes[from] = (byte) value;
        return this;
    }

    WireWriter u16(int value) {
        int from = grow(2);
        bytes[from] = (byte) (value >>> 8);
        bytes[from + 1] = (byte) value;
        return this;
    }

    WireWriter u32(long value) {
        return u16((int) (value >>> 16)).u16((int) value);
    }

    WireWriter u48(long value) {
        return u16((int) (value >>> 32)).u32(value);
    }

    WireWriter u64(long value) {
        return u32(value >>> 32).u32(value);
    }

    /** The value in this many bytes, most significant first. */
    WireWriter bits(Bits value, int size) {
        int from = grow(size);
        for (int i = 0; i < size; i++) {
            int shift = 8 * (size - 1 - i);
            bytes[from + i] = (byte) (shift >= 64 ? value.high() >>> (shift - 64) : value.low() >>> shift);
        }
        return this;
    }

    WireWriter raw(byte[] more) {
        int from = grow(more.length);
        System.arraycopy(more, 0, bytes, from, more.length);
        return this;
    }

    WireWriter hex(String digits) {
        return raw(HexFormat.of().parseHex(digits));
    }

    WireWriter zeros(int count) {
        int from = grow(count);
        Arrays.fill(bytes, from, length, (byte) 0);
        return this;
    }

    /** Fills up to a multiple of 8 from {@code start}. */
    WireWriter pad(int start) {
        return zeros(-(length - start) & 7);
    }

    /** Writes, at {@code at}, how many bytes there are from {@code start} to here. */
    void lengthAt(int at, int start) {
        int size = length - start;
        if (size > 0xffff) {
            throw new IllegalArgumentException("%d bytes do not fit in an OpenFlow structure".formatted(size));
        }
        bytes[at] = (byte) (size >>> 8);
        bytes[at + 1] = (byte) size;
    }
}

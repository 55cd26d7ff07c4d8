package org.dragonflow.openflow;

import java.util.Arrays;
import java.util.HexFormat;
import org.dragonflow.flow.Bits;

/** A cursor over part of a message, in network byte order; refuses to leave its part. */
final class WireReader {
    private final byte[] bytes;
    private final int start;
    private final int end;
    private int at;

    private WireReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.at = start;
    }

    static WireReader of(byte[] bytes) {
        return new WireReader(bytes, 0, bytes.length);
    }

    int remaining() {
        return end - at;
    }

    boolean hasMore() {
        return at < end;
    }

    private int advance(int length) {
        if (length < 0 || length > end - at) {
            throw new MalformedMessage("%d bytes are wanted and %d are left".formatted(length, end - at));
        }
        int from = at;
        at += length;
        return from;
    }

    int u8() {
        return bytes[advance(1)] & 0xff;
    }

    int u16() {
        int from = advance(2);
        return (bytes[from] & 0xff) << 8 | bytes[from + 1] & 0xff;
    }

    long u32() {
        return (long) u16() << 16 | u16();
    }

    long u48() {
        return (long) u16() << 32 | u32();
    }

    long u64() {
        return u32() << 32 | u32();
    }

    /** An unsigned number of up to 16 bytes. */
    Bits bits(int length) {
        long high = 0;
        long low = 0;
        int from = advance(length);
        for (int i = from; i < from + length; i++) {
            high = high << 8 | low >>> 56;
            low = low << 8 | bytes[i] & 0xff;
        }
        return new Bits(high, low);
    }

    void skip(int length) {
        advance(length);
    }

    /** Goes on at the next multiple of 8 from the start of this part, or at its end where the padding is left out. */
    void skipPadding() {
        int past = (at - start) % 8;
        if (past != 0) {
            at = Math.min(end, at + 8 - past);
        }
    }

    byte[] take(int length) {
        int from = advance(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    byte[] rest() {
        return take(remaining());
    }

    /** The next bytes as a part of their own; this cursor goes on behind them. */
    WireReader part(int length) {
        int from = advance(length);
        return new WireReader(bytes, from, from + length);
    }

    /** A second cursor at this place, over what is left. */
    WireReader peek() {
        return new WireReader(bytes, at, end);
    }

    /** All bytes of this part, those already read included, in hexadecimal. */
    String hex() {
        return HexFormat.of().formatHex(bytes, start, end);
    }
}

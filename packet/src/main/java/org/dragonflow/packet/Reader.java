package org.dragonflow.packet;

import java.util.Arrays;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;

/** Reads network byte order from a part of an array, and refuses to read past its end. */
final class Reader {
    private final byte[] data;
    private final int end;
    private int position;

    Reader(byte[] data, int start, int end) {
        this.data = data;
        this.position = start;
        this.end = end;
    }

    int remaining() {
        return end - position;
    }

    boolean hasMore() {
        return position < end;
    }

    int position() {
        return position;
    }

    int u8() throws Malformed {
        need(1);
        return data[position++] & 0xff;
    }

    int u16() throws Malformed {
        return u8() << 8 | u8();
    }

    int i32() throws Malformed {
        return u16() << 16 | u16();
    }

    long u32() throws Malformed {
        return i32() & 0xffff_ffffL;
    }

    long i64() throws Malformed {
        return (long) i32() << 32 | u32();
    }

    Mac mac() throws Malformed {
        return new Mac((long) u16() << 32 | u32());
    }

    Ipv4 ipv4() throws Malformed {
        return new Ipv4(i32());
    }

    Ipv6 ipv6() throws Malformed {
        return new Ipv6(i64(), i64());
    }

    void skip(int length) throws Malformed {
        need(length);
        position += length;
    }

    Bytes bytes(int length) throws Malformed {
        need(length);
        position += length;
        return Bytes.wrap(Arrays.copyOfRange(data, position - length, position));
    }

    Bytes rest() {
        var rest = Bytes.wrap(Arrays.copyOfRange(data, position, end));
        position = end;
        return rest;
    }

    /** A reader of the next {@code length} bytes; this one stays where it is. */
    Reader ahead(int length) throws Malformed {
        need(length);
        return new Reader(data, position, position + length);
    }

    /** The one's complement sum of all that is left; this reader stays where it is. */
    long sum() {
        return Checksum.sum(data, position, end);
    }

    private void need(int length) throws Malformed {
        if (length < 0 || length > remaining()) {
            throw new Malformed("needs %d bytes, has %d".formatted(length, remaining()));
        }
    }
}

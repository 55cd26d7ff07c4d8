package org.dragonflow.trace;

import java.nio.ByteBuffer;
import org.dragonflow.flow.Bits;
import org.dragonflow.packet.Bytes;

/** Bytes read, and in a copy written, as unsigned numbers of network order at places that the caller has checked. */
final class Octets {
    private final ByteBuffer bytes;

    private Octets(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    static Octets of(Bytes frame) {
        return new Octets(frame.toArray());
    }

    int length() {
        return bytes.capacity();
    }

    int u8(int at) {
        return bytes.get(at) & 0xff;
    }

    int u16(int at) {
        return bytes.getShort(at) & 0xffff;
    }

    long u32(int at) {
        return bytes.getInt(at) & 0xffff_ffffL;
    }

    long u48(int at) {
        return (long) u16(at) << 32 | u32(at + 2);
    }

    Bits u128(int at) {
        return new Bits(bytes.getLong(at), bytes.getLong(at + 8));
    }

    void put8(int at, long value) {
        bytes.put(at, (byte) value);
    }

    void put16(int at, long value) {
        bytes.putShort(at, (short) value);
    }

    Bytes toBytes() {
        return Bytes.of(bytes.array());
    }
}

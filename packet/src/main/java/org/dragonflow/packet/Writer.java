package org.dragonflow.packet;

import java.util.Arrays;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;

/** Collects bytes in network byte order; lengths and checksums can be filled in when they are known. */
final class Writer {
    private byte[] data = new byte[128];
    private int position;

    int position() {
        return position;
    }

    Writer u8(int value) {
        room(1);
        data[position++] = (byte) value;
        return this;
    }

    Writer u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    Writer i32(int value) {
        return u16(value >>> 16).u16(value);
    }

    Writer i64(long value) {
        return i32((int) (value >>> 32)).i32((int) value);
    }

    Writer mac(Mac mac) {
        return u16((int) (mac.bits() >>> 32)).i32((int) mac.bits());
    }

    Writer ipv4(Ipv4 address) {
        return i32(address.bits());
    }

    Writer ipv6(Ipv6 address) {
        return i64(address.high()).i64(address.low());
    }

    Writer bytes(Bytes bytes) {
        bytes.writeTo(this);
        return this;
    }

    Writer raw(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, data, position, bytes.length);
        position += bytes.length;
        return this;
    }

    Writer zeros(int count) {
        room(count);
        position += count;
        return this;
    }

    Writer setU16(int at, int value) {
        data[at] = (byte) (value >>> 8);
        data[at + 1] = (byte) value;
        return this;
    }

    /** The one's complement sum of all that was written since {@code from}. */
    long sum(int from) {
        return Checksum.sum(data, from, position);
    }

    byte[] toArray() {
        return Arrays.copyOf(data, position);
    }

    Bytes toBytes() {
        return Bytes.wrap(toArray());
    }

    private void room(int more) {
        if (position + more > data.length) {
            data = Arrays.copyOf(data, Math.max(2 * data.length, position + more));
        }
    }
}

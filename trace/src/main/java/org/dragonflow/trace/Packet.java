package org.dragonflow.trace;

import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Header;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Ethernet;

/**
 * A packet at one point of its way through a switch.
 *
 * @param headers what flows can match: the headers in the frame, and what the switch keeps beside it (registers, tunnel, connection)
 * @param frame the bytes, with the headers in them
 */
public record Packet(Headers headers, Bytes frame) {

    /** A frame that comes in on a port. */
    public static Packet arriving(long inPort, Bytes frame) {
        return new Packet(Headers.of(inPort, frame), frame);
    }

    public static Packet arriving(long inPort, Ethernet frame) {
        return arriving(inPort, Bytes.of(frame.encode()));
    }

    /** With a register, the tunnel or the connection state as given; headers that stand in the frame are changed by actions only. */
    public Packet with(Field field, long value) {
        return new Packet(headers.with(field, value), frame);
    }

    public Packet with(Header header, long value) {
        return new Packet(headers.with(header, value), frame);
    }

    /** With a header that 64 bits do not hold. */
    public Packet with(Header header, Bits value) {
        return new Packet(headers.with(header, value), frame);
    }

    /** The frame as changed by whatever has changed its headers. */
    Packet rewritten(Headers now) {
        return now.equals(headers) ? this : new Packet(now, Rewriting.of(this, now));
    }

    /** The frame, understood. */
    public Ethernet ethernet() {
        return Ethernet.decode(frame.toArray()).orThrow();
    }
}

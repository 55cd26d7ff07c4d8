package org.dragonflow.packet;

/** An upper layer that is not understood or malformed, or a piece of one: that is what a fragment holds. */
public record RawTransport(int protocol, Bytes bytes) implements Transport {
    public RawTransport {
        Width.check("a protocol number", protocol, 8);
    }
}

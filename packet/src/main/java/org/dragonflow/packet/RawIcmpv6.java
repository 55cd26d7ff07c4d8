package org.dragonflow.packet;

/**
 * An ICMPv6 message of a type that has no record of its own, or is malformed beyond its first eight bytes.
 *
 * @param rest the second word of the header; its meaning depends on the type
 */
public record RawIcmpv6(int type, int code, int rest, Bytes payload) implements Icmpv6 {
    // RFC 4443, section 2.4 (c): an error does not exceed the least MTU, with its IP header of 40 and its own of 8.
    static final int LONGEST_QUOTE = 1280 - 40 - 8;

    public RawIcmpv6 {
        Width.check("an ICMPv6 type", type, 8);
        Width.check("an ICMPv6 code", code, 8);
    }

    static RawIcmpv6 echo(int type, int id, int sequence, Bytes payload) {
        Width.check("an echo id", id, 16);
        Width.check("an echo sequence number", sequence, 16);
        return new RawIcmpv6(type, 0, id << 16 | sequence, payload);
    }

    /** The identifier of an echo message. */
    public int echoId() {
        return rest >>> 16;
    }

    /** The sequence number of an echo message. */
    public int echoSequence() {
        return rest & 0xffff;
    }
}

package org.dragonflow.packet;

/**
 * An ICMP message of IPv4 (RFC 792).
 *
 * @param rest the second word of the header; its meaning depends on the type
 */
public record Icmp(int type, int code, int rest, Bytes payload) implements Transport {
    public static final int PROTOCOL = 1;
    public static final int ECHO_REPLY = 0;
    public static final int UNREACHABLE = 3;
    public static final int SOURCE_QUENCH = 4;
    public static final int REDIRECT = 5;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;

    // RFC 1812, section 4.3.2.3: an error is at most 576 bytes long, with its IP header of 20 and its own of 8.
    private static final int LONGEST_QUOTE = 576 - 20 - 8;
    private static final int CHECKSUM_AT = 2;

    public Icmp {
        Width.check("an ICMP type", type, 8);
        Width.check("an ICMP code", code, 8);
    }

    public static Icmp echoRequest(int id, int sequence, Bytes payload) {
        return echo(ECHO_REQUEST, id, sequence, payload);
    }

    public static Icmp echoReply(int id, int sequence, Bytes payload) {
        return echo(ECHO_REPLY, id, sequence, payload);
    }

    private static Icmp echo(int type, int id, int sequence, Bytes payload) {
        Width.check("an echo id", id, 16);
        Width.check("an echo sequence number", sequence, 16);
        return new Icmp(type, 0, id << 16 | sequence, payload);
    }

    /**
     * Reports an error to the sender of {@code original}, and quotes as much of it as may be.
     *
     * @param mtu what fits, if fragmentation was needed (RFC 1191); otherwise 0
     */
    public static Icmp error(int type, int code, int mtu, Ipv4Packet original) {
        Width.check("the MTU of an ICMP error", mtu, 16);
        return new Icmp(type, code, mtu, original.encode().head(LONGEST_QUOTE));
    }

    /** Whether this is an error message, which must not be answered by another (RFC 1122, section 3.2.2). */
    public boolean isError() {
        return switch (type) {
            case UNREACHABLE, SOURCE_QUENCH, REDIRECT, TIME_EXCEEDED, PARAMETER_PROBLEM -> true;
            default -> false;
        };
    }

    /** The identifier of an echo message. */
    public int echoId() {
        return rest >>> 16;
    }

    /** The sequence number of an echo message. */
    public int echoSequence() {
        return rest & 0xffff;
    }

    @Override
    public int protocol() {
        return PROTOCOL;
    }

    static Icmp read(Reader reader) throws Malformed {
        int type = reader.u8();
        int code = reader.u8();
        reader.skip(2);
        return new Icmp(type, code, reader.i32(), reader.rest());
    }

    void write(Writer writer) {
        int start = writer.position();
        writer.u8(type).u8(code).u16(0).i32(rest).bytes(payload);
        writer.setU16(start + CHECKSUM_AT, Checksum.of(writer.sum(start)));
    }
}

package org.dragonflow.packet;

/** An ICMPv6 message (RFC 4443). Its checksum follows from the contents and the addresses of the packet. */
public sealed interface Icmpv6 extends Transport permits NeighbourDiscovery, RawIcmpv6 {
    int PROTOCOL = 58;
    int UNREACHABLE = 1;
    int PACKET_TOO_BIG = 2;
    int TIME_EXCEEDED = 3;
    int PARAMETER_PROBLEM = 4;
    int ECHO_REQUEST = 128;
    int ECHO_REPLY = 129;

    int type();

    int code();

    @Override
    default int protocol() {
        return PROTOCOL;
    }

    static Icmpv6 echoRequest(int id, int sequence, Bytes payload) {
        return RawIcmpv6.echo(ECHO_REQUEST, id, sequence, payload);
    }

    static Icmpv6 echoReply(int id, int sequence, Bytes payload) {
        return RawIcmpv6.echo(ECHO_REPLY, id, sequence, payload);
    }

    /**
     * Reports an error to the sender of {@code original}, and quotes as much of it as may be.
     *
     * @param mtu what fits, if the packet is too big; otherwise 0
     */
    static Icmpv6 error(int type, int code, int mtu, Ipv6Packet original) {
        return new RawIcmpv6(type, code, mtu, original.encode().head(RawIcmpv6.LONGEST_QUOTE));
    }

    /** Whether this is an error message, which must not be answered by another (RFC 4443, section 2.4). */
    default boolean isError() {
        return type() < ECHO_REQUEST;
    }
}

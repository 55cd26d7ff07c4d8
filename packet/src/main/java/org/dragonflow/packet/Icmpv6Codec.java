package org.dragonflow.packet;

import java.util.Set;

/** The codec of ICMPv6 messages. */
final class Icmpv6Codec {
    private static final int CHECKSUM_AT = 2;

    private Icmpv6Codec() {}

    /** Reads neighbour discovery into its own records; a malformed message of that kind stays raw and is a fault. */
    static Icmpv6 read(Reader reader, Set<Fault> faults) throws Malformed {
        int type = reader.u8();
        int code = reader.u8();
        reader.skip(2);
        if (NdCodec.isType(type) && code == 0) {
            try {
                return NdCodec.read(type, reader.ahead(reader.remaining()));
            } catch (Malformed _) {
                faults.add(Fault.TRANSPORT_LAYER);
            }
        }
        return new RawIcmpv6(type, code, reader.i32(), reader.rest());
    }

    static void write(Icmpv6 message, Writer writer, PseudoHeader pseudo) {
        int start = writer.position();
        writer.u8(message.type()).u8(message.code()).u16(0);
        switch (message) {
            case NeighbourDiscovery discovery -> NdCodec.write(discovery, writer);
            case RawIcmpv6(var _, var _, var rest, var payload) ->
                writer.i32(rest).bytes(payload);
        }
        pseudo.seal(writer, Icmpv6.PROTOCOL, start, start + CHECKSUM_AT);
    }
}

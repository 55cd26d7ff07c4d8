package org.dragonflow.packet;

/**
 * A TCP segment (RFC 9293). Data offset and checksum follow from the contents.
 *
 * @param sequence 32 bits, unsigned
 * @param acknowledgement 32 bits, unsigned
 * @param flags the 12 bits after the data offset, reserved ones included
 * @param options as on the wire, padded to words of 4 bytes
 */
public record Tcp(
        int sourcePort,
        int destinationPort,
        int sequence,
        int acknowledgement,
        int flags,
        int window,
        int urgentPointer,
        Bytes options,
        Bytes payload)
        implements Transport {
    public static final int PROTOCOL = 6;
    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;

    private static final int HEADER = 20;
    private static final int CHECKSUM_AT = 16;
    private static final int USUAL_WINDOW = 0xffff;

    public Tcp {
        Width.check("a port", sourcePort, 16);
        Width.check("a port", destinationPort, 16);
        Width.check("TCP flags", flags, 12);
        Width.check("a TCP window", window, 16);
        Width.check("an urgent pointer", urgentPointer, 16);
        Width.checkOptions("TCP", options);
    }

    /** A segment without options and urgent data. */
    public static Tcp of(
            int sourcePort, int destinationPort, int flags, int sequence, int acknowledgement, Bytes payload) {
        return new Tcp(
                sourcePort, destinationPort, sequence, acknowledgement, flags, USUAL_WINDOW, 0, Bytes.EMPTY, payload);
    }

    /** Asks for a connection. */
    public static Tcp syn(int sourcePort, int destinationPort) {
        return of(sourcePort, destinationPort, SYN, 0, 0, Bytes.EMPTY);
    }

    /** Whether all of these flags are set. */
    public boolean has(int wanted) {
        return (flags & wanted) == wanted;
    }

    @Override
    public int protocol() {
        return PROTOCOL;
    }

    public Tcp withPorts(int changedSource, int changedDestination) {
        return new Tcp(
                changedSource,
                changedDestination,
                sequence,
                acknowledgement,
                flags,
                window,
                urgentPointer,
                options,
                payload);
    }

    static Tcp read(Reader reader, boolean mayBeCut) throws Malformed {
        int sourcePort = reader.u16();
        int destinationPort = reader.u16();
        int sequence = reader.i32();
        int acknowledgement = reader.i32();
        int offsetAndFlags = reader.u16();
        int window = reader.u16();
        reader.skip(2);
        int urgentPointer = reader.u16();
        int optionLength = (offsetAndFlags >>> 12) * 4 - HEADER;
        int present = mayBeCut ? Math.min(optionLength, reader.remaining() & ~3) : optionLength;
        var options = reader.bytes(present);
        return new Tcp(
                sourcePort,
                destinationPort,
                sequence,
                acknowledgement,
                offsetAndFlags & 0xfff,
                window,
                urgentPointer,
                options,
                present < optionLength ? Bytes.EMPTY : reader.rest());
    }

    void write(Writer writer, PseudoHeader pseudo) {
        int start = writer.position();
        writer.u16(sourcePort).u16(destinationPort).i32(sequence).i32(acknowledgement);
        writer.u16((HEADER + options.length()) / 4 << 12 | flags)
                .u16(window)
                .u16(0)
                .u16(urgentPointer);
        writer.bytes(options).bytes(payload);
        pseudo.seal(writer, PROTOCOL, start, start + CHECKSUM_AT);
    }
}

package org.dragonflow.packet;

/** A UDP datagram (RFC 768). Length and checksum follow from the contents. */
public record Udp(int sourcePort, int destinationPort, Bytes payload) implements Transport {
    public static final int PROTOCOL = 17;

    private static final int HEADER = 8;
    private static final int CHECKSUM_AT = 6;

    public Udp {
        Width.check("a port", sourcePort, 16);
        Width.check("a port", destinationPort, 16);
    }

    @Override
    public int protocol() {
        return PROTOCOL;
    }

    public Udp withPorts(int changedSource, int changedDestination) {
        return new Udp(changedSource, changedDestination, payload);
    }

    static Udp read(Reader reader, boolean mayBeCut) throws Malformed {
        int available = reader.remaining();
        int sourcePort = reader.u16();
        int destinationPort = reader.u16();
        int length = reader.u16();
        reader.skip(2);
        if (length < HEADER || length > available && !mayBeCut) {
            throw new Malformed("announces a length of %d, there are %d".formatted(length, available));
        }
        return new Udp(sourcePort, destinationPort, reader.bytes(Math.min(length, available) - HEADER));
    }

    // Zero means that the sender computed none, which only IPv4 allows (RFC 8200, section 8.1).
    static boolean isChecksumRight(Reader segment, PseudoHeader pseudo) throws Malformed {
        var header = segment.ahead(HEADER);
        header.skip(4);
        int length = header.u16();
        boolean isAbsent = header.u16() == 0;
        return isAbsent ? pseudo.source().version() == 4 : pseudo.holds(segment.ahead(length), PROTOCOL);
    }

    void write(Writer writer, PseudoHeader pseudo) {
        int start = writer.position();
        int length = HEADER + payload.length();
        Width.check("the length of a UDP datagram", length, 16);
        writer.u16(sourcePort).u16(destinationPort).u16(length).u16(0).bytes(payload);
        int checksum = Checksum.of(writer.sum(start) + pseudo.sum(PROTOCOL, length));
        writer.setU16(start + CHECKSUM_AT, checksum == 0 ? 0xffff : checksum);
    }
}

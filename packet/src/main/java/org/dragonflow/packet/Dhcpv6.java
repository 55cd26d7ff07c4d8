package org.dragonflow.packet;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.Ipv6;

/**
 * A DHCPv6 message between a client and a server (RFC 8415).
 *
 * @param transactionId 24 bits, chosen by the client
 * @param options in the order of the message; some may be there several times
 */
public record Dhcpv6(Dhcpv6MessageType type, int transactionId, List<Dhcpv6Option> options) {
    public static final int SERVER_PORT = 547;
    public static final int CLIENT_PORT = 546;

    /** Where clients send to: every server and relay on the link. */
    public static final Ipv6 ALL_SERVERS = Ipv6.parse("ff02::1:2");

    public Dhcpv6 {
        Width.check("a transaction id", transactionId, 24);
        options = List.copyOf(options);
    }

    public static Dhcpv6 of(Dhcpv6MessageType type, int transactionId, Dhcpv6Option... options) {
        return new Dhcpv6(type, transactionId, List.of(options));
    }

    /** Reads a UDP payload. A message of a relay, or of a type that is not known, is bad. */
    public static Decoded<Dhcpv6> decode(Bytes bytes) {
        try {
            return new Decoded.Ok<>(read(bytes.reader()));
        } catch (Malformed e) {
            return new Decoded.Bad<>("a DHCPv6 message of %d bytes %s".formatted(bytes.length(), e.getMessage()));
        }
    }

    private static Dhcpv6 read(Reader reader) throws Malformed {
        int number = reader.u8();
        var type = Dhcpv6MessageType.of(number);
        if (type.isEmpty()) {
            throw new Malformed("is of type %d".formatted(number));
        }
        int transaction = reader.u8() << 16 | reader.u16();
        return new Dhcpv6(type.get(), transaction, Dhcpv6Option.readAll(reader));
    }

    /** A UDP payload. */
    public Bytes encode() {
        var writer = new Writer();
        writer.u8(type.number()).u8(transactionId >>> 16).u16(transactionId);
        options.forEach(option -> option.write(writer));
        return writer.toBytes();
    }

    /** A server's answer to this message. */
    public Dhcpv6 reply(Dhcpv6MessageType answer, List<Dhcpv6Option> replyOptions) {
        return new Dhcpv6(answer, transactionId, replyOptions);
    }

    /** The first option of this code, to be read as what it is. */
    public Optional<Dhcpv6Option> find(int code) {
        return all(code).findFirst();
    }

    /** The options of this code, in their order. */
    public Stream<Dhcpv6Option> all(int code) {
        return options.stream().filter(option -> option.code() == code);
    }

    public boolean has(int code) {
        return find(code).isPresent();
    }

    /** The codes that the client asks for. */
    public List<Integer> requestedOptions() {
        return find(Dhcpv6Option.OPTION_REQUEST).map(Dhcpv6Option::asCodes).orElse(List.of());
    }
}

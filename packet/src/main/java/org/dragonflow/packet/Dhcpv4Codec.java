package org.dragonflow.packet;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.Mac;

/** The wire form of DHCPv4 (RFC 2131, RFC 2132, RFC 3396). */
final class Dhcpv4Codec {
    private static final int ETHERNET = 1;
    private static final int MAC_LENGTH = 6;
    private static final int CHADDR_PADDING = 10;
    private static final int COOKIE = 0x63825363;
    private static final int PAD = 0;
    private static final int END = 255;
    private static final int LONGEST_CHUNK = 255;
    private static final int SHORTEST_MESSAGE = 300;
    private static final int FILE_HAS_OPTIONS = 1;
    private static final int SNAME_HAS_OPTIONS = 2;

    private Dhcpv4Codec() {}

    static Dhcpv4 read(Reader reader) throws Malformed {
        int op = reader.u8();
        int hardware = reader.u8();
        int addressLength = reader.u8();
        if (hardware != ETHERNET || addressLength != MAC_LENGTH) {
            throw new Malformed("is not for Ethernet");
        }
        int hops = reader.u8();
        int xid = reader.i32();
        int secs = reader.u16();
        int flags = reader.u16();
        var ciaddr = reader.ipv4();
        var yiaddr = reader.ipv4();
        var siaddr = reader.ipv4();
        var giaddr = reader.ipv4();
        Mac chaddr = reader.mac();
        reader.skip(CHADDR_PADDING);
        var sname = reader.bytes(Dhcpv4.SNAME_LENGTH);
        var file = reader.bytes(Dhcpv4.FILE_LENGTH);
        if (reader.i32() != COOKIE) {
            throw new Malformed("has no magic cookie");
        }
        var values = new LinkedHashMap<Integer, Bytes>();
        readOptions(reader, values);
        int overload = overload(values);
        // RFC 3396, section 5: the pieces of an option go on from the options to file, then to sname.
        if ((overload & FILE_HAS_OPTIONS) != 0) {
            readOptions(file.reader(), values);
        }
        if ((overload & SNAME_HAS_OPTIONS) != 0) {
            readOptions(sname.reader(), values);
        }
        return new Dhcpv4(
                op,
                hops,
                xid,
                secs,
                flags,
                ciaddr,
                yiaddr,
                siaddr,
                giaddr,
                chaddr,
                (overload & SNAME_HAS_OPTIONS) != 0 ? "" : text(sname),
                (overload & FILE_HAS_OPTIONS) != 0 ? "" : text(file),
                options(values));
    }

    /** Joins the pieces of an option that is there more than once (RFC 3396, section 7). */
    private static void readOptions(Reader reader, Map<Integer, Bytes> values) throws Malformed {
        while (reader.hasMore()) {
            int code = reader.u8();
            if (code == END) {
                return;
            }
            if (code != PAD) {
                values.merge(code, reader.bytes(reader.u8()), Bytes::plus);
            }
        }
    }

    private static int overload(Map<Integer, Bytes> values) {
        var value = values.getOrDefault(Dhcpv4Option.OVERLOAD, Bytes.EMPTY);
        return value.length() == 1 ? value.at(0) : 0;
    }

    private static List<Dhcpv4Option> options(Map<Integer, Bytes> values) {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey() != Dhcpv4Option.OVERLOAD)
                .map(entry -> new Dhcpv4Option(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** What stands before the first zero. */
    private static String text(Bytes field) {
        int end = 0;
        while (end < field.length() && field.at(end) != 0) {
            end++;
        }
        return new String(field.head(end).toArray(), StandardCharsets.ISO_8859_1);
    }

    static Bytes write(Dhcpv4 message) {
        var writer = new Writer();
        writer.u8(message.op()).u8(ETHERNET).u8(MAC_LENGTH).u8(message.hops());
        writer.i32(message.xid()).u16(message.secs()).u16(message.flags());
        writer.ipv4(message.ciaddr()).ipv4(message.yiaddr());
        writer.ipv4(message.siaddr()).ipv4(message.giaddr());
        writer.mac(message.chaddr()).zeros(CHADDR_PADDING);
        writeText(message.sname(), Dhcpv4.SNAME_LENGTH, writer);
        writeText(message.file(), Dhcpv4.FILE_LENGTH, writer);
        writer.i32(COOKIE);
        message.options().forEach(option -> writeOption(option, writer));
        writer.u8(END);
        return writer.zeros(Math.max(0, SHORTEST_MESSAGE - writer.position())).toBytes();
    }

    private static void writeText(String text, int length, Writer writer) {
        writer.raw(text.getBytes(StandardCharsets.ISO_8859_1)).zeros(length - text.length());
    }

    private static void writeOption(Dhcpv4Option option, Writer writer) {
        var value = option.value();
        int from = 0;
        do {
            int to = Math.min(from + LONGEST_CHUNK, value.length());
            writer.u8(option.code()).u8(to - from).bytes(value.slice(from, to));
            from = to;
        } while (from < value.length());
    }
}

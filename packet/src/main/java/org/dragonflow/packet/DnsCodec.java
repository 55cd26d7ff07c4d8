package org.dragonflow.packet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The wire form of DNS: names are compressed where records begin, and written out in what records say. */
final class DnsCodec {
    private static final int FARTHEST_POINTER = 0x3fff;
    private static final int POINTER = 0xc000;
    private static final int SOA_NUMBERS = 20;

    private DnsCodec() {}

    static Dns read(Bytes message) throws Malformed {
        var reader = message.reader();
        int id = reader.u16();
        int flags = reader.u16();
        int questionCount = reader.u16();
        int answerCount = reader.u16();
        int authorityCount = reader.u16();
        int additionalCount = reader.u16();
        var questions = new ArrayList<Dns.Question>();
        for (int i = 0; i < questionCount; i++) {
            questions.add(new Dns.Question(DnsName.read(message, reader), reader.u16(), reader.u16()));
        }
        var answers = records(message, reader, answerCount);
        var authority = records(message, reader, authorityCount);
        var additional = new ArrayList<>(records(message, reader, additionalCount));
        var edns = additional.stream()
                .filter(record -> record.type() == Dns.Type.OPT)
                .findFirst()
                .map(record -> new Dns.Edns(record.classOf(), (int) record.ttl()));
        additional.removeIf(record -> record.type() == Dns.Type.OPT);
        return new Dns(id, flags, questions, answers, authority, additional, edns);
    }

    private static List<Dns.ResourceRecord> records(Bytes message, Reader reader, int count) throws Malformed {
        var records = new ArrayList<Dns.ResourceRecord>();
        for (int i = 0; i < count; i++) {
            var name = DnsName.read(message, reader);
            int type = reader.u16();
            int classOf = reader.u16();
            long ttl = reader.u32();
            int length = reader.u16();
            int start = reader.position();
            reader.skip(length);
            records.add(new Dns.ResourceRecord(name, type, classOf, ttl, data(message, type, start, length)));
        }
        return records;
    }

    /** With the names written out, in those types whose names may be compressed (RFC 3597, section 4). */
    private static Bytes data(Bytes message, int type, int start, int length) throws Malformed {
        var raw = message.slice(start, start + length);
        var reader = message.readerAt(start);
        var out = new Writer();
        switch (type) {
            case Dns.Type.NS, Dns.Type.CNAME, Dns.Type.PTR ->
                DnsName.read(message, reader).write(out);
            case Dns.Type.MX -> {
                out.u16(reader.u16());
                DnsName.read(message, reader).write(out);
            }
            case Dns.Type.SOA -> {
                DnsName.read(message, reader).write(out);
                DnsName.read(message, reader).write(out);
                out.bytes(reader.bytes(SOA_NUMBERS));
            }
            default -> {
                return raw;
            }
        }
        if (reader.position() != start + length) {
            throw new Malformed("has a record whose length is not that of its data");
        }
        return out.toBytes();
    }

    static Bytes write(Dns message) {
        var writer = new Writer();
        var known = new HashMap<List<Bytes>, Integer>();
        writer.u16(message.id()).u16(message.flags());
        writer.u16(message.questions().size()).u16(message.answers().size());
        writer.u16(message.authority().size());
        writer.u16(message.additional().size() + (message.edns().isPresent() ? 1 : 0));
        for (var question : message.questions()) {
            writeName(question.name(), known, writer);
            writer.u16(question.type()).u16(question.classOf());
        }
        for (var section : List.of(message.answers(), message.authority(), message.additional())) {
            section.forEach(record -> write(record, known, writer));
        }
        message.edns()
                .ifPresent(said -> write(
                        new Dns.ResourceRecord(
                                DnsName.ROOT, Dns.Type.OPT, said.size(), said.extended() & 0xffff_ffffL, Bytes.EMPTY),
                        known,
                        writer));
        return writer.toBytes();
    }

    private static void write(Dns.ResourceRecord record, Map<List<Bytes>, Integer> known, Writer writer) {
        writeName(record.name(), known, writer);
        writer.u16(record.type()).u16(record.classOf()).i32((int) record.ttl());
        writer.u16(record.data().length()).bytes(record.data());
    }

    /** Up to where the rest stands before, written in the same case. */
    private static void writeName(DnsName name, Map<List<Bytes>, Integer> known, Writer writer) {
        var labels = name.labels();
        for (int i = 0; i < labels.size(); i++) {
            var rest = labels.subList(i, labels.size());
            var before = Optional.ofNullable(known.get(rest));
            if (before.isPresent()) {
                writer.u16(POINTER | before.get());
                return;
            }
            if (writer.position() <= FARTHEST_POINTER) {
                known.put(rest, writer.position());
            }
            writer.u8(labels.get(i).length()).bytes(labels.get(i));
        }
        writer.u8(0);
    }
}

package org.dragonflow.openflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;

/** Match fields on the wire (OpenFlow 1.5, section 7.2.3: OXM type-length-values). */
final class Oxm {
    // Two 32-bit registers as one, the even one most significant: Open vSwitch folds registers so in what it tells.
    private static final int PACKET_REGISTERS = 0x8001;
    private static final int EXPERIMENTER = 0xffff;
    private static final int MATCH_TYPE_OXM = 1;

    // The in port of OpenFlow 1.5 cannot be set in Open vSwitch; the 16-bit one of Nicira (NXM_OF_IN_PORT) can.
    private static final int SETTABLE_IN_PORT = 0;

    private static final Map<Integer, Header> BY_CODE =
            Arrays.stream(Header.values()).collect(Collectors.toUnmodifiableMap(Oxm::code, Function.identity()));

    private Oxm() {}

    /** What a match says, and the tests in it that have no {@link Header}, in hexadecimal. */
    record Tests(Match match, List<String> unknown) {}

    /** One test or value; without a mask all bits count. */
    record Entry(Header header, Bits value, Bits mask) {}

    private static int code(Header header) {
        return header.oxm().number() << 7 | header.number();
    }

    // The flow label of IPv6, 20 bits, travels in 4 bytes.
    private static int bytes(Header header) {
        return header == Header.IPV6_FLABEL ? 4 : (header.width() + 7) / 8;
    }

    /** The OXM header of a whole field, as actions name their source and target. */
    static void writeHeader(WireWriter out, Header header) {
        out.u32((long) code(header) << 9 | bytes(header));
    }

    static Optional<Header> readHeader(WireReader in) {
        return Optional.ofNullable(BY_CODE.get((int) (in.u32() >>> 9)));
    }

    static void write(WireWriter out, Header header, Bits value, Bits mask) {
        int size = bytes(header);
        if (mask.equals(header.mask())) {
            out.u32((long) code(header) << 9 | size).bits(value, size);
        } else {
            out.u32((long) code(header) << 9 | 0x100 | 2L * size)
                    .bits(value, size)
                    .bits(mask, size);
        }
    }

    static void writeSet(WireWriter out, Field field, Bits value) {
        if (field.header() == Header.IN_PORT) {
            out.u32((long) SETTABLE_IN_PORT << 9 | 2).u16((int) value.low());
            return;
        }
        write(out, field.header(), field.place(value), field.mask());
    }

    /** Writes the structure {@code ofp_match}, padded. */
    static void writeMatch(WireWriter out, Match match) {
        int start = out.length();
        out.u16(MATCH_TYPE_OXM).u16(0);
        match.tests().forEach(t -> write(out, t.header(), t.value(), t.mask()));
        out.lengthAt(start + 2, start);
        out.pad(start);
    }

    static Tests readMatch(WireReader in) {
        var head = in.peek();
        int type = head.u16();
        int length = head.u16();
        if (type != MATCH_TYPE_OXM || length < 4) {
            throw new MalformedMessage("a match of type %d and length %d".formatted(type, length));
        }
        var part = in.part(length);
        part.skip(4);
        var tests = readTests(part);
        in.skip(Math.min(in.remaining(), -length & 7));
        return tests;
    }

    /** Reads tests to the end of the part. */
    static Tests readTests(WireReader in) {
        var tests = new ArrayList<Match.Test>();
        var unknown = new ArrayList<String>();
        while (in.hasMore()) {
            var length = (int) in.peek().u32() & 0xff;
            var part = in.part(4 + length);
            var entries = readEntries(part.peek());
            if (entries.isEmpty()) {
                unknown.add(part.hex());
            }
            entries.forEach(e -> tests.add(new Match.Test(e.header(), e.value(), e.mask())));
        }
        try {
            return new Tests(Match.of(tests), List.copyOf(unknown));
        } catch (IllegalArgumentException e) {
            throw new MalformedMessage("a match contradicts itself: " + e.getMessage());
        }
    }

    /** The fields that one type-length-value speaks of: two for a pair of registers, none if nobody knows it. */
    static List<Entry> readEntries(WireReader in) {
        long head = in.u32();
        int oxmClass = (int) (head >>> 16);
        boolean isMasked = (head & 0x100) != 0;
        var payload = in.part((int) head & 0xff);
        int size = isMasked ? payload.remaining() / 2 : payload.remaining();
        if (oxmClass == EXPERIMENTER || size > 16) {
            return List.of();
        }
        var value = payload.bits(size);
        var mask = isMasked ? payload.bits(size) : Bits.ones(128);
        if (oxmClass == PACKET_REGISTERS) {
            return registers((int) (head >>> 9) & 0x7f, value, mask);
        }
        int code = (int) (head >>> 9);
        var header = code == SETTABLE_IN_PORT ? Header.IN_PORT : BY_CODE.get(code);
        if (header == null || value.length() > header.width()) {
            return List.of();
        }
        var within = mask.and(header.mask());
        return List.of(new Entry(header, value.and(within), within));
    }

    private static List<Entry> registers(int pair, Bits value, Bits mask) {
        if (pair > 7) {
            return List.of();
        }
        var low = Bits.ones(32);
        var entries = new ArrayList<Entry>(2);
        for (int i = 0; i < 2; i++) {
            int shift = 32 - 32 * i;
            var half = mask.shiftRight(shift).and(low);
            if (!half.isZero()) {
                var register = Header.register(2 * pair + i);
                entries.add(new Entry(register, value.shiftRight(shift).and(half), half));
            }
        }
        return entries;
    }
}

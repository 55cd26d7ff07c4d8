package org.dragonflow.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;

/**
 * A conjunction of tests on headers, in one canonical form: two matches that OpenFlow takes for the same flow are equal.
 *
 * <p>Slices of a register are merged, wide registers are split into their quarters, bits outside the mask are zero, and headers stand in
 * the order of {@link Header}. Immutable, and cheap to hash, since flows are looked up by it.
 */
public final class Match {
    /** Matches every packet. */
    public static final Match ANY = new Match(new byte[0], new long[0]);

    public static final Match ARP = on(Field.ETH_TYPE, 0x0806);
    public static final Match IPV4 = on(Field.ETH_TYPE, 0x0800);
    public static final Match IPV6 = on(Field.ETH_TYPE, 0x86dd);

    // A switch has hundreds of thousands of these, hence no more numbers than needed. For each test: twice the header's
    // ordinal, and one more
    // if not all of its bits are tested.
    private final byte[] codes;
    // For each test: the value and, if not all bits are tested, the mask; each of a header wider than 64 bits as its
    // high and its low half.
    private final long[] numbers;
    // Computed when first asked for; 0 until then. Most matches are steps on the way to another and are never hashed.
    private int hash;

    private Match(byte[] codes, long[] numbers) {
        this.codes = codes;
        this.numbers = numbers;
    }

    /** One header's test: its bits under the mask equal the value. */
    public record Test(Header header, Bits value, Bits mask) {
        public boolean isExact() {
            return mask.equals(header.mask());
        }
    }

    public static Match on(Field field, long value) {
        return ANY.and(field, value);
    }

    public static Match on(Field field, Mac mac) {
        return ANY.and(field, mac);
    }

    public static Match on(Field field, IpAddress address) {
        return ANY.and(field, address);
    }

    /** The inverse of {@link #tests}. */
    public static Match of(List<Test> tests) {
        var match = ANY;
        for (var test : tests) {
            match = match.with(test.header(), test.value(), test.mask());
        }
        return match;
    }

    public Match and(Field field, long value) {
        return and(field, Bits.of(value));
    }

    public Match and(Field field, Bits value) {
        return with(field.header(), field.place(value), field.mask());
    }

    /** Tests only the bits of the mask. */
    public Match and(Field field, long value, long mask) {
        return with(
                field.header(),
                field.place(Bits.of(value)).and(field.place(Bits.of(mask))),
                field.place(Bits.of(mask)));
    }

    public Match and(Field field, Mac mac) {
        return and(field, mac.bits());
    }

    public Match and(Field field, IpAddress address) {
        return and(field, new Bits(address.high(), address.low()));
    }

    /** Tests the prefix's bits; a prefix of length 0 tests nothing. */
    public Match and(Field field, IpPrefix prefix) {
        var ones = Bits.ones(field.width());
        var mask = ones.and(Bits.ones(field.width() - prefix.length()).not());
        var value = new Bits(prefix.address().high(), prefix.address().low());
        return with(field.header(), value, mask);
    }

    /** The tests of both; a bit that both test must be tested for the same value. */
    public Match and(Match other) {
        var match = this;
        for (int i = 0; i < other.size(); i++) {
            match = match.with(other.header(i), other.value(i), other.mask(i));
        }
        return match;
    }

    private Match with(Header header, Bits value, Bits mask) {
        if (mask.isZero()) {
            return this;
        }
        if (header.isWideRegister()) {
            var match = this;
            for (int i = 0; i < 4; i++) {
                int shift = 96 - 32 * i;
                var quarter = Bits.ones(32);
                match = match.with(
                        header.quarter(i),
                        value.shiftRight(shift).and(quarter),
                        mask.shiftRight(shift).and(quarter));
            }
            return match;
        }
        int i = 0;
        while (i < size() && header(i).compareTo(header) < 0) {
            i++;
        }
        return i < size() && header(i) == header ? narrowed(i, value, mask) : spliced(i, 0, header, value, mask);
    }

    private Match narrowed(int i, Bits value, Bits mask) {
        var both = mask(i).and(mask);
        if (!value(i).and(both).equals(value.and(both))) {
            throw new IllegalArgumentException(
                    "%s is tested for two values: %s and %s".formatted(header(i), value(i), value.and(mask)));
        }
        return spliced(i, 1, header(i), value.and(mask).or(value(i)), mask.or(mask(i)));
    }

    /** The match with this test at place i, where {@code gone} tests, none or one, have been. */
    private Match spliced(int i, int gone, Header header, Bits value, Bits mask) {
        boolean isExact = mask.equals(header.mask());
        int code = 2 * header.ordinal() + (isExact ? 0 : 1);
        var nextCodes = new byte[codes.length + 1 - gone];
        System.arraycopy(codes, 0, nextCodes, 0, i);
        nextCodes[i] = (byte) code;
        System.arraycopy(codes, i + gone, nextCodes, i + 1, codes.length - i - gone);

        int from = start(i);
        int to = start(i + gone);
        int length = length(code);
        var nextNumbers = new long[numbers.length + length - (to - from)];
        System.arraycopy(numbers, 0, nextNumbers, 0, from);
        write(value.and(mask), header, nextNumbers, from);
        if (!isExact) {
            write(mask, header, nextNumbers, from + length / 2);
        }
        System.arraycopy(numbers, to, nextNumbers, from + length, numbers.length - to);
        return new Match(nextCodes, nextNumbers);
    }

    private static void write(Bits bits, Header header, long[] numbers, int at) {
        if (header.isLong()) {
            numbers[at] = bits.high();
            numbers[at + 1] = bits.low();
        } else {
            numbers[at] = bits.low();
        }
    }

    /** How many numbers the test of this code takes. */
    private static int length(int code) {
        return (Header.at(code >> 1).isLong() ? 2 : 1) * (1 + (code & 1));
    }

    private int code(int i) {
        return codes[i] & 0xff;
    }

    /** Where the numbers of the i-th test begin. */
    private int start(int i) {
        int at = 0;
        for (int j = 0; j < i; j++) {
            at += length(code(j));
        }
        return at;
    }

    private Bits read(Header header, int at) {
        return header.isLong() ? new Bits(numbers[at], numbers[at + 1]) : new Bits(0, numbers[at]);
    }

    private Bits value(int i) {
        return read(header(i), start(i));
    }

    private Bits mask(int i) {
        int code = code(i);
        return (code & 1) == 0 ? header(i).mask() : read(header(i), start(i) + length(code) / 2);
    }

    int size() {
        return codes.length;
    }

    Header header(int i) {
        return Header.at(code(i) >> 1);
    }

    /** Whether the i-th header is tested in no other bits than these. */
    boolean isWithin(int i, Bits allowed) {
        return mask(i).and(allowed.not()).isZero();
    }

    /** The tests in the order of {@link Header}. */
    public List<Test> tests() {
        var tests = new ArrayList<Test>(size());
        for (int i = 0; i < size(); i++) {
            tests.add(new Test(header(i), value(i), mask(i)));
        }
        return tests;
    }

    /** The value tested for, where every bit of the header is tested. */
    public boolean requires(Header header, long value) {
        int exact = 2 * header.ordinal();
        for (int i = 0; i < size(); i++) {
            if (code(i) == exact) {
                return value(i).equals(Bits.of(value));
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Match match
                && hashCode() == match.hashCode()
                && Arrays.equals(codes, match.codes)
                && Arrays.equals(numbers, match.numbers);
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            int h = 1;
            for (byte code : codes) {
                h = 31 * h + code;
            }
            for (long number : numbers) {
                h = 31 * h + Long.hashCode(number * 0x9e37_79b9_7f4a_7c15L);
            }
            hash = h == 0 ? 1 : h;
        }
        return hash;
    }

    /** In the manner of {@code ovs-ofctl}: comma-separated tests, masks behind a slash. */
    @Override
    public String toString() {
        return tests().stream()
                .map(t -> t.isExact() ? t.header() + "=" + t.value() : t.header() + "=" + t.value() + "/" + t.mask())
                .collect(Collectors.joining(","));
    }
}

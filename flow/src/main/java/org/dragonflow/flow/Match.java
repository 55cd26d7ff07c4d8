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
    public static final Match ANY = new Match(new Header[0], new long[0]);

    public static final Match ARP = on(Field.ETH_TYPE, 0x0806);
    public static final Match IPV4 = on(Field.ETH_TYPE, 0x0800);
    public static final Match IPV6 = on(Field.ETH_TYPE, 0x86dd);

    private final Header[] headers;
    // Four numbers a header: the high and low half of the value, then of the mask.
    private final long[] numbers;
    // Computed when first asked for; 0 until then. Most matches are steps on the way to another and are never hashed.
    private int hash;

    private Match(Header[] headers, long[] numbers) {
        this.headers = headers;
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
        for (int i = 0; i < other.headers.length; i++) {
            match = match.with(other.headers[i], other.value(i), other.mask(i));
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
        value = value.and(mask);
        int at = 0;
        while (at < headers.length && headers[at].compareTo(header) < 0) {
            at++;
        }
        boolean present = at < headers.length && headers[at] == header;
        if (present) {
            var both = mask(at).and(mask);
            if (!value(at).and(both).equals(value.and(both))) {
                throw new IllegalArgumentException(
                        "%s is tested for two values: %s and %s".formatted(header, value(at), value));
            }
            value = value.or(value(at));
            mask = mask.or(mask(at));
        }
        int length = present ? headers.length : headers.length + 1;
        var nextHeaders = new Header[length];
        var nextNumbers = new long[4 * length];
        int skip = present ? 1 : 0;
        System.arraycopy(headers, 0, nextHeaders, 0, at);
        System.arraycopy(headers, at + skip, nextHeaders, at + 1, length - at - 1);
        System.arraycopy(numbers, 0, nextNumbers, 0, 4 * at);
        System.arraycopy(numbers, 4 * (at + skip), nextNumbers, 4 * (at + 1), 4 * (length - at - 1));
        nextHeaders[at] = header;
        nextNumbers[4 * at] = value.high();
        nextNumbers[4 * at + 1] = value.low();
        nextNumbers[4 * at + 2] = mask.high();
        nextNumbers[4 * at + 3] = mask.low();
        return new Match(nextHeaders, nextNumbers);
    }

    private Bits value(int i) {
        return new Bits(numbers[4 * i], numbers[4 * i + 1]);
    }

    private Bits mask(int i) {
        return new Bits(numbers[4 * i + 2], numbers[4 * i + 3]);
    }

    int size() {
        return headers.length;
    }

    Header header(int i) {
        return headers[i];
    }

    /** Whether the i-th header is tested in no other bits than these. */
    boolean isWithin(int i, Bits allowed) {
        return (numbers[4 * i + 2] & ~allowed.high()) == 0 && (numbers[4 * i + 3] & ~allowed.low()) == 0;
    }

    /** The tests in the order of {@link Header}. */
    public List<Test> tests() {
        var tests = new ArrayList<Test>(headers.length);
        for (int i = 0; i < headers.length; i++) {
            tests.add(new Test(headers[i], value(i), mask(i)));
        }
        return tests;
    }

    /** The value tested for, where every bit of the header is tested. */
    public boolean requires(Header header, long value) {
        for (int i = 0; i < headers.length; i++) {
            if (headers[i] == header) {
                return mask(i).equals(header.mask()) && value(i).equals(Bits.of(value));
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Match match
                && hashCode() == match.hashCode()
                && Arrays.equals(headers, match.headers)
                && Arrays.equals(numbers, match.numbers);
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            int h = 1;
            for (var header : headers) {
                h = 31 * h + header.ordinal();
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

package org.dragonflow.packet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** A sequence of bytes as a value: it never changes, and equal contents are equal. The text form is hexadecimal. */
public final class Bytes {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of these bytes. */
    public static Bytes of(byte... content) {
        return content.length == 0 ? EMPTY : new Bytes(content.clone());
    }

    /** Reads pairs of hexadecimal digits; white space between them does not count. */
    public static Bytes hex(String digits) {
        return wrap(HexFormat.of().parseHex(digits.replaceAll("\\s", "")));
    }

    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** This many zeros. */
    public static Bytes zeros(int length) {
        return wrap(new byte[length]);
    }

    /** Takes the array over; the caller must not write to it any more. */
    static Bytes wrap(byte[] content) {
        return content.length == 0 ? EMPTY : new Bytes(content);
    }

    public int length() {
        return content.length;
    }

    public boolean isEmpty() {
        return content.length == 0;
    }

    /** The byte at this place, 0 to 255. */
    public int at(int index) {
        return content[index] & 0xff;
    }

    /** The bytes from {@code from}, inclusive, to {@code to}, exclusive. */
    public Bytes slice(int from, int to) {
        return from == 0 && to == content.length ? this : wrap(Arrays.copyOfRange(content, from, checked(to)));
    }

    private int checked(int end) {
        if (end > content.length) {
            throw new IndexOutOfBoundsException("%d is past the end of %d bytes".formatted(end, content.length));
        }
        return end;
    }

    /** The first bytes, at most this many. */
    public Bytes head(int atMost) {
        return slice(0, Math.min(atMost, content.length));
    }

    public Bytes plus(Bytes tail) {
        var all = Arrays.copyOf(content, content.length + tail.content.length);
        System.arraycopy(tail.content, 0, all, content.length, tail.content.length);
        return wrap(all);
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
        return content.clone();
    }

    String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    Reader reader() {
        return readerAt(0);
    }

    Reader readerAt(int start) {
        return new Reader(content, start, content.length);
    }

    void writeTo(Writer writer) {
        writer.raw(content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(content);
    }
}

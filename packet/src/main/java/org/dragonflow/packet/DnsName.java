package org.dragonflow.packet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A domain name (RFC 1035, section 3.1), with the case that it was written in.
 *
 * @param labels from the host upwards; none for the root
 */
public record DnsName(List<Bytes> labels) {
    public static final DnsName ROOT = new DnsName(List.of());

    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 255;
    private static final int POINTER = 0xc0;
    // One for each label of the longest name; more go in a circle, or try to keep us busy.
    private static final int MOST_JUMPS = 127;

    public DnsName {
        labels = List.copyOf(labels);
        int length = 1;
        for (var label : labels) {
            if (label.isEmpty() || label.length() > LONGEST_LABEL) {
                throw new IllegalArgumentException("a label has 1 to 63 bytes: " + label);
            }
            length += 1 + label.length();
        }
        if (length > LONGEST_NAME) {
            throw new IllegalArgumentException("a domain name has 255 bytes at most: %d".formatted(length));
        }
    }

    /** The name in words between dots; one at the end changes nothing. */
    public static DnsName of(String text) {
        var words = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return words.isEmpty()
                ? ROOT
                : new DnsName(List.of(words.split("\\.", -1)).stream()
                        .map(Bytes::utf8)
                        .toList());
    }

    /** As DNS compares names: in lower case, between dots, without one at the end. A label with a dot in it is like no name in words. */
    public String key() {
        var key = new StringBuilder();
        for (var label : labels) {
            var text = new String(label.toArray(), StandardCharsets.ISO_8859_1);
            key.append(key.isEmpty() ? "" : ".").append(text.replace(".", "\\."));
        }
        return key.toString().toLowerCase(Locale.ROOT);
    }

    static DnsName read(Bytes message, Reader reader) throws Malformed {
        var labels = new ArrayList<Bytes>();
        var at = reader;
        int jumps = 0;
        int total = 1;
        for (int length = at.u8(); length != 0; length = at.u8()) {
            if (length >= POINTER) {
                int target = (length & ~POINTER) << 8 | at.u8();
                if (target >= at.position() - 2 || ++jumps > MOST_JUMPS) {
                    throw new Malformed("does not point back to a name");
                }
                at = message.readerAt(target);
            } else {
                total += 1 + length;
                if (length > LONGEST_LABEL || total > LONGEST_NAME) {
                    throw new Malformed("has a name that is too long");
                }
                labels.add(at.bytes(length));
            }
        }
        return new DnsName(labels);
    }

    void write(Writer writer) {
        labels.forEach(label -> writer.u8(label.length()).bytes(label));
        writer.u8(0);
    }

    @Override
    public String toString() {
        return key() + ".";
    }
}

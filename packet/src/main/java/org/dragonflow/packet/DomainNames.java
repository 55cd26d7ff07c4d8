package org.dragonflow.packet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A list of domain names in the encoding of DNS (RFC 1035, section 3.1 and 4.1.4), as DHCP options hold it. */
final class DomainNames {
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_TEXT = LONGEST_NAME - 2;
    private static final int POINTER = 0xc0;
    // One for each label of the longest name; more go in a circle, or try to keep us busy.
    private static final int MOST_JUMPS = 127;

    private DomainNames() {}

    static Bytes write(List<String> names) {
        var writer = new Writer();
        names.forEach(name -> write(name, writer));
        return writer.toBytes();
    }

    private static void write(String name, Writer writer) {
        int start = writer.position();
        for (var label : (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).split("\\.", -1)) {
            var bytes = label.getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0 || bytes.length > LONGEST_LABEL) {
                throw new IllegalArgumentException("'%s' is not a domain name".formatted(name));
            }
            writer.u8(bytes.length).raw(bytes);
        }
        writer.u8(0);
        if (writer.position() - start > LONGEST_NAME) {
            throw new IllegalArgumentException("'%s' is too long for a domain name".formatted(name));
        }
    }

    /** None if one is malformed. A pointer leads back to a name, or the rest of one, in the same bytes. */
    static List<String> read(Bytes list) {
        var names = new ArrayList<String>();
        var reader = list.reader();
        try {
            while (reader.hasMore()) {
                names.add(readName(list, reader));
            }
            return List.copyOf(names);
        } catch (Malformed _) {
            return List.of();
        }
    }

    /** Whether the text is a name that is written and read as the same text; one with a dot at its end is not. */
    static boolean isPlain(String text) {
        return text.length() <= LONGEST_TEXT && text.matches("[-_0-9A-Za-z]{1,63}(\\.[-_0-9A-Za-z]{1,63})*");
    }

    /** Names without pointers, up to an empty one; none if one is not plain. */
    static List<String> readPadded(Bytes list) {
        var names = read(list).stream().takeWhile(name -> !name.isEmpty()).toList();
        return names.stream().allMatch(DomainNames::isPlain) ? names : List.of();
    }

    private static String readName(Bytes list, Reader reader) throws Malformed {
        var name = new StringBuilder();
        var labels = reader;
        int jumps = 0;
        int length = labels.u8();
        while (length != 0) {
            if (length >= POINTER) {
                int target = (length & ~POINTER) << 8 | labels.u8();
                if (target >= labels.position() - 2 || ++jumps > MOST_JUMPS) {
                    throw new Malformed("does not point back to a name");
                }
                labels = list.readerAt(target);
            } else {
                append(name, length, labels);
            }
            length = labels.u8();
        }
        return name.toString();
    }

    private static void append(StringBuilder name, int length, Reader labels) throws Malformed {
        if (length > LONGEST_LABEL || name.length() + length >= LONGEST_NAME) {
            throw new Malformed("has a label that is too long");
        }
        name.append(name.isEmpty() ? "" : ".").append(labels.bytes(length).text());
    }
}

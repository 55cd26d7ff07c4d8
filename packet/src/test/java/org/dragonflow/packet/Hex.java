package org.dragonflow.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;

/** Hexadecimal with remarks: what follows a # on a line does not count. */
final class Hex {
    private Hex() {}

    static byte[] bytes(String annotated) {
        return value(annotated).toArray();
    }

    static Bytes value(String annotated) {
        return Bytes.hex(
                annotated.lines().map(line -> line.replaceFirst("#.*", "")).collect(Collectors.joining()));
    }

    /** Holds a frame to its bytes, both ways, and to having no fault. */
    static void assertSame(String annotated, Ethernet frame) {
        assertThat(Bytes.of(frame.encode())).isEqualTo(value(annotated));
        assertThat(Ethernet.decode(bytes(annotated))).isEqualTo(new Decoded.Ok<>(frame));
    }
}

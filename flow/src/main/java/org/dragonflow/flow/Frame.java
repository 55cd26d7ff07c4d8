package org.dragonflow.flow;

import java.util.Arrays;
import java.util.HexFormat;

/** An Ethernet frame as a switch hands it over: bytes that do not change, equal by content. */
public final class Frame {
    private final byte[] bytes;

    private Frame(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Frame of(byte[] bytes) {
        return new Frame(bytes.clone());
    }

    public static Frame ofHex(String hex) {
        return new Frame(HexFormat.of().parseHex(hex));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public int length() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Frame frame && Arrays.equals(bytes, frame.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** In hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}

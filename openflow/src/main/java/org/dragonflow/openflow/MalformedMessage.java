package org.dragonflow.openflow;

/** Bytes that cannot be an OpenFlow message; the only exception that decoding throws. */
public final class MalformedMessage extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedMessage(String problem) {
        super(problem);
    }
}

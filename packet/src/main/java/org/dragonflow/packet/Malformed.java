package org.dragonflow.packet;

/** Says that bytes are not what they should be; never leaves this package. */
final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String reason) {
        super(reason, null, false, false);
    }
}

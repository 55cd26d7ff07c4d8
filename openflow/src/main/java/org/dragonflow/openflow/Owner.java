package org.dragonflow.openflow;

/**
 * Whose entries a connection sees and changes: those whose cookie has this tag in its top 16 bits.
 *
 * @param tag 1 to 0xffff
 */
public record Owner(int tag) {
    static final long MASK = 0xffffL << 48;

    public Owner {
        if (tag < 1 || tag > 0xffff) {
            throw new IllegalArgumentException("an owner's tag has 16 bits and is not 0: " + tag);
        }
    }

    boolean owns(long cookie) {
        return (cookie & MASK) == cookie();
    }

    /** The cookie with this tag, and nothing else in it. */
    public long cookie() {
        return (long) tag << 48;
    }
}
